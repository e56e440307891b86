/** A line drawing as a shape: all that its lines enclose, and the details that stand free within it cut out. */
import { LRUCache } from 'lru-cache'
import { rasterise } from '../glyph/draw.ts'
import { type Outline, toPathData } from '../glyph/outline.ts'
import { label } from '../raster/components.ts'
import { contours, simplified } from '../raster/contours.ts'
import { blank, type Gray } from '../raster/raster.ts'
import { framed } from './place.ts'

/** Longer side of the drawing on which the shape is found, pixels, and the paper around it. */
const SIDE = 1000
const EDGE = 12
/** Details of fewer pixels are specks. */
const SMALLEST = 150
/** How far the shape's edge may lie from the drawing's, pixels of it. */
const TOLERANCE = 0.25

const known = new LRUCache<string, Outline>({ max: 200 })

/**
 * Found on a drawing, not among the outline's contours: a font's contours overlap, and lines that cross enclose what no contour
 * does.
 */
export async function filledForm(outline: Outline): Promise<Outline> {
  const frame = framed([outline])
  if (!frame) return []
  const path = toPathData(frame.pieces[0], 6)
  const found = known.get(path)
  if (found) return found
  const { x0, y0, x1, y1 } = frame.box
  const [width, height] = [x1 - x0, y1 - y0].map(side => Math.max(1, Math.ceil(side * SIDE)) + 2 * EDGE)
  const origin = { x: x0 - EDGE / SIDE, y: y0 - EDGE / SIDE, scale: SIDE }
  const shape = filled(await rasterise([path], width, height, origin))
  const made = contours(shape).flatMap((contour): Outline => {
    const line = simplified(contour, TOLERANCE)
    const points = line.map((v, i) => v / SIDE + (i % 2 ? origin.y : origin.x))
    return Array.from({ length: points.length / 2 + 1 }, (_, i) =>
      i === points.length / 2
        ? { op: 'Z', points: [] }
        : { op: i === 0 ? 'M' : 'L', points: [points[2 * i], points[2 * i + 1]] },
    )
  })
  known.set(path, made)
  return made
}

/** Ink, and all paper that it cuts off from the border; free details within that paper become holes. */
function filled(drawing: Gray): Gray {
  const { width, height, data } = drawing
  const paper = label({ ...drawing, data: data.map(v => (v > 127 ? 0 : 255)) }, 4)
  const outside = paper.labels[0]
  const out = blank(width, height, 1)
  for (let i = 0; i < data.length; i++) out.data[i] = paper.labels[i] === outside ? data[i] : 255
  const ink = label({ ...drawing, data: data.map(v => (v > 127 ? 255 : 0)) }, 8)
  const area = new Uint32Array(ink.count + 1)
  const free = new Uint8Array(ink.count + 1).fill(1)
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++, i++) {
      const own = ink.labels[i]
      if (own === 0) continue
      area[own]++
      const near = [i - 1, i + 1, i - width, i + width]
      if (near.some(at => paper.labels[at] === outside && data[at] <= 127)) free[own] = 0
    }
  for (let y = 1; y < height - 1; y++)
    for (let x = 1; x < width - 1; x++) {
      const i = y * width + x
      // The pixels around a detail are grey where its edge is.
      const detail = [i, i - 1, i + 1, i - width, i + width].map(at => ink.labels[at]).find(own => own > 0)
      if (detail && free[detail] && area[detail] >= SMALLEST) out.data[i] = 255 - data[i]
    }
  return out
}
