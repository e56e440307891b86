/** How characters stand in a column: Unicode Standard Annex #50, Vertical_Orientation, Unicode 16. */

/** Tr: a glyph for vertical text, or turned. */
const TURN_OR_VERTICAL =
  /^[\u2329-\u232a\u3008-\u3011\u3014-\u301f\u3030\u30a0\u30fc\ufe59-\ufe5e\uff08-\uff09\uff1a-\uff1b\uff3b\uff3d\uff3f\uff5b-\uff60\uffe3]/u

/**
 * Of the characters whose orientation is R: lines (those for boxes too, which Chinese and Japanese write as dashes), dots,
 * brackets and arrows, which mean something else when they lie.
 * Letters and digits of alphabets stand upright one under another here, as on a shop sign, and with them the signs that
 * belong to a letter or figure (R in the annex too, since there the whole word lies).
 */
const TURNED = /^[\p{Pd}\p{Ps}\p{Pe}~|¦_…‥․⁓\u2190-\u21ff\u2500-\u257f\u27f0-\u27ff\u2900-\u297f\uff0d\uff70]/u
const UPRIGHT = /^[\ufe10-\ufe48]/u

const QUOTE = /^[\p{Pi}\p{Pf}'"]/u

/** A line or dots: they run along the middle of the column. */
export const isLine = (text: string): boolean =>
  /^[\p{Pd}ー～~|¦_…‥․⁓\u2500-\u250b\u254c-\u254f\u2574-\u257f\uff0d\uff70\uffe3]/u.test(text)

export const isQuote = (text: string): boolean => QUOTE.test(text)

/** Stands across the column unless it takes a vertical glyph or is turned by a quarter, clockwise. */
export const turns = (text: string): boolean =>
  TURN_OR_VERTICAL.test(text) || (!UPRIGHT.test(text) && (TURNED.test(text) || QUOTE.test(text)))
