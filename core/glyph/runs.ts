/** Directions in which runs are measured: these steps and their opposites, about every 22.5°. */
const STEPS: [number, number][] = [
  [1, 0],
  [2, 1],
  [1, 1],
  [1, 2],
  [0, 1],
  [-1, 2],
  [-1, 1],
  [-2, 1],
]
export const DIRECTIONS = STEPS.length

/** Index of the run direction nearest to a tangent. */
export function directionOf(dx: number, dy: number): number {
  let best = 0
  let most = -1
  for (const [i, [x, y]] of STEPS.entries()) {
    const along = Math.abs(x * dx + y * dy) / Math.hypot(x, y)
    if (along > most) [most, best] = [along, i]
  }
  return best
}

/**
 * For every ink pixel and direction: how far the ink runs there through the pixel, as a share of its longest run. At a
 * crossing several directions are near 1; inside a stroke only its own is.
 * @param ink (height, width), nonzero = ink
 * @returns (height, width, DIRECTIONS), 0..1
 */
export function runShares(ink: Uint8Array, width: number, height: number): Float32Array {
  const shares = new Float32Array(width * height * DIRECTIONS)
  const forward = new Uint16Array(width * height)
  for (const [d, [sx, sy]] of STEPS.entries()) {
    const step = Math.hypot(sx, sy)
    // Every step goes down, or right on the same row: reading rows upwards meets each pixel's successor first.
    forward.fill(0)
    for (let y = height - 1; y >= 0; y--)
      for (let i = 0; i < width; i++) {
        const x = sy === 0 ? width - 1 - i : i
        if (!ink[y * width + x]) continue
        const [nx, ny] = [x + sx, y + sy]
        const next = nx >= 0 && nx < width && ny < height ? forward[ny * width + nx] : 0
        forward[y * width + x] = next + 1
      }
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const at = y * width + x
        if (!ink[at]) continue
        const [px, py] = [x - sx, y - sy]
        const inside = px >= 0 && px < width && py >= 0 && ink[py * width + px]
        // A run's length is known at its first pixel; the others take it over from the pixel before.
        shares[at * DIRECTIONS + d] = inside ? shares[(py * width + px) * DIRECTIONS + d] : forward[at] * step
      }
  }
  for (let at = 0; at < width * height; at++) {
    if (!ink[at]) continue
    let longest = 0
    for (let d = 0; d < DIRECTIONS; d++) longest = Math.max(longest, shares[at * DIRECTIONS + d])
    for (let d = 0; d < DIRECTIONS; d++) shares[at * DIRECTIONS + d] /= longest
  }
  return shares
}
