/** From a file's bytes to its text: the encoding is found, or two readings are offered. */
import { readFileSync } from 'node:fs'
import { analyse } from 'chardet'
import iconv from 'iconv-lite'
import { fault } from '../faults/fault.ts'

export interface Decoded {
  text: string
  /** "utf-8", "gb18030", "windows-1251". */
  encoding: string
  /** Nothing else reads nearly as well. */
  certain: boolean
  /** Where it is not certain: the likeliest readings, this one first, with their first lines. */
  candidates: Reading[]
}

export interface Reading {
  encoding: string
  lines: string[]
}

/** Without a byte order mark or UTF-8's pattern a file may be in any of these. */
const LEGACY = ['gb18030', 'big5', 'shift_jis', 'euc-jp', 'euc-kr', 'windows-1251', 'koi8-r', 'windows-1252']
/** How chardet calls others that it may find. */
const MORE: Readonly<Record<string, string>> = {
  'ISO-8859-2': 'windows-1250',
  'ISO-8859-7': 'windows-1253',
  'ISO-8859-9': 'windows-1254',
  'windows-1253': 'windows-1253',
  'windows-1254': 'windows-1254',
}
/** Score for each byte beyond ASCII; a reading that leads by less is not certain. */
const CLEAR_LEAD = 0.25
/** Less than this is no language. */
const LEAST = 0.15
/** The detector's lead, in per cent, at which an encoding that is not of the usual ones is considered. */
const SURE = 20
/** What is looked at of a long file. */
const SAMPLE = 64 * 1024

/**
 * Reads text in the encoding that is given, or in the one that is found: a byte order mark, UTF-8 and UTF-16 by their
 * form, the others by how much like language they read.
 * @param wanted a name that iconv-lite knows: "gbk", "cp1251", "utf-16le"
 * @throws StudioError 'bad-request': an unknown encoding, one that does not fit, or a file that is no text
 */
export function decodeText(bytes: Uint8Array, file: string, wanted?: string): Decoded {
  if (wanted !== undefined) return as(wanted, decodeAs(bytes, file, wanted))
  const marked = markOf(bytes)
  if (marked) return as(marked, decodeAs(bytes, file, marked))
  const utf8 = strict(bytes, 'utf-8')
  if (utf8 !== null && !utf8.includes('\0') && !mixesScripts(utf8)) return as('utf-8', utf8)
  if (bytes.subarray(0, SAMPLE).includes(0)) return wide(bytes, file)
  return guess(bytes, file)
}

const as = (encoding: string, text: string): Decoded => ({ text, encoding, certain: true, candidates: [] })

function markOf(bytes: Uint8Array): string | null {
  const [a, b, c] = bytes
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8'
  if (a === 0xff && b === 0xfe) return 'utf-16le'
  return a === 0xfe && b === 0xff ? 'utf-16be' : null
}

function decodeAs(bytes: Uint8Array, file: string, wanted: string): string {
  const encoding = wanted.trim().toLowerCase()
  if (!UNICODE.test(encoding) && !iconv.encodingExists(encoding)) throw fault('encodingUnknown', { encoding: wanted })
  const text = strict(bytes, encoding)
  if (text === null || text.includes('\0')) throw fault('encodingWrong', { file, encoding: wanted })
  return text
}

/** TextDecoder reads these strictly; for the others iconv-lite's tables are the wider ones: its Big5 has Hong Kong's characters. */
const UNICODE = /^utf-?(?:8|16(?:le|be)?)$/

/** Null: the bytes are not of this encoding. A byte order mark goes. */
function strict(bytes: Uint8Array, encoding: string): string | null {
  if (!UNICODE.test(encoding)) {
    const text = iconv.decode(bytes, encoding)
    return text.includes('\ufffd') ? null : text
  }
  try {
    return new TextDecoder(encoding.replace(/^utf-?/, 'utf-'), { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}

/** Alphabets whose letters take two bytes in UTF-8, as most Chinese characters do in GB18030. */
const ALPHABETS = ['Latin', 'Greek', 'Cyrillic', 'Armenian', 'Hebrew', 'Arabic', 'Syriac', 'Thaana', 'Nko'].map(
  name => new RegExp(`\\p{Script=${name}}`, 'u'),
)

/** 学习 in GB18030 is also UTF-8, and reads ѧϰ there: no word is written in two alphabets, or in characters that are none. */
const mixesScripts = (text: string): boolean =>
  (text.slice(0, SAMPLE).match(/[\u0080-\u07ff]+/g) ?? []).some(
    run => /\p{Cn}/u.test(run) || ALPHABETS.filter(alphabet => alphabet.test(run)).length > 1,
  )

/** UTF-16 without a mark: one half of its bytes has many more zeros than the other. */
function wide(bytes: Uint8Array, file: string): Decoded {
  const sample = bytes.subarray(0, SAMPLE)
  const zeros = [0, 0]
  for (const [at, byte] of sample.entries()) if (byte === 0) zeros[at % 2]++
  const encoding = zeros[1] > zeros[0] ? 'utf-16le' : 'utf-16be'
  const text = bytes.length % 2 === 0 ? strict(bytes, encoding) : null
  if (text === null || text.includes('\0') || Math.min(...zeros) > Math.max(...zeros) / 4)
    throw fault('listNotText', { file })
  return as(encoding, text)
}

function guess(bytes: Uint8Array, file: string): Decoded {
  const sample = wholeLines(bytes)
  const matches = analyse(sample)
  const found = new Map(matches.map(({ name, confidence }) => [MORE[name] ?? name.toLowerCase(), confidence]))
  const western = Math.max(found.get('windows-1252') ?? 0, found.get('iso-8859-1') ?? 0)
  const [first] = matches
  const other = first && first.confidence > western + SURE ? MORE[first.name] : undefined
  const labels = ['utf-8', ...LEGACY, ...(other === undefined ? [] : [other])]
  const readings = labels.flatMap(encoding => {
    const text = strict(sample, encoding)
    if (text === null) return []
    // The detector has models of its own; a list of ten words is too short for them to decide.
    const agreed = (found.get(encoding === 'gb18030' && !found.has(encoding) ? 'gbk' : encoding) ?? 0) / 100
    return [{ encoding, text, score: plausibility(text, sample) + 0.1 * agreed }]
  })
  const ranked = readings.toSorted((a, b) => b.score - a.score)
  const [best] = ranked
  const second = ranked.find(({ text }) => text !== best?.text)
  if (!best) throw fault('listNotText', { file })
  const certain = best.score >= LEAST && (second === undefined || best.score - second.score >= CLEAR_LEAD)
  const text = strict(bytes, best.encoding)
  if (text === null) throw fault('encodingWrong', { file, encoding: best.encoding })
  const linesOf = (of: string) =>
    of
      .split(/\r\n|\r|\n/)
      .filter(line => /[^\p{ASCII}]/u.test(line))
      .slice(0, 3)
  const candidates = [best, second].filter(reading => reading !== undefined)
  return {
    ...{ text, encoding: best.encoding, certain },
    candidates: certain ? [] : candidates.map(({ encoding, text }) => ({ encoding, lines: linesOf(text) })),
  }
}

/** The beginning of a file, up to the end of a line, so that no character is cut. */
function wholeLines(bytes: Uint8Array): Uint8Array {
  if (bytes.length <= SAMPLE) return bytes
  const end = bytes.subarray(0, SAMPLE).lastIndexOf(0x0a)
  return bytes.subarray(0, end === -1 ? SAMPLE : end)
}

// ---------------------------------------------------------------------------------------------------- like language

const [SIMPLIFIED, TRADITIONAL, KANJI] = readFileSync(new URL('./common-characters.txt', import.meta.url), 'utf8')
  .split('\n')
  .map(line => new Set(line))
/** The syllables that Korean is mostly written with. */
const HANGUL = new Set(
  '이다가는을에의지고하기사로자리나도인아시어수정스그서해대라부들한일과전여보장동주만으구제상면무있선신유안원것우성게조진국민생학개위세오미적계방물말경소러연분체내치모발실문공마니관당회간양비업화되용심음력야산각입중출단통던식품행판살금강천운교데바르터레프트테크드네루피즈노저재영명결더특히같때많년월좋사랑감사합했습갈봄여름가을겨울꽃별달밤눈비바람물불흙나무새개고양이집길책밥차술빛밝',
)

/** Of a reading: a positive score for each byte beyond ASCII where it is language, a negative one where it is not. */
function plausibility(text: string, bytes: Uint8Array): number {
  const beyond = bytes.reduce((sum, byte) => sum + Number(byte >= 0x80), 0)
  const characters = [...text]
  const scripts = [SIMPLIFIED, TRADITIONAL, KANJI].map(common => {
    let score = 0
    for (const [at, c] of characters.entries())
      if (c > '\x7f') score += scoreOf(c, characters[at - 1] ?? ' ', characters[at + 1] ?? ' ', common)
    return score
  })
  return Math.max(...scripts) / Math.max(1, beyond)
}

function scoreOf(c: string, before: string, after: string, common: ReadonlySet<string>): number {
  const besideLatin = /[a-z]/i.test(before) || /[a-z]/i.test(after)
  if (/\p{Script=Han}/u.test(c))
    return (common.has(c) ? 1.6 : c < '\u4e00' || c > '\u9fa5' ? -3 : -0.9) - Number(besideLatin)
  if (/[\u3041-\u3096\u30a1-\u30fc]/.test(c)) return 1.4 - Number(besideLatin)
  if (/\p{Script=Hangul}/u.test(c)) return (HANGUL.has(c) ? 1.6 : -0.4) - Number(besideLatin)
  if (/[\uff61-\uff9f]/.test(c)) return -1.2
  if (/[А-яЁё]/.test(c)) return cyrillic(c, before) - 2 * Number(besideLatin)
  if (/\p{Script=Latin}/u.test(c) && c < '\u2000') return latin(before, after)
  if (/[\u2010-\u2026\u00ab\u00bb\u00a0\u20ac\u2116\u00b0\u00a1\u00bf]/.test(c)) return 0.1
  if (/[\u3000-\u3020\uff00-\uff60]/.test(c)) return 0.4
  return -2
}

/** In words capitals stand first, and letters stand together. */
function cyrillic(c: string, before: string): number {
  const inWord = /[А-яЁё]/.test(before)
  if (/[А-ЯЁ]/.test(c))
    return inWord && /[а-яё]/.test(before) ? -1.2 : COMMON_CYRILLIC.test(c.toLowerCase()) ? 0.55 : 0.2
  return COMMON_CYRILLIC.test(c) ? 0.85 : 0.35
}

const COMMON_CYRILLIC = /[оеаинтсрвлкмдпуяыьгзбч]/

/** An accented letter stands among plain ones; many in a row are another script's bytes. */
function latin(before: string, after: string): number {
  if (/[a-z]/i.test(before) || /[a-z]/i.test(after)) return 0.9
  return /[^\x7f-\uffff]/.test(before) && /[^\x7f-\uffff]/.test(after) ? 0.1 : -1
}
