import type { Glyph, StrokeLabels } from '../glyph/types.ts'
import { label } from '../raster/components.ts'
import type { Gray } from '../raster/raster.ts'
import type { GlyphFeatures } from './glyph-features.ts'

/** A region of the ink that a segmentation colours as one. */
export interface Part {
  meaning: 'radical' | 'rest' | 'part'
  character: string | null
}

export interface Parts {
  basis: StrokeLabels['basis']
  /** (height, width): 0 = paper, k = parts[k - 1]; every ink pixel has a part. */
  labels: Uint16Array
  parts: Part[]
}

/**
 * Where the word's strokes are known ("strokes"): radical and rest of every character. Otherwise ("geometry"): its
 * connected components of ink.
 */
export async function partsOf(features: GlyphFeatures): Promise<Parts> {
  const strokes = await features.labels()
  return strokes.basis === 'strokes' ? radicalParts(features, strokes) : pieces(features.mask())
}

function pieces(mask: Gray): Parts {
  const { labels, count } = label(mask, 8)
  return {
    basis: 'geometry',
    labels: Uint16Array.from(labels, value => Math.min(value, 0xffff)),
    parts: Array.from({ length: count }, () => ({ meaning: 'part', character: null })),
  }
}

function radicalParts(features: GlyphFeatures, { labels, strokes }: StrokeLabels): Parts {
  const { glyph } = features
  const owners = strokes.map(({ median }) => characterAt(glyph, median))
  const parts: Part[] = []
  // Part of each stroke, in the order character, radical, rest.
  const partOf = new Uint16Array(strokes.length + 1)
  for (const [index, { char }] of glyph.characters.entries()) {
    for (const radical of [true, false]) {
      const mine = strokes.flatMap((stroke, k) => (owners[k] === index && stroke.radical === radical ? [k] : []))
      if (mine.length === 0) continue
      parts.push({ meaning: radical ? 'radical' : 'rest', character: char })
      for (const k of mine) partOf[k + 1] = parts.length
    }
  }
  const out = new Uint16Array(labels.length)
  for (let i = 0; i < labels.length; i++) out[i] = partOf[labels[i]]
  return { basis: 'strokes', labels: out, parts }
}

/** Index of the character whose cell the stroke lies in, or whose cell's centre is nearest. */
function characterAt(glyph: Glyph, median: readonly [number, number][]): number {
  const x = median.reduce((sum, point) => sum + point[0], 0) / median.length
  const y = median.reduce((sum, point) => sum + point[1], 0) / median.length
  let best = 0
  let least = Infinity
  for (const [index, { cell }] of glyph.characters.entries()) {
    // In units of the cell, so that a narrow cell beside a wide one keeps its own strokes.
    const dx = (x - cell.x - cell.width / 2) / Math.max(cell.width, 1)
    const dy = (y - cell.y - cell.height / 2) / Math.max(cell.height, 1)
    const away = Math.max(Math.abs(dx), Math.abs(dy))
    if (away >= least) continue
    least = away
    best = index
  }
  return best
}
