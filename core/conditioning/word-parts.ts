/** The parts of a written word that can be painted again by themselves, as outlines for a page to show. */
import type { BlockLabels } from '../composition/labels.ts'
import type { Glyph, StrokeLabels, WordPart, WordParts } from '../glyph/types.ts'
import { contours, simplified } from '../raster/contours.ts'
import { blank } from '../raster/raster.ts'
import { GlyphFeatures } from './glyph-features.ts'

/** How far a part's outline may lie from its pixels' edge, pixels: less than an eye sees. */
const TOLERANCE = 0.6

/**
 * Strokes as repaintArea() counts them, so that a place names the same ink in both. Labelled in full quality: how many parts
 * of a letter are found depends on the size on which it is drawn.
 * @param glyph the written word or composition at the picture's size
 */
export async function wordParts(glyph: Glyph): Promise<WordParts> {
  const features = new GlyphFeatures(glyph)
  const labels = await features.labels()
  const boxes = boxesOf(labels)
  const strokes = wordStrokes(labels).flatMap((label, at): WordPart[] => {
    const box = boxes[label - 1]
    if (!box) return []
    const { type, radical } = labels.strokes[label - 1]
    return [{ place: at + 1, type, radical, path: pathOf(labels, label, box) }]
  })
  return { basis: labels.basis, strokes }
}

/** Labels of the words' strokes in writing order. A motif or drawing has labels too; it is chosen as a block. */
export function wordStrokes(labels: StrokeLabels | BlockLabels): number[] {
  const isWord = (k: number) => !('origins' in labels) || labels.origins[k].character !== null
  return labels.strokes.flatMap((_, k) => (isWord(k) ? [k + 1] : []))
}

/** First and last column and row of a label. */
type Span = [x0: number, y0: number, x1: number, y1: number]

function boxesOf({ labels, strokes, width, height }: StrokeLabels): (Span | null)[] {
  const boxes: (Span | null)[] = strokes.map(() => null)
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++, i++) {
      if (labels[i] === 0) continue
      const box = (boxes[labels[i] - 1] ??= [x, y, x, y])
      box[0] = Math.min(box[0], x)
      box[2] = Math.max(box[2], x)
      box[3] = y
    }
  return boxes
}

/** SVG path data of one label's pixels, canvas pixels. */
function pathOf({ labels, width }: StrokeLabels, label: number, [x0, y0, x1, y1]: Span): string {
  const alone = blank(x1 - x0 + 1, y1 - y0 + 1, 1)
  for (let y = y0, o = 0; y <= y1; y++)
    for (let x = x0; x <= x1; x++, o++) if (labels[y * width + x] === label) alone.data[o] = 255
  return contours(alone)
    .map(contour => {
      const points = simplified(contour, TOLERANCE)
      const pairs = Array.from({ length: points.length / 2 }, (_, i) => [points[2 * i] + x0, points[2 * i + 1] + y0])
      return `M${pairs.map(pair => pair.map(v => Number(v.toFixed(1))).join(' ')).join('L')}Z`
    })
    .join('')
}
