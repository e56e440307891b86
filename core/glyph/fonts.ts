import type { Layout } from '../contract/request.ts'
import { fault } from '../faults/fault.ts'
import { BUNDLED_FONTS, type BundledFont, bundledFiles } from './bundled.ts'
import { type Face, openFace } from './font-file.ts'
import { nearestFont, systemFonts } from './system-fonts.ts'
import { clustersOf, isCovered } from './text.ts'

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

/** Something that can draw some characters. */
interface FontSource {
  name: string
  /** The opened font that has every character of the cluster, or null. */
  face(cluster: string, weight: number): Promise<Face | null>
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

function bundledSource(font: BundledFont): FontSource {
  return {
    name: font.family,
    async face(cluster, weight) {
      // The cluster's first character decides the file: marks that follow it are in the same subset or nowhere.
      for (const path of bundledFiles(font, cluster.codePointAt(0)!)) {
        const face = await openFace(path, weight, 0, font.family)
        if (isCovered(face.font, cluster)) return face
      }
      return null
    },
  }
}

function fileSource(path: string, name: string, index = 0): FontSource {
  return {
    name,
    async face(cluster, weight) {
      const face = await openFace(path, weight, index)
      return isCovered(face.font, cluster) ? face : null
    },
  }
}

/** Kana in the word: its Han characters are Japanese too. */
const KANA = /[\p{Script=Hiragana}\p{Script=Katakana}]/u

function bundledChain(word: string): FontSource[] {
  const rank = ({ id }: BundledFont) => (KANA.test(word) && id === 'noto-sans-jp' ? 0 : 1)
  return [...BUNDLED_FONTS].sort((a, b) => rank(a) - rank(b)).map(bundledSource)
}

const looksLikePath = (font: string) => /[/\\]|\.(ttf|otf|ttc|otc|woff2?)$/i.test(font)

async function sourcesFor(word: string, font: string | null, weight: number): Promise<FontSource[]> {
  if (font === null) return bundledChain(word)
  const bundled = BUNDLED_FONTS.find(({ id, family }) => font === id || font.toLowerCase() === family.toLowerCase())
  if (bundled) return [bundledSource(bundled)]
  if (looksLikePath(font)) {
    await openFace(font, weight)
    return [fileSource(font, font)]
  }
  const found = nearestFont(await systemFonts(), font, weight)
  if (found) return [fileSource(found.path, found.family, found.index)]
  throw fault('noSuchFont', { font })
}

interface Coverage {
  /** Grapheme cluster → font. */
  faces: Map<string, Face>
  missing: string[]
  tried: string[]
}

async function cover(word: string, font: string | null, weight: number): Promise<Coverage> {
  const sources = await sourcesFor(word, font, weight)
  const faces = new Map<string, Face>()
  const missing: string[] = []
  for (const cluster of new Set(clustersOf(word))) {
    if (cluster === '\n') continue
    let face: Face | null = null
    for (const source of sources) if ((face = await source.face(cluster, weight))) break
    if (face) faces.set(cluster, face)
    else missing.push(cluster)
  }
  return { faces, missing, tried: sources.map(({ name }) => name) }
}

/**
 * Which font draws which character of the word, known before anything is drawn.
 * @throws StudioError missing-glyph naming the characters and the fonts tried; bad-font
 */
export async function facesFor(word: string, layout: Pick<Layout, 'font' | 'weight'>): Promise<Map<string, Face>> {
  const { faces, missing, tried } = await cover(word, layout.font, layout.weight)
  if (missing.length === 0) return faces
  throw fault('noOutline', {
    ...{ characters: missing.map(describe).join(', '), count: missing.length },
    ...{ fonts: tried.join(', '), chosen: layout.font !== null },
  })
}

const describe = (cluster: string) =>
  `${cluster} (${[...cluster].map(c => `U+${c.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`).join(' ')})`

/** The characters of a word that a font (as in `layout.font`) lacks, each once, in order. @throws StudioError bad-font */
export async function missingGlyphs(word: string, font: string | null): Promise<string[]> {
  return (await cover(word.normalize('NFC'), font, 400)).missing
}
