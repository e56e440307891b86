/** Two things measured in turns (A B, B A, …), so that what else the machine does meets both alike; and what may be concluded. */

export interface Comparison {
  /** Medians. */
  a: number
  b: number
  /** Of each: (largest − smallest) / median. */
  spread: [a: number, b: number]
  /** b / a of each round. */
  ratios: number[]
  /** Median of the ratios. */
  ratio: number
  verdict: 'A is less' | 'B is less' | 'no difference beyond the noise'
}

/** Rounds below this leave chance more than one in sixteen: no verdict. */
export const LEAST_ROUNDS = 5

/** Calls body for both in every round, each time in the other order. Both lists have one entry a round. */
export async function inTurns<T>(
  rounds: number,
  body: (which: 0 | 1, round: number) => Promise<T>,
): Promise<[T[], T[]]> {
  const results: [T[], T[]] = [[], []]
  for (let round = 0; round < rounds; round++)
    for (const which of round % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const))
      results[which].push(await body(which, round))
  return results
}

/**
 * A verdict only where every round says the same (a sign test: one chance in 2^(rounds − 1)) and the medians differ by
 * more than `least`.
 * @param a and b: seconds, one a round
 */
export function compare(a: readonly number[], b: readonly number[], least = 0.01): Comparison {
  const ratios = a.map((value, i) => b[i] / value)
  const ratio = median(ratios)
  const decided = ratios.length >= LEAST_ROUNDS && Math.abs(ratio - 1) > least
  const verdict =
    decided && ratios.every(each => each > 1)
      ? 'A is less'
      : decided && ratios.every(each => each < 1)
        ? 'B is less'
        : 'no difference beyond the noise'
  return { a: median(a), b: median(b), spread: [spreadOf(a), spreadOf(b)], ratios, ratio, verdict }
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((x, y) => x - y)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

const spreadOf = (values: readonly number[]) => (Math.max(...values) - Math.min(...values)) / median(values)

/** One line: what was measured, both medians with their spread, the ratio with its range, the verdict. */
export function line(what: string, { a, b, spread, ratios, ratio, verdict }: Comparison, unit = 's'): string {
  const value = (middle: number, around: number) => `${middle.toFixed(3)} ${unit} ±${Math.round(around * 50)} %`
  const range = `${Math.min(...ratios).toFixed(3)}–${Math.max(...ratios).toFixed(3)}`
  return `${what.padEnd(28)} A ${value(a, spread[0])}, B ${value(b, spread[1])}, B/A ${ratio.toFixed(3)} (${range}): ${verdict}`
}
