import { shrink } from '../glyph/ink-box.ts'
import { labelGlyph } from '../glyph/labels.ts'
import { spread } from '../glyph/regions.ts'
import type { Glyph, StrokeLabels } from '../glyph/types.ts'
import type { Gray } from '../raster/raster.ts'

/** Side of a character's cell on the smaller copy, pixels: strokes are still a few pixels wide. */
const COARSE_CELL = 112

/**
 * Stroke labels computed on a smaller copy of the word and scaled back: several times faster, with stroke borders a few
 * pixels rougher. For previews; finished maps are labelled at full size.
 * @param mask the glyph's ink, (height, width)
 */
export async function coarseLabels(glyph: Glyph, mask: Gray): Promise<StrokeLabels> {
  const { width, height } = glyph
  const sides = glyph.characters.map(({ cell }) => Math.max(cell.width, cell.height))
  const scale = COARSE_CELL / (sides.length > 0 ? Math.max(...sides) : Math.max(width, height))
  if (scale >= 1) return labelGlyph(glyph)
  const copy = smaller(glyph, mask, scale)
  const { basis, labels, strokes } = await labelGlyph(copy)
  // Labels spread beyond the copy's ink, so that each pixel of the full-size ink finds one.
  spread(labels, copy.width, copy.height, null)
  const out = new Uint16Array(width * height)
  for (let y = 0, o = 0; y < height; y++) {
    const row = Math.floor(((y + 0.5) * copy.height) / height) * copy.width
    for (let x = 0; x < width; x++, o++)
      if (mask.data[o]) out[o] = labels[row + Math.floor(((x + 0.5) * copy.width) / width)]
  }
  const back = (median: [number, number][]) =>
    median.map(([x, y]): [number, number] => [(x * width) / copy.width, (y * height) / copy.height])
  return { basis, width, height, labels: out, strokes: strokes.map(each => ({ ...each, median: back(each.median) })) }
}

/** The word on a canvas scaled by a number below 1. */
function smaller(glyph: Glyph, mask: Gray, scale: number): Glyph {
  const { width, height } = glyph
  const { data, ...size } = shrink(mask, { x: 0, y: 0, width, height }, Math.max(1, Math.max(width, height) * scale))
  const [sx, sy] = [size.width / width, size.height / height]
  const characters = glyph.characters.map(character => {
    const { cell } = character
    return {
      ...character,
      cell: { x: cell.x * sx, y: cell.y * sy, width: cell.width * sx, height: cell.height * sy },
      path: scaledPath(character.path, sx, sy),
    }
  })
  return { ...glyph, ...size, coverage: { ...size, channels: 1, data }, characters }
}

/** SVG path data whose numbers are all absolute x y pairs (moves, lines and curves). */
function scaledPath(path: string, sx: number, sy: number): string {
  let horizontal = false
  return path.replace(/-?\d+(?:\.\d+)?/g, text => {
    horizontal = !horizontal
    return String(Number(text) * (horizontal ? sx : sy))
  })
}
