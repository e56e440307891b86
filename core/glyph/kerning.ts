/**
 * Kerning of fonts older than OpenType layout: table 'kern', format 0. HarfBuzz reads it too, but not as it is built for
 * WebAssembly.
 */

/** Font units by which a pair of glyphs moves together (negative) or apart. */
export type Kerning = (left: number, right: number) => number

const HORIZONTAL = 1
/** Minimum values and movement across the line are other things than kerning. */
const OTHER = 2 | 4

/**
 * OpenType specification, "kern".
 * @throws RangeError where the table is damaged
 */
export function kerningOf(kern: DataView): Kerning | null {
  if (kern.getUint16(0) !== 0) return null
  const pairs = new Map<number, number>()
  let at = 4
  for (let i = 0; i < kern.getUint16(2); i++) {
    const [length, coverage] = [kern.getUint16(at + 2), kern.getUint16(at + 4)]
    if (coverage >> 8 === 0 && (coverage & HORIZONTAL) !== 0 && (coverage & OTHER) === 0) {
      // The number of pairs, since the length of a large subtable does not fit its field.
      const count = kern.getUint16(at + 6)
      for (let pair = at + 14, end = pair + 6 * count; pair < end; pair += 6)
        pairs.set(kern.getUint32(pair), kern.getInt16(pair + 4))
      at += Math.max(length, 14 + 6 * count)
    } else at += Math.max(length, 6)
  }
  return pairs.size === 0 ? null : (left, right) => pairs.get(left * 65536 + right) ?? 0
}
