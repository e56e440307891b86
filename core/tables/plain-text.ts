/** Cells of flash cards as plain text: Anki's fields are HTML, with references to sounds. */

const TAG =
  /<\/?(?:a|b|br|big|center|code|div|em|font|h[1-6]|hr|i|img|li|ol|p|pre|q|rp|rt|ruby|s|small|span|strike|strong|sub|sup|table|tbody|td|th|tr|u|ul)\b[^<>]*>/gi
const BREAK = /<(?:br|hr)\b[^<>]*>|<\/(?:div|p|li|tr|h[1-6])>/gi
/** Ruby's readings, and what is read aloud or played. */
const ASIDES = /<(rt|rp|style|script)\b[^<>]*>[\s\S]{0,2000}?<\/\1>|\[(?:sound|anki):[^\][]*\]|<!--[\s\S]{0,2000}?-->/gi
/** No card is longer; what is, is no word or meaning, and is left as it is. */
const LONGEST_CELL = 100_000
/** A gap in Anki's cloze notes, with a hint or not: {{c1::学习::to study}}. */
const CLOZE = /\{\{c\d{1,3}::([^{}]{0,2000})\}\}/g
const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  ndash: '–',
  mdash: '—',
  hellip: '…',
}
const ENTITY = /&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,8}));/gi

/** Whether a cell holds anything of HTML or Anki. */
export const isMarkedUp = (cell: string): boolean =>
  TAG.test(reset(TAG, cell)) || /\[(?:sound|anki):|&(?:nbsp|amp|lt|gt|quot|#\d+|#x[\da-f]+);|\{\{c\d{1,3}::/i.test(cell)

const reset = (pattern: RegExp, cell: string): string => {
  pattern.lastIndex = 0
  return cell
}

/**
 * Without tags, sounds and ruby; entities are characters.
 * @param lineEnd what stands for the end of a line: between meanings "; "
 */
export function plainText(cell: string, lineEnd: string): string {
  if (cell.length > LONGEST_CELL || !isMarkedUp(cell)) return cell
  const lines = cell
    .replace(ASIDES, '')
    .replace(CLOZE, (_, text: string) => text.split('::', 1)[0])
    .replace(BREAK, '\n')
    .replace(TAG, '')
    .replace(ENTITY, entity)
    .split('\n')
    .map(line => line.replace(/[\s\u00a0]+/g, ' ').trim())
  return lines.filter(Boolean).join(lineEnd)
}

function entity(whole: string, decimal?: string, hex?: string, name?: string): string {
  if (name !== undefined) return ENTITIES[name.toLowerCase()] ?? whole
  const code = decimal !== undefined ? Number(decimal) : Number.parseInt(hex ?? '', 16)
  return code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code < 0xe000) ? String.fromCodePoint(code) : whole
}

/** "食[た]べる", as Anki's Japanese support writes readings, is 食べる. */
export const withoutFurigana = (word: string): string =>
  word.length > LONGEST_CELL
    ? word
    : word.replace(
        / ?(?<![\p{Script=Han}々〆ヶ])([\p{Script=Han}々〆ヶ]+)\[[\p{Script=Hiragana}\p{Script=Katakana}ー]+\]/gu,
        '$1',
      )
