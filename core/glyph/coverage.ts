/** Whether a font can draw a character as it was typed. */
import type { ShapingFont } from './harfbuzz.ts'
import { isIgnorable } from './text.ts'

/** CJK compatibility ideographs: Unicode makes them equal to another character, a reader sees another form. */
const COMPATIBILITY = /[\uf900-\ufaff\u{2f800}-\u{2fa1f}]/u
const NOT_COMPATIBILITY = /[^\uf900-\ufaff\u{2f800}-\u{2fa1f}]+/gu

/** Letters with their marks composed where Unicode has one character for them; compatibility ideographs as they are. */
export const composed = (cluster: string): string => cluster.replace(NOT_COMPATIBILITY, part => part.normalize('NFC'))

const decomposed = (cluster: string): string => cluster.replace(NOT_COMPATIBILITY, part => part.normalize('NFD'))

/** The plain form that stands for a compatibility ideograph where no font has its own; null for everything else. */
export const folded = (cluster: string): string | null =>
  COMPATIBILITY.test(cluster) ? cluster.normalize('NFC') : null

/**
 * A variation selector that asks for another form of the character before it. Emoji's two (U+FE0E, U+FE0F) choose between
 * outline and colour, of which there is only one here; Mongolian's are a matter of shaping.
 */
const VARIANT = /(.)([\ufe00-\ufe0d\u{e0100}-\u{e01ef}])/gu

/** The pairs of character and variation selector in a cluster. */
export const variantsIn = (cluster: string): { base: number; selector: number }[] =>
  Array.from(cluster.matchAll(VARIANT), ([, base, selector]) => ({
    base: base.codePointAt(0)!,
    selector: selector.codePointAt(0)!,
  }))

/**
 * The font has every visible character of the cluster, as typed, composed or in parts (HarfBuzz composes and decomposes by
 * itself), and every variant that it asks for.
 */
export function isCovered(font: ShapingFont, cluster: string): boolean {
  const has = (text: string) => [...text].every(c => isIgnorable(c) || font.hasGlyph(c.codePointAt(0)!))
  return (
    [composed, String, decomposed].some(form => has(form(cluster))) &&
    variantsIn(cluster).every(({ base, selector }) => font.hasVariant(base, selector))
  )
}
