import type { Point } from './polyline.ts'
import type { Gray } from './raster.ts'

/** The four straight neighbours before the diagonal ones, so that a staircase is followed pixel by pixel. */
const NEIGHBOURS: readonly (readonly [number, number])[] = [
  [1, 0],
  [0, 1],
  [-1, 0],
  [0, -1],
  [1, 1],
  [-1, 1],
  [-1, -1],
  [1, -1],
]

/**
 * A one-pixel skeleton as lines: one for each branch between ends and crossings, and for each closed ring. Lines meet in
 * the crossings; every skeleton pixel is on some line; a lone pixel is a line of one point.
 * @param skeleton (height, width), not 0 = line
 */
export function traceSkeleton(skeleton: Gray): Point[][] {
  const { width, height, data } = skeleton
  const at = (x: number, y: number) => x >= 0 && y >= 0 && x < width && y < height && data[y * width + x] !== 0
  const index = ([x, y]: Point) => y * width + x
  const ink: Point[] = []
  for (let y = 0, o = 0; y < height; y++) for (let x = 0; x < width; x++, o++) if (data[o]) ink.push([x, y])
  const branches = new Uint8Array(data.length)
  for (const [x, y] of ink) branches[y * width + x] = crossings(at, x, y)

  const around = ([x, y]: Point) =>
    NEIGHBOURS.flatMap(([dx, dy]): Point[] => (at(x + dx, y + dy) ? [[x + dx, y + dy]] : []))
  const isCrossing = (point: Point) => branches[index(point)] > 2
  const crossingAt = (point: Point) => around(point).find(isCrossing)
  const taken = new Uint8Array(data.length)
  const take = (point: Point) => {
    taken[index(point)] = 1
    return point
  }

  const follow = (start: Point): Point[] => {
    const from = crossingAt(start)
    const line = from ? [take(from), take(start)] : [take(start)]
    let here = start
    for (;;) {
      // The first step leads away from the crossing: the first pixels of two branches may touch.
      const leaving = here === start ? from : undefined
      const next = around(here).find(
        point => !taken[index(point)] && !isCrossing(point) && !(leaving && touches(point, leaving)),
      )
      if (!next) break
      line.push(take(next))
      here = next
      const into = crossingAt(here)
      if (!into) continue
      line.push(take(into))
      break
    }
    return line
  }
  const lines: Point[][] = []
  const collect = (wanted: (point: Point) => boolean) => {
    for (const point of ink) if (!taken[index(point)] && !isCrossing(point) && wanted(point)) lines.push(follow(point))
  }
  collect(point => branches[index(point)] < 2)
  collect(point => crossingAt(point) !== undefined)
  // What is left are rings.
  const open = lines.length
  collect(() => true)
  for (const ring of lines.slice(open)) ring.push(ring[0])
  for (const point of ink.filter(isCrossing)) {
    const more = around(point).filter(other => isCrossing(other) && index(other) > index(point))
    for (const other of more) lines.push([take(point), take(other)])
    if (!taken[index(point)]) lines.push([take(point)])
  }
  return lines
}

const touches = (a: Point, b: Point) => Math.max(Math.abs(a[0] - b[0]), Math.abs(a[1] - b[1])) <= 1

/** How many branches leave a pixel: runs of ink around it. */
function crossings(at: (x: number, y: number) => boolean, x: number, y: number): number {
  const ring = [
    at(x, y - 1),
    at(x + 1, y - 1),
    at(x + 1, y),
    at(x + 1, y + 1),
    at(x, y + 1),
    at(x - 1, y + 1),
    at(x - 1, y),
    at(x - 1, y - 1),
  ]
  let runs = 0
  for (let k = 0; k < 8; k++) if (ring[k] && !ring[(k + 7) % 8]) runs++
  return ring.every(Boolean) ? 1 : runs
}
