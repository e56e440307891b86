import type { BlockLabels } from '../composition/labels.ts'
import type { Glyph, StrokeLabels } from '../glyph/types.ts'
import { label } from '../raster/components.ts'
import type { Gray } from '../raster/raster.ts'
import type { GlyphFeatures } from './glyph-features.ts'

/** A region of the ink that a segmentation colours as one. */
export interface Part {
  meaning: 'radical' | 'rest' | 'part' | 'motif' | 'drawing'
  character: string | null
  /** In a composition: the name of its block. */
  block?: string
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
  if (features.glyph.composed) return blockParts(features.glyph, await features.blockLabels())
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

/** Of a composition: radical and rest of each character whose strokes are known, every other character, motif and drawing whole. */
function blockParts(glyph: Glyph, { basis, labels, strokes, origins }: BlockLabels): Parts {
  const blocks = glyph.composed!.blocks
  const parts: Part[] = []
  const found = new Map<string, number>()
  const withRadical = new Set(strokes.flatMap(({ radical }, k) => (radical ? [origins[k].character] : [])))
  const rank = (k: number) => (origins[k].block * 1e6 + (origins[k].character ?? 0)) * 2 + (strokes[k].radical ? 0 : 1)
  const partOf = new Uint16Array(strokes.length + 1)
  // Block by block and character by character, the radical first.
  const order = origins.map((_, k) => k).sort((a, b) => rank(a) - rank(b))
  for (const k of order) {
    const { block, character } = origins[k]
    const { kind, name } = blocks[block]
    const split = character !== null && withRadical.has(character)
    const meaning = kind === 'word' ? (split ? (strokes[k].radical ? 'radical' : 'rest') : 'part') : kind
    const key = `${block} ${character} ${meaning}`
    if (!found.has(key)) {
      const char = character === null ? null : glyph.characters[character].char
      parts.push({ meaning, character: char, block: name })
      found.set(key, parts.length)
    }
    partOf[k + 1] = found.get(key)!
  }
  return { basis, labels: labels.map(label => partOf[label]), parts }
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
