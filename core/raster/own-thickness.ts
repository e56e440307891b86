/**
 * The width of each stroke for itself. Local thickness (thickness.ts) is that of all ink: where strokes cross or touch, a disc
 * larger than either fits, and a ball seems to lie there. Here a stroke keeps the width that it has where nothing touches it.
 * The name is that of B. Epshtein, E. Ofek, Y. Wexler, Detecting text in natural scenes with stroke width transform (2010),
 * which follows edges of photographs; strokes are known here, and their widths are read along the skeleton.
 */

/** What is known of the ink; all (height, width). */
export interface StrokeInk {
  width: number
  height: number
  /** Squared distance to the paper, 0 on it. */
  d2: Int32Array
  /** Largest disc that covers each pixel, squared radius: localThickness(). */
  thickness: Int32Array
  /** 255 on it. */
  skeleton: Uint8Array
  /** 0 = paper, k = the k-th stroke. */
  labels: Uint16Array
}

interface Sample {
  x: number
  y: number
  radius: number
}

/** Directions in which other strokes are looked for, and how far, in radii. */
const LOOKS = Array.from({ length: 16 }, (_, i): [number, number] => [
  Math.cos((i * Math.PI) / 8),
  Math.sin((i * Math.PI) / 8),
])
const REACH = 0.95
/** A bend has a larger disc too: a radius above the median of its neighbourhood by this much is left out. */
const ABOVE = 1.05
/** Discs that are smaller than the stroke's larger ones by so much lie in a corner, or where it tapers, which local thickness sees. */
const BELOW = 0.85
/** Samples of a stroke: its width changes slowly. First those that are looked at, then those that are used. */
const [SEEN, SAMPLES] = [96, 24]

/** @returns squared radii as localThickness() gives them, at crossings those of the pixel's own stroke; 0 on paper */
export function ownThickness(ink: StrokeInk): Int32Array {
  const { width, labels, thickness } = ink
  const samples = samplesOf(ink)
  return thickness.map((value, i) => {
    const own = value > 0 ? samples.get(labels[i]) : undefined
    if (!own || value <= own.least) return value
    const x = i % width
    return Math.min(value, Math.round(radiusAt(own.samples, x, (i - x) / width) ** 2))
  })
}

interface Seen {
  samples: Sample[]
  /** Squared radius of the smallest of them. */
  least: number
}

/** Of each stroke, where its width can be seen. */
function samplesOf(ink: StrokeInk): Map<number, Seen> {
  const { width, d2, skeleton, labels } = ink
  const all = new Map<number, Sample[]>()
  const free = new Map<number, Sample[]>()
  const add = (to: Map<number, Sample[]>, label: number, sample: Sample) => {
    const list = to.get(label)
    if (list) list.push(sample)
    else to.set(label, [sample])
  }
  for (let i = 0; i < skeleton.length; i++) {
    const label = labels[i]
    if (!skeleton[i] || !label) continue
    const x = i % width
    const sample = { x, y: (i - x) / width, radius: Math.sqrt(d2[i]) }
    add(all, label, sample)
    if (!touches(ink, sample, label)) add(free, label, sample)
  }
  const out = new Map<number, Seen>()
  for (const [label, found] of all) {
    const seen = withoutSpurs(free.get(label) ?? [])
    // Nothing of it is free: the narrower part of what can be seen.
    const kept = seen.length > 0 ? withoutBends(thinned(seen, SEEN)) : narrowest(found)
    const samples = thinned(kept, SAMPLES)
    out.set(label, { samples, least: Math.min(...samples.map(({ radius }) => radius)) ** 2 })
  }
  return out
}

/** About so many of them, evenly. */
function thinned(samples: Sample[], count: number): Sample[] {
  const step = Math.max(1, Math.floor(samples.length / count))
  return samples.filter((_, k) => k % step === 0)
}

/** Whether another stroke reaches into the disc about a point of a stroke. */
function touches({ width, height, labels }: StrokeInk, { x, y, radius }: Sample, label: number): boolean {
  return LOOKS.some(([dx, dy]) => {
    const [column, row] = [Math.round(x + dx * radius * REACH), Math.round(y + dy * radius * REACH)]
    if (column < 0 || row < 0 || column >= width || row >= height) return false
    const there = labels[row * width + column]
    return there > 0 && there !== label
  })
}

/** @param part 0..1: 0.5 is the median */
const quantile = (samples: readonly Sample[], part: number): number =>
  samples.map(({ radius }) => radius).sort((a, b) => a - b)[Math.floor(part * (samples.length - 1))]

/** The skeleton runs into corners, where discs vanish: those say nothing of the stroke. */
function withoutSpurs(samples: readonly Sample[]): Sample[] {
  if (samples.length === 0) return []
  const least = BELOW * quantile(samples, 0.75)
  return samples.filter(({ radius }) => radius >= least)
}

function withoutBends(samples: readonly Sample[]): Sample[] {
  const kept = samples.filter(sample => {
    const near = samples.filter(({ x, y }) => (x - sample.x) ** 2 + (y - sample.y) ** 2 <= (4 * sample.radius) ** 2)
    return sample.radius <= ABOVE * quantile(near, 0.5)
  })
  return kept.length > 0 ? kept : [...samples]
}

function narrowest(samples: readonly Sample[]): Sample[] {
  const usual = quantile(samples, 0.5)
  return samples.filter(({ radius }) => radius <= usual && radius >= BELOW * usual)
}

/** The mean of what was seen, weighed by the fourth power of nearness. Source: D. Shepard, inverse distance weighting (1968). */
function radiusAt(samples: readonly Sample[], x: number, y: number): number {
  let [sum, weights] = [0, 0]
  for (const sample of samples) {
    const weight = 1 / ((sample.x - x) ** 2 + (sample.y - y) ** 2 + 1) ** 2
    sum += weight * sample.radius
    weights += weight
  }
  return weights > 0 ? sum / weights : Number.POSITIVE_INFINITY
}
