/** Outlines of a grey picture: marching squares. */
import type { Gray } from './raster.ts'

/** A closed line, x, y, x, y …; pixel centres lie at halves. Ink is on its right hand, y down. */
export type Contour = number[]

/**
 * Where the grey passes through `level`, interpolated between pixel centres: an antialiased edge comes back to a fraction of a
 * pixel. The picture's border counts as 0.
 * Source: Lorensen and Cline, Marching Cubes, 1987, in two dimensions; saddles are parted.
 */
export function contours({ width, height, data }: Gray, level = 127.5): Contour[] {
  const at = (x: number, y: number) => (x < 0 || y < 0 || x >= width || y >= height ? 0 : data[y * width + x])
  const stride = width + 2
  /** A crossing is named by the left or upper of its two pixels, and by its direction. */
  const name = (x: number, y: number, down: boolean) => 2 * ((y + 1) * stride + x + 1) + (down ? 1 : 0)
  const next = new Map<number, number>()
  for (let y = -1; y < height; y++)
    for (let x = -1; x < width; x++) {
      const [a, b, c, d] = [at(x, y), at(x + 1, y), at(x + 1, y + 1), at(x, y + 1)].map(v => v > level)
      if (a === b && b === c && c === d) continue
      const [top, right, bottom, left] = [
        name(x, y, false),
        name(x + 1, y, true),
        name(x, y + 1, false),
        name(x, y, true),
      ]
      // From the crossing where the way round the cell leaves ink to the one where it entered it: each piece of ink alone.
      if (a && c && !b && !d) {
        next.set(top, left)
        next.set(bottom, right)
      } else if (b && d && !a && !c) {
        next.set(right, top)
        next.set(left, bottom)
      } else {
        const edges = [
          [a, b, top],
          [b, c, right],
          [c, d, bottom],
          [d, a, left],
        ] as const
        const enter = edges.find(([from, to]) => !from && to)![2]
        const leave = edges.find(([from, to]) => from && !to)![2]
        next.set(leave, enter)
      }
    }
  const point = (crossing: number): [number, number] => {
    const down = crossing % 2
    const cell = (crossing - down) / 2
    const [x, y] = [(cell % stride) - 1, Math.floor(cell / stride) - 1]
    const [from, to] = [at(x, y), at(x + 1 - down, y + down)]
    const t = (level - from) / (to - from)
    return [x + 0.5 + (down ? 0 : t), y + 0.5 + (down ? t : 0)]
  }
  const found: Contour[] = []
  for (const start of next.keys()) {
    const contour: Contour = []
    let crossing: number | undefined = start
    while (crossing !== undefined && next.has(crossing)) {
      contour.push(...point(crossing))
      const following: number = next.get(crossing)!
      next.delete(crossing)
      crossing = following
    }
    if (contour.length >= 6) found.push(contour)
  }
  return found
}

/**
 * The closed line with fewer points, none of those left out farther than `tolerance` from it.
 * Source: Douglas and Peucker 1973.
 */
export function simplified(contour: Contour, tolerance: number): Contour {
  const n = contour.length / 2
  if (n < 4) return contour
  const keep = new Uint8Array(n)
  keep[0] = 1
  const half = n >> 1
  keep[half] = 1
  const stack: [number, number][] = [
    [0, half],
    [half, n],
  ]
  const p = (i: number) => [contour[2 * (i % n)], contour[2 * (i % n) + 1]]
  for (let range = stack.pop(); range; range = stack.pop()) {
    const [from, to] = range
    const [[ax, ay], [bx, by]] = [p(from), p(to)]
    const length = Math.hypot(bx - ax, by - ay) || 1e-9
    let [farthest, most] = [-1, tolerance]
    for (let i = from + 1; i < to; i++) {
      const [x, y] = p(i)
      const away = Math.abs((bx - ax) * (ay - y) - (ax - x) * (by - ay)) / length
      if (away > most) [farthest, most] = [i, away]
    }
    if (farthest < 0) continue
    keep[farthest] = 1
    stack.push([from, farthest], [farthest, to])
  }
  return contour.filter((_, i) => keep[i >> 1])
}
