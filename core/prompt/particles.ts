/** Words that only hold a sentence together: how they are read there, and that they paint nothing. */
import type { DictionaryEntry } from './entries.ts'

export type Role = 'word' | 'particle' | 'measure' | 'other'

/** Behind another word these are always particles, read lightly. */
const LIGHT: Readonly<Record<string, string>> = {
  了: 'le',
  的: 'de',
  吗: 'ma',
  嗎: 'ma',
  呢: 'ne',
  吧: 'ba',
  啊: 'a',
  呀: 'ya',
  啦: 'la',
  嘛: 'ma',
  哇: 'wa',
  么: 'me',
  麼: 'me',
  们: 'men',
  們: 'men',
  喽: 'lou',
  嘍: 'lou',
  咯: 'lo',
  罢了: 'bà le',
  罷了: 'bà le',
}
/** They hold words together or count them wherever they stand. */
const CONNECTING = new Set([
  ...'把被和跟与與及或而且但就才也都还還又再很太最更不没沒是在从從向往对對给給让讓比于於以为為之所这那這',
])
const PRONOUN = /^(?:我|你|您|他|她|它|咱|俺|谁|誰)(?:们|們)?$|^(?:大家|自己|人家|咱们|咱們)$/
const NUMBER =
  /^(?:[零〇一二两兩三四五六七八九十百千万萬亿億几幾数數半每这這那哪某整多]+|\d+)$|[一二两兩三四五六七八九十几幾]$/
/** Full-width digits have been folded. */
const isNumber = (text: string): boolean => NUMBER.test(text)

/** A word of a sentence with what the dictionary says of it alone. */
export interface Part {
  text: string
  entries: readonly DictionaryEntry[]
}

export interface Function {
  role: Role
  /** With tone marks, where the role decides it. */
  pinyin: string | null
}

const WORD: Function = { role: 'word', pinyin: null }
const particle = (pinyin: string): Function => ({ role: 'particle', pinyin })

/**
 * What a word does in its sentence. Rules: 得 behind a verb or adjective, 着 and 过 behind a verb, 地 between a word of
 * two syllables or more and another one, the others behind anything; a classifier behind a number is one.
 */
export function functionOf(parts: readonly Part[], at: number): Function {
  const { text, entries } = parts[at]
  const before = parts[at - 1]
  const after = parts[at + 1]
  if (!/\p{Script=Han}/u.test(text)) return { role: 'other', pinyin: null }
  if (!before || !isHan(before)) return WORD
  if (Object.hasOwn(LIGHT, text)) return particle(LIGHT[text])
  if (isNumber(before.text)) {
    const counted = entries.find(({ senses }) => senses.some(sense => /\bclassifier for\b|^measure word/.test(sense)))
    if (counted && [...text].length === 1) return { role: 'measure', pinyin: counted.pinyin }
  }
  if (text === '得' && !PRONOUN.test(before.text) && acts(before)) return particle('de')
  if (text === '得' && PRONOUN.test(before.text)) return { role: 'particle', pinyin: 'děi' }
  if (text === '地' && after && isHan(after) && [...before.text].length > 1 && !PRONOUN.test(before.text))
    return particle('de')
  if ((text === '着' || text === '著') && acts(before)) return particle('zhe')
  if ((text === '过' || text === '過') && acts(before)) return particle('guo')
  return WORD
}

/** Grammar words in a sentence: read as ever, and nothing to paint. */
export const isConnecting = (text: string): boolean => CONNECTING.has(text)

const isHan = ({ text }: Part): boolean => /\p{Script=Han}/u.test(text)

/** A verb, or an adjective: what the dictionary does not call a thing. */
const acts = ({ entries }: Part): boolean =>
  entries.length === 0 ||
  entries[0].senses.some(sense => /^(?:\([^)]*\) ?)?to /.test(sense)) ||
  !entries[0].meanings[0]?.match(/^(?:an? |the )/)
