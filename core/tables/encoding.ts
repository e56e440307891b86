/** From a file's bytes to its text: the encoding is found, or two readings are offered. */
import { analyse } from 'chardet'
import iconv from 'iconv-lite'
import { fault } from '../faults/fault.ts'
import { plausibility } from './plausible-text.ts'

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
const LEGACY = [
  'gb18030',
  'big5',
  'shift_jis',
  'euc-jp',
  'euc-kr',
  'windows-1251',
  'koi8-r',
  'windows-1252',
  'windows-1254',
]
/** Of programs or languages that are met less often here: they have to read better than the others, and in more than a word. */
const LESS_USUAL = ['cp866', 'windows-1253', 'windows-1255', 'windows-1256', 'windows-874']
const HANDICAP = 0.15
const LEAST_BYTES = 8
/** How chardet calls others that it may find. */
const MORE: Readonly<Record<string, string>> = { 'ISO-8859-2': 'windows-1250' }
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
  // Its mark says that it is UTF-8, however much of it is lost.
  if (marked === 'utf-8' && !bytes.includes(0)) return as(marked, new TextDecoder().decode(bytes))
  if (marked) return as(marked, decodeAs(bytes, file, marked))
  const mail = isJapaneseMail(bytes) ? strict(bytes, 'iso-2022-jp') : null
  if (mail !== null) return as('iso-2022-jp', mail)
  const utf8 = strict(bytes, 'utf-8')
  if (utf8 !== null && !utf8.includes('\0') && !mixesScripts(utf8)) return as('utf-8', utf8)
  if (bytes.subarray(0, SAMPLE).includes(0)) return wide(bytes, file)
  const hurt = utf8 === null ? damagedUtf8(bytes) : null
  return hurt === null ? guess(bytes, file) : as('utf-8', hurt)
}

const as = (encoding: string, text: string): Decoded => ({ text, encoding, certain: true, candidates: [] })

function markOf(bytes: Uint8Array): string | null {
  const [a, b, c, d] = bytes
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8'
  if (a === 0xff && b === 0xfe) return c === 0 && d === 0 ? 'utf-32le' : 'utf-16le'
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return 'utf-32be'
  return a === 0xfe && b === 0xff ? 'utf-16be' : null
}

function decodeAs(bytes: Uint8Array, file: string, wanted: string): string {
  const encoding = wanted.trim().toLowerCase()
  if (!BY_THE_SYSTEM.test(encoding) && !iconv.encodingExists(encoding))
    throw fault('encodingUnknown', { encoding: wanted })
  const text = strict(bytes, encoding)
  if (text === null || text.includes('\0')) throw fault('encodingWrong', { file, encoding: wanted })
  return text
}

/** TextDecoder reads these strictly; for the others iconv-lite's tables are the wider ones: its Big5 has Hong Kong's characters. */
const BY_THE_SYSTEM = /^(?:utf-?(?:8|16(?:le|be)?)|iso-2022-jp)$/

/** Old Japanese e-mail: seven bits, and an escape sequence that begins kanji (JIS X 0208), nothing beyond ASCII otherwise. */
const KANJI_BEGINS = ['\x1b$B', '\x1b$@']

function isJapaneseMail(bytes: Uint8Array): boolean {
  const sample = Buffer.from(bytes.subarray(0, SAMPLE))
  return KANJI_BEGINS.some(sequence => sample.includes(sequence)) && sample.every(byte => byte > 0 && byte < 0x80)
}

/** Null: the bytes are not of this encoding. A byte order mark goes. */
function strict(bytes: Uint8Array, encoding: string): string | null {
  if (!BY_THE_SYSTEM.test(encoding)) {
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

/** Of so many characters one may be broken. */
const WHOLE_A_BROKEN_ONE = 3

/**
 * UTF-8 that was cut off, or into which lines of another encoding came: the other lines are right, and what is lost stands as
 * U+FFFD, which is told with its line. Null: the text is of another encoding altogether.
 */
function damagedUtf8(bytes: Uint8Array): string | null {
  const text = new TextDecoder().decode(bytes)
  const broken = text.match(/\ufffd/g)?.length ?? 0
  const whole = text.match(/[^\p{ASCII}\ufffd]/gu)?.length ?? 0
  return whole >= WHOLE_A_BROKEN_ONE * broken && !mixesScripts(text) ? text : null
}

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
  const lessUsual = sample.filter(byte => byte >= 0x80).length >= LEAST_BYTES ? LESS_USUAL : []
  const labels = ['utf-8', ...LEGACY, ...lessUsual, ...(other === undefined ? [] : [other])]
  const readings = labels.flatMap(encoding => {
    const text = strict(sample, encoding)
    if (text === null) return []
    const handicap = LESS_USUAL.includes(encoding) ? HANDICAP : 0
    // The detector has models of its own; a list of ten words is too short for them to decide.
    const agreed = (found.get(encoding === 'gb18030' && !found.has(encoding) ? 'gbk' : encoding) ?? 0) / 100
    return [{ encoding, text, score: plausibility(text, sample) + 0.1 * agreed - handicap }]
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
