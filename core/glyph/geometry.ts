import { squaredDistance } from '../raster/distance.ts'
import { lengthOf, type Point, resample, smooth } from '../raster/polyline.ts'
import { thinZhangSuen } from '../raster/skeleton.ts'
import { traceSkeleton } from '../raster/trace.ts'
import type { InkBox } from './pose.ts'
import type { StrokeType } from './types.ts'

/** A part of the ink that is one pen movement by its looks: its spine, pixels of the box. */
export interface Part {
  spine: Point[]
  type: StrokeType
}

/** Branches go on through a crossing where they turn by less than this, degrees. */
const STRAIGHT_ON = 40
/** A line is parted where it turns by more than this within one pen width, degrees. */
const CORNER = 55
/** A line whose ends are this near, as a share of its length, is straight. */
const STRAIGHT = 0.93
const DEGREES = 180 / Math.PI

const distance = (a: Point, b: Point) => Math.hypot(a[0] - b[0], a[1] - b[1])
const angle = (a: Point, b: Point) => Math.atan2(b[1] - a[1], b[0] - a[0]) * DEGREES
/** Between two headings, 0..180. */
const between = (a: number, b: number) => Math.abs(((((a - b + 180) % 360) + 360) % 360) - 180)

/** The way out of a line at its end, looking back over `span` points. */
function exit(line: readonly Point[], atEnd: boolean, span: number): number {
  const last = line.length - 1
  const reach = Math.min(span, last)
  return atEnd ? angle(line[last - reach], line[last]) : angle(line[reach], line[0])
}

const ends = (line: readonly Point[]) => [line[0], line[line.length - 1]]

/** Drops what thinning leaves of corners and serifs: short branches with one free end. */
function prune(lines: Point[][], halfWidth: (p: Point) => number): Point[][] {
  const near = (p: Point, line: Point[]) => line.some(q => distance(p, q) <= 2.5)
  return lines.filter((line, i) => {
    const width = Math.max(...ends(line).map(halfWidth))
    if (lengthOf(line) > 1.3 * width) return true
    const touching = ends(line).filter(p => lines.some((other, j) => j !== i && near(p, other)))
    return touching.length === 0
  })
}

/** Joins branches that go straight on through a crossing, the straightest pair first. */
function join(lines: Point[][], span: number): Point[][] {
  const joined = lines.map(line => [...line])
  for (;;) {
    let best: { a: number; b: number; aEnd: boolean; bEnd: boolean; turn: number } | null = null
    for (let a = 0; a < joined.length; a++)
      for (let b = a + 1; b < joined.length; b++)
        for (const aEnd of [true, false])
          for (const bEnd of [true, false]) {
            if (joined[a].length < 2 || joined[b].length < 2) continue
            const gap = distance(ends(joined[a])[aEnd ? 1 : 0], ends(joined[b])[bEnd ? 1 : 0])
            if (gap > span) continue
            const turn = between(exit(joined[a], aEnd, 2 * span), exit(joined[b], bEnd, 2 * span) + 180)
            if (turn < STRAIGHT_ON && (!best || turn < best.turn)) best = { a, b, aEnd, bEnd, turn }
          }
    if (!best) return joined
    const first = best.aEnd ? joined[best.a] : joined[best.a].toReversed()
    const second = best.bEnd ? joined[best.b].toReversed() : joined[best.b]
    joined[best.a] = [...first, ...second]
    joined.splice(best.b, 1)
  }
}

/** Parts a line at its corners. */
function split(line: Point[], span: number): Point[][] {
  const even = resample(line, 1)
  let sharpest = CORNER
  let corner = -1
  for (let i = span; i < even.length - span; i++) {
    const turn = between(angle(even[i - span], even[i]), angle(even[i], even[i + span]))
    if (turn > sharpest) [sharpest, corner] = [turn, i]
  }
  if (corner < 0) return [even]
  return [...split(even.slice(0, corner + 1), span), ...split(even.slice(corner), span)]
}

/** Class by direction alone: four for straight lines, dots, and other for curves and rings. */
function typeOfDirection(line: readonly Point[], halfWidth: number): StrokeType {
  const length = lengthOf(line)
  if (length < 1.5 * halfWidth) return 'dian'
  const [a, b] = ends(line)
  if (distance(a, b) < STRAIGHT * length) return 'other'
  const tilt = (angle(a, b) + 180) % 180
  if (tilt < 22.5 || tilt >= 157.5) return 'heng'
  if (tilt < 67.5) return 'na'
  return tilt < 112.5 ? 'shu' : 'pie'
}

/**
 * Parts of ink whose strokes nobody has recorded: branches of its skeleton, joined where they go straight on through a
 * crossing and parted at corners, with their direction's class. In no order of writing.
 */
export function partsOfInk({ data, width, height }: InkBox): Part[] {
  const mask = { width, height, channels: 1 as const, data }
  const d2 = squaredDistance(mask)
  const halfWidth = ([x, y]: Point) => Math.sqrt(d2[Math.round(y) * width + Math.round(x)])
  const lines = traceSkeleton(thinZhangSuen(mask)).map(line => line.map(([x, y]): Point => [x, y]))
  const widths = lines.flat().map(halfWidth)
  const pen = widths.reduce((sum, v) => sum + v, 0) / Math.max(1, widths.length)
  const span = Math.max(2, Math.round(pen))
  return join(prune(lines, halfWidth), span)
    .map(line => smooth(line, 2))
    .flatMap(line => split(line, 2 * span))
    .map(spine => ({ spine, type: typeOfDirection(spine, pen) }))
}
