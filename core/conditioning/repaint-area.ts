/** The area of a picture that is painted again, as a mask with soft edges. */
import type { Repaint } from '../contract/repaint.ts'
import { fault } from '../faults/fault.ts'
import type { Glyph } from '../glyph/types.ts'
import { squaredDistance } from '../raster/distance.ts'
import type { Gray } from '../raster/raster.ts'
import { GlyphFeatures } from './glyph-features.ts'
import { wordStrokes } from './word-parts.ts'

/** What a brush may paint of a mask that was read, (height, width). */
export type BrushMask = Gray | null

/**
 * 255 where the picture is painted again, 0 where it stays, between where one fades into the other: the union of all that
 * `repaint` names.
 * @param glyph the written word or composition at the picture's size; null where the area is a brush's alone
 * @throws StudioError bad-request: a stroke, radical or block that is not there; nothing named
 */
export async function repaintArea(repaint: Repaint, glyph: Glyph | null, brush: BrushMask): Promise<Gray> {
  const size = glyph ?? brush
  if (!size) throw fault('repaintNothing')
  const { width, height } = size
  const area = new Uint8Array(width * height)
  if (brush) for (let i = 0; i < area.length; i++) area[i] = brush.data[i] > 127 ? 255 : 0
  if (glyph) await addParts(area, repaint, glyph)
  if (!area.includes(255)) throw fault('repaintNothing')
  return softened({ width, height, channels: 1, data: area }, repaint)
}

async function addParts(area: Uint8Array, { strokes, radical, blocks, ground }: Repaint, glyph: Glyph): Promise<void> {
  const features = new GlyphFeatures(glyph)
  const set = (isInside: (pixel: number) => boolean) => {
    for (let i = 0; i < area.length; i++) if (isInside(i)) area[i] = 255
  }
  if (ground) {
    const { data } = features.mask()
    set(i => data[i] === 0)
  }
  const placed = glyph.composed?.blocks ?? []
  for (const place of blocks) {
    const at = placed.findIndex(({ index }) => index === place - 1)
    if (at < 0) throw fault('repaintBlockUnknown', { block: place, count: placed.length })
    set(i => glyph.composed!.owners[i] === at + 1)
  }
  if (strokes.length === 0 && !radical) return
  const labels = await features.labels()
  const known = wordStrokes(labels)
  const missing = strokes.find(stroke => stroke > known.length)
  if (missing) throw fault('repaintStrokeUnknown', { stroke: missing, count: known.length })
  const named = new Set(strokes.map(stroke => known[stroke - 1]))
  const wanted = labels.strokes.map((stroke, k) => named.has(k + 1) || (radical && stroke.radical))
  if (radical && !labels.strokes.some(stroke => stroke.radical)) throw fault('repaintNoRadical')
  set(i => labels.labels[i] > 0 && wanted[labels.labels[i] - 1])
}

/** Grown by `grow`, then fading over `feather`. */
function softened(area: Gray, { grow, feather }: Repaint): Gray {
  const { width, height } = area
  const unit = Math.min(width, height)
  const [inner, fade] = [grow * unit, feather * unit]
  const away = squaredDistance({ ...area, data: area.data.map(v => 255 - v) })
  const data = Uint8Array.from(away, d2 => {
    const beyond = Math.sqrt(d2) - inner
    return beyond <= 0 ? 255 : beyond >= fade ? 0 : Math.round(255 * (1 - beyond / fade))
  })
  return { width, height, channels: 1, data }
}
