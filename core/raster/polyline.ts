import type { Gray } from './raster.ts'

/** Canvas pixels: [x, y]. */
export type Point = readonly [number, number]
export type Polyline = readonly Point[]

export function lengthOf(line: Polyline): number {
  let length = 0
  for (let i = 1; i < line.length; i++) length += Math.hypot(line[i][0] - line[i - 1][0], line[i][1] - line[i - 1][1])
  return length
}

/** Points at equal steps along the line, both ends kept; one point stays one point. */
export function resample(line: Polyline, step: number): Point[] {
  const length = lengthOf(line)
  const count = Math.max(1, Math.round(length / step))
  const out: Point[] = [line[0]]
  if (length === 0) return out
  let i = 1
  let before = 0
  for (let k = 1; k <= count; k++) {
    const target = (length * k) / count
    while (i < line.length - 1 && before + distance(line[i - 1], line[i]) < target)
      before += distance(line[i - 1], line[i++])
    const span = distance(line[i - 1], line[i])
    out.push(between(line[i - 1], line[i], span === 0 ? 1 : Math.min(1, (target - before) / span)))
  }
  return out
}

/** A moving average over ±reach points; the ends stay where they are. */
export function smooth(line: Polyline, reach: number): Point[] {
  return line.map((_, i) => {
    const r = Math.min(reach, i, line.length - 1 - i)
    let x = 0
    let y = 0
    for (let k = i - r; k <= i + r; k++) {
      x += line[k][0]
      y += line[k][1]
    }
    return [x / (2 * r + 1), y / (2 * r + 1)]
  })
}

/** The line extended straight on at both ends, by pixels. */
export function extend(line: Polyline, atStart: number, atEnd: number): Point[] {
  if (line.length < 2) return [...line]
  const reach = Math.min(4, line.length - 1)
  const last = line.length - 1
  return [beyond(line[reach], line[0], atStart), ...line, beyond(line[last - reach], line[last], atEnd)]
}

function beyond(from: Point, to: Point, by: number): Point {
  const span = distance(from, to)
  return span === 0 ? to : [to[0] + ((to[0] - from[0]) * by) / span, to[1] + ((to[1] - from[1]) * by) / span]
}

/** Unit normal at point i, to the left of the line's direction. */
export function normalAt(line: Polyline, i: number): Point {
  const a = line[Math.max(i - 1, 0)]
  const b = line[Math.min(i + 1, line.length - 1)]
  const span = distance(a, b)
  return span === 0 ? [0, 0] : [(a[1] - b[1]) / span, (b[0] - a[0]) / span]
}

const distance = (a: Point, b: Point) => Math.hypot(b[0] - a[0], b[1] - a[1])
const between = (a: Point, b: Point, t: number): Point => [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t]

/** Sets every pixel whose centre lies within the radius of (x, y) to 255; at least the pixel under the point. */
export function stampDisc(image: Gray, x: number, y: number, radius: number): void {
  const { width, height, data } = image
  const top = Math.max(0, Math.ceil(y - radius))
  const bottom = Math.min(height - 1, Math.floor(y + radius))
  for (let row = top; row <= bottom; row++) {
    const half = Math.sqrt(Math.max(0, radius * radius - (row - y) ** 2))
    const left = Math.max(0, Math.ceil(x - half))
    const right = Math.min(width - 1, Math.floor(x + half))
    if (left <= right) data.fill(255, row * width + left, row * width + right + 1)
  }
  const px = Math.round(x)
  const py = Math.round(y)
  if (px >= 0 && py >= 0 && px < width && py < height) data[py * width + px] = 255
}
