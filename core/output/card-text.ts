/** Texts of printed cards as texts: real fonts, embedded as far as their characters are used, never outlines. */
import type { Face } from '../glyph/font-file.ts'
import { openFaces, uncovered } from '../glyph/fonts.ts'
import { clustersOf } from '../glyph/text.ts'
import { subsetFont } from './font-subset.ts'

/** What stands for a character that no bundled font has. */
const UNKNOWN = '□'

/** A part of a line that one font writes. */
export interface TextRun {
  text: string
  /** Key of fonts(). */
  font: string
}

/** Bundled fonts alone: they may be embedded in whatever the user makes. */
const CHOICE = { font: null } as const

/** Collects texts, and then gives the fonts that write them. */
export class CardTexts {
  readonly #faces = new Map<string, { face: Face; weight: number; text: Set<string> }>()

  /** Splits a line by the fonts that have its characters. */
  async runs(line: string, weight: number): Promise<TextRun[]> {
    const clean = line
      .toWellFormed()
      .replace(/[\s\p{Cc}]+/gu, ' ')
      .trim()
    if (clean === '') return []
    const choice = { ...CHOICE, weight }
    const lacking = new Set(await uncovered(clean, choice))
    const clusters = clustersOf(clean).map(cluster => (lacking.has(cluster) ? UNKNOWN : cluster))
    const faces = await openFaces(clusters.join(''), choice)
    const runs: TextRun[] = []
    for (const cluster of clusters) {
      const font = this.#keep(faces.get(cluster)!, weight, cluster)
      const last = runs.at(-1)
      if (last?.font === font) last.text += cluster
      else runs.push({ text: cluster, font })
    }
    return runs
  }

  #keep(face: Face, weight: number, cluster: string): string {
    const key = `${face.sha256.slice(0, 16)} ${weight}`
    const known = this.#faces.get(key) ?? { face, weight, text: new Set<string>() }
    this.#faces.set(key, known)
    for (const character of cluster) known.text.add(character)
    return key
  }

  /** The fonts of all runs so far, each with the characters that it has to write. */
  fonts(): Map<string, Uint8Array> {
    const fonts = new Map<string, Uint8Array>()
    for (const [key, { face, weight, text }] of this.#faces) {
      const { bytes, index } = face.font.tables
      fonts.set(key, subsetFont(bytes, index, [...text].join(''), weight))
    }
    return fonts
  }
}
