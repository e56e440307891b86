import type { Gray } from '../raster/raster.ts'
import { labelInk } from './assign.ts'
import { rasterise } from './draw.ts'
import { partsOfInk } from './geometry.ts'
import { inkBoxOf, shrink } from './ink-box.ts'
import { maskOf } from './mask.ts'
import { flatten } from './polygon.ts'
import { type InkBox, identity, inkOfTemplate, type Pose, posed } from './pose.ts'
import { keepOwnPieces, spread } from './regions.ts'
import { fitStrokes } from './snap.ts'
import { type TemplateStroke, templateOf } from './stroke-template.ts'
import { strokesOf } from './strokes.ts'
import type { Box, Glyph, Stroke, StrokeLabels } from './types.ts'

/** Longer side of the ink on which poses are fitted, and on which the result is drawn, pixels. */
const FIT_SIDE = 128
const LABEL_SIDE = 320

/** Labels of one character's ink at LABEL_SIDE, and its strokes in shares of the ink box. */
export interface Labelled {
  basis: StrokeLabels['basis']
  width: number
  height: number
  /** Beyond the ink's edge too, so that no pixel of the full-size ink falls beside it. */
  labels: Uint16Array
  strokes: Stroke[]
}

const pairs = (flat: Float64Array) =>
  Array.from({ length: flat.length / 2 }, (_, i): [number, number] => [flat[2 * i], flat[2 * i + 1]])

/** Labels the ink at its full working size, with the spines where they were fitted. */
function paint(ink: InkBox, template: TemplateStroke[], poses: Pose[]): Uint16Array {
  const { data, width, height } = ink
  const labels = labelInk(ink, template, poses)
  const spines = template.map(({ spine }, k) => posed(spine, poses[k], width, height))
  keepOwnPieces(labels, width, height, spines)
  spread(labels, width, height, data)
  spread(labels, width, height, null, 3)
  return labels
}

async function byStrokes(mask: Gray, box: Box, ink: InkBox, char: string): Promise<Labelled | null> {
  const known = await strokesOf(char)
  if (!known) return null
  const template = templateOf(known)
  const small = shrink(mask, box, FIT_SIDE)
  const poses = fitStrokes(small, template, inkOfTemplate(template, small.width, small.height))
  const strokes = known.strokes.map(({ type, radical }, k): Stroke => {
    return { type, radical, median: pairs(posed(template[k].spine, poses[k], 1, 1)) }
  })
  return { ...ink, basis: 'strokes', labels: paint(ink, template, poses), strokes }
}

function byGeometry(ink: InkBox): Labelled {
  const { width, height } = ink
  const parts = partsOfInk(ink)
  const template = parts.map(({ spine }): TemplateStroke => {
    return { spine: Float64Array.from(spine.flatMap(([x, y]) => [(x + 0.5) / width, (y + 0.5) / height])), outline: [] }
  })
  const labels = paint(ink, template, template.map(identity))
  const strokes = parts.map(({ type }, k): Stroke => ({ type, radical: false, median: pairs(template[k].spine) }))
  return { width, height, basis: 'geometry', labels, strokes }
}

async function labelBox(mask: Gray, box: Box, char: string | null): Promise<Labelled> {
  const ink = shrink(mask, box, LABEL_SIDE)
  return (char === null ? null : await byStrokes(mask, box, ink, char)) ?? byGeometry(ink)
}

/** A canvas on which labelled characters are laid. */
class LabelCanvas {
  readonly result: StrokeLabels
  #mask: Gray
  constructor(mask: Gray) {
    const { width, height } = mask
    this.#mask = mask
    this.result = { basis: 'geometry', width, height, labels: new Uint16Array(width * height), strokes: [] }
  }

  /** Carries labels onto the mask's ink in a box (which need not be whole pixels) that no one has labelled yet. */
  add({ basis, width, height, labels, strokes }: Labelled, box: Box): void {
    const { result } = this
    const before = result.strokes.length
    if (basis === 'strokes') result.basis = 'strokes'
    const x1 = Math.min(result.width, Math.ceil(box.x + box.width))
    const y1 = Math.min(result.height, Math.ceil(box.y + box.height))
    for (let y = Math.max(0, Math.floor(box.y)); y < y1; y++) {
      const row = Math.min(height - 1, Math.max(0, Math.floor(((y + 0.5 - box.y) / box.height) * height))) * width
      for (let x = Math.max(0, Math.floor(box.x)); x < x1; x++) {
        const at = y * result.width + x
        if (!this.#mask.data[at] || result.labels[at]) continue
        const column = Math.min(width - 1, Math.max(0, Math.floor(((x + 0.5 - box.x) / box.width) * width)))
        const own = labels[row + column]
        if (own) result.labels[at] = before + own
      }
    }
    for (const stroke of strokes)
      result.strokes.push({
        ...stroke,
        median: stroke.median.map(([u, v]) => [box.x + u * box.width, box.y + v * box.height]),
      })
  }

  /** No ink is left without a label where any has one. */
  close(): StrokeLabels {
    const { labels, width, height } = this.result
    const { data } = this.#mask
    if (labels.some((label, at) => label === 0 && data[at] !== 0)) spread(labels, width, height, data)
    return this.result
  }
}

/**
 * Which stroke each ink pixel of one character belongs to.
 * @param mask (height, width), not 0 = ink
 * @param char the character written there; null or one without stroke data gives basis "geometry"
 */
export async function labelStrokes(mask: Gray, char: string | null): Promise<StrokeLabels> {
  const canvas = new LabelCanvas(mask)
  const box = inkBoxOf(mask)
  if (box) canvas.add(await labelBox(mask, box, char), box)
  return canvas.close()
}

/** Bounds of SVG path data. */
function boundsOf(path: string): Box {
  const polygons = flatten(path)
  const along = (axis: number) => polygons.flatMap(polygon => polygon.filter((_, i) => i % 2 === axis))
  const [xs, ys] = [along(0), along(1)]
  const [x, y] = [Math.min(...xs), Math.min(...ys)]
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y }
}

/**
 * Which stroke each ink pixel of a written word belongs to: every character on its own, its strokes after those of the
 * characters before it. A picture of one's own is one piece of ink without a character.
 */
export async function labelGlyph(glyph: Glyph): Promise<StrokeLabels> {
  const mask = maskOf(glyph)
  if (glyph.characters.length === 0) return labelStrokes(mask, null)
  const canvas = new LabelCanvas(mask)
  for (const { char, path } of glyph.characters) {
    const alone = await labelAlone(path, char)
    if (alone) canvas.add(alone.labelled, alone.box)
  }
  return canvas.close()
}

/**
 * Which stroke each ink pixel of one outline belongs to, drawn alone: slanted neighbours reach into each other's boxes.
 * @param path SVG path data
 * @param most the outline is never drawn larger than it is; null where its units are no pixels
 * @param side longer side on which it is drawn, pixels
 * @returns labels and, in the path's units, the box that they fill; null where there is no ink
 */
export async function labelAlone(
  path: string,
  char: string | null,
  { most = 1, side = LABEL_SIDE }: { most?: number | null; side?: number } = {},
): Promise<{ labelled: Labelled; box: Box } | null> {
  const bounds = boundsOf(path)
  const scale = Math.min(most ?? Infinity, side / Math.max(bounds.width, bounds.height))
  const [width, height] = [bounds.width, bounds.height].map(v => Math.max(1, Math.round(v * scale)))
  const alone = maskOf({ coverage: await rasterise([path], width, height, { ...bounds, scale }) })
  const box = inkBoxOf(alone)
  if (!box) return null
  const onCanvas = { x: bounds.x + box.x / scale, y: bounds.y + box.y / scale }
  return {
    labelled: await labelBox(alone, box, char),
    box: { ...onCanvas, width: box.width / scale, height: box.height / scale },
  }
}
