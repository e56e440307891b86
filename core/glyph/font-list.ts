import { BUNDLED_FONTS, type BundledFont } from './bundled.ts'
import { systemFonts } from './system-fonts.ts'

/** A font as the studio lists it. */
export interface FontInfo {
  /** What `layout.font` takes. */
  id: string
  family: string
  source: 'bundled' | 'system'
  kind: BundledFont['kind'] | null
  weights: [number, number]
  /** ISO 15924; empty where it is not known without opening the font. */
  scripts: string[]
}

/** Bundled fonts first, then the families of the system, each once, by name. */
export async function listFonts(options: { folders?: string[]; again?: boolean } = {}): Promise<FontInfo[]> {
  const bundled = BUNDLED_FONTS.map(
    ({ id, family, kind, weights, scripts }): FontInfo => ({ id, family, source: 'bundled', kind, weights, scripts }),
  )
  const families = new Map<string, FontInfo>()
  for (const { family, weights } of await systemFonts(options.folders, options.again)) {
    const known = families.get(family)
    const range: [number, number] = known
      ? [Math.min(known.weights[0], weights[0]), Math.max(known.weights[1], weights[1])]
      : weights
    families.set(family, { id: family, family, source: 'system', kind: null, weights: range, scripts: [] })
  }
  return [...bundled, ...[...families.values()].sort((a, b) => (a.family < b.family ? -1 : 1))]
}
