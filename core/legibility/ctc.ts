/**
 * What a recogniser of text lines answers: for each of T narrow slices of the line, from left to right, a probability of
 * every character and of "blank", nothing new. Source: Graves et al. 2006, Connectionist Temporal Classification.
 */

/** (steps, classes), each row sums to 1. */
export interface Slices {
  steps: number
  classes: number
  data: Float32Array
}

/** Class 0 is blank. */
const BLANK = 0

export interface Greedy {
  /** Classes in reading order, without blanks and repetitions. */
  classes: number[]
  /** Mean probability of those classes, 0..1; 0 where nothing is read. */
  confidence: number
}

/** The likeliest class of each slice, with repetitions merged. */
export function greedy({ steps, classes, data }: Slices): Greedy {
  const read: number[] = []
  let sum = 0
  for (let t = 0, before = BLANK; t < steps; t++) {
    let best = 0
    for (let c = 1; c < classes; c++) if (data[t * classes + c] > data[t * classes + best]) best = c
    if (best !== BLANK && best !== before) {
      read.push(best)
      sum += data[t * classes + best]
    }
    before = best
  }
  return { classes: read, confidence: read.length ? sum / read.length : 0 }
}

/**
 * Probability that the line says `wanted`, over all ways in which its characters may lie on the slices (the forward
 * algorithm), as the mean of a character: the root of as many as there are. 0..1.
 * @param wanted for each character the classes that count as it (both cases of a letter)
 * @param ignored classes that count as blank (the space)
 */
export function likelihood(
  { steps, classes, data }: Slices,
  wanted: readonly (readonly number[])[],
  ignored: readonly number[],
): number {
  if (wanted.length === 0) return 0
  // States: blank, character 0, blank, character 1, … blank.
  const states = 2 * wanted.length + 1
  const blanks = [BLANK, ...ignored]
  const emitted = (t: number, state: number) => {
    const counted = state % 2 === 0 ? blanks : wanted[(state - 1) / 2]
    return counted.reduce((sum, c) => sum + data[t * classes + c], 0)
  }
  // Repeated characters need a blank between; the sets of two characters are the same or have nothing in common.
  const mayFollow = (state: number) =>
    state % 2 === 1 && state > 1 && wanted[(state - 1) / 2][0] !== wanted[(state - 3) / 2][0]
  let log = 0
  let now = new Float64Array(states)
  now[0] = 1
  for (let t = 0; t < steps; t++) {
    const next = new Float64Array(states)
    let total = 0
    for (let s = 0; s < states; s++) {
      const reached = t === 0 ? (s < 2 ? 1 : 0) : now[s] + (s > 0 ? now[s - 1] : 0) + (mayFollow(s) ? now[s - 2] : 0)
      next[s] = reached && reached * emitted(t, s)
      total += next[s]
    }
    if (total === 0) return 0
    // Kept near 1, as a product of many probabilities leaves the range of floats.
    for (let s = 0; s < states; s++) next[s] /= total
    log += Math.log(total)
    now = next
  }
  const end = now[states - 1] + now[states - 2]
  return end > 0 ? Math.exp((log + Math.log(end)) / wanted.length) : 0
}
