/** One line of text in any script as outlines, for sheets that are drawn and for those that are printed. */
import type { Face } from '../glyph/font-file.ts'
import { openFaces, uncovered } from '../glyph/fonts.ts'
import { place, toPathData } from '../glyph/outline.ts'
import { type ShapedCharacter, shapeText } from '../glyph/shape.ts'
import { clustersOf } from '../glyph/text.ts'

/** What stands for a character that no bundled font has. */
const UNKNOWN = '□'
const FONT = { font: null, weight: 400 } as const

export interface Caption {
  /** SVG path data, the baseline's start at 0, 0, y down. */
  path: string
  width: number
}

/**
 * Sets a line of text.
 * @param size height of the em
 * @param maxWidth what is longer ends in "…"
 */
export async function caption(text: string, size: number, maxWidth: number): Promise<Caption> {
  const clean = text
    .toWellFormed()
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
  if (clean === '') return { path: '', width: 0 }
  const lacking = new Set(await uncovered(clean, FONT))
  const clusters = clustersOf(clean).map(cluster => (lacking.has(cluster) ? UNKNOWN : cluster))
  let line = shape(clusters, await openFaces(`${clusters.join('')}…`, FONT))
  if (widthOf(line) * size > maxWidth) {
    const faces = await openFaces(`${clusters.join('')}…`, FONT)
    // Shaping depends on neighbours, so the longest part that fits is searched, not summed up.
    let [fits, tooLong] = [0, clusters.length]
    while (tooLong - fits > 1) {
      const middle = (fits + tooLong) >> 1
      if (widthOf(shape([...clusters.slice(0, middle), '…'], faces)) * size > maxWidth) tooLong = middle
      else fits = middle
    }
    line = shape([...clusters.slice(0, fits), '…'], faces)
  }
  let pen = 0
  const parts: string[] = []
  for (const { outline, advance } of line) {
    parts.push(toPathData(place(outline, { a: size, c: 0, d: size, e: pen, f: 0 })))
    pen += advance * size
  }
  return { path: parts.join(''), width: pen }
}

const widthOf = (line: ShapedCharacter[]) => line.reduce((sum, { advance }) => sum + advance, 0)

/** A font that claims a character and has no outline for it (a colour font) is no reason to lose a sheet. */
function shape(clusters: string[], faces: Map<string, Face>): ShapedCharacter[] {
  try {
    return shapeText(clusters.join(''), faces)
  } catch {
    return clusters.flatMap(cluster => {
      try {
        return shapeText(cluster, faces)
      } catch {
        return []
      }
    })
  }
}
