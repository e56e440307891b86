/** The line of memory over the last hour. */

/** An hour of samples, one each five seconds: core/host/statistics.ts. */
export const WIDTH = 720
export const HEIGHT = 100

/** Bytes of the studio and its inference processes together, the newest last. */
interface Sample {
  host: number
  inference: number | null
}

/** @returns points of a polyline that ends at the right edge, "x,y x,y …", and the bytes at its top; null for less than a line */
export function curveOf(samples: readonly Sample[]): { points: string; most: number } | null {
  const totals = samples.map(({ host, inference }) => host + (inference ?? 0))
  if (totals.length < 2) return null
  const most = Math.max(...totals, 1)
  const points = totals.map((total, i) => {
    const x = WIDTH - totals.length + 1 + i
    return `${x},${(HEIGHT - (HEIGHT - 2) * (total / most)).toFixed(1)}`
  })
  return { points: points.join(' '), most }
}
