import { basename, dirname } from 'node:path'
import { BUNDLED_FONTS, type BundledFont } from './bundled.ts'
import { missingGlyphs } from './font-door.ts'
import { ownFontFolder, systemFonts } from './system-fonts.ts'

/** A font as the studio lists it. */
export interface FontInfo {
  /** What `layout.font` takes. */
  id: string
  family: string
  source: 'bundled' | 'own' | 'system'
  kind: BundledFont['kind'] | null
  weights: [number, number]
  /** ISO 15924; empty where it is not known without opening the font. */
  scripts: string[]
  /** Of a font that was added: its file's name. */
  file?: string
}

/** Bundled fonts first, then the families that were added and those of the system, each once, by name. */
export async function listFonts(options: { folders?: string[]; again?: boolean } = {}): Promise<FontInfo[]> {
  const bundled = BUNDLED_FONTS.map(
    ({ id, family, kind, weights, scripts }): FontInfo => ({ id, family, source: 'bundled', kind, weights, scripts }),
  )
  const families = new Map<string, FontInfo>()
  const own = ownFontFolder()
  for (const { family, weights, path } of await systemFonts(options.folders, options.again)) {
    const known = families.get(family)
    const range: [number, number] = known
      ? [Math.min(known.weights[0], weights[0]), Math.max(known.weights[1], weights[1])]
      : weights
    const source = dirname(path) === own ? 'own' : 'system'
    const file = source === 'own' ? { file: basename(path) } : {}
    families.set(family, { id: family, family, source, kind: null, weights: range, scripts: [], ...file })
  }
  return [...bundled, ...[...families.values()].sort((a, b) => (a.family < b.family ? -1 : 1))]
}

/** How many characters of a word each font lacks, by its id; null: the font cannot be read. */
export async function lackingIn(word: string, ids: readonly string[]): Promise<Record<string, number | null>> {
  const lacking: Record<string, number | null> = {}
  for (const id of ids)
    lacking[id] = await missingGlyphs(word, id).then(
      ({ length }) => length,
      () => null,
    )
  return lacking
}
