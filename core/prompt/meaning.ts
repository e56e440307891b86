/**
 * A dictionary's gloss → a phrase for a prompt. The rule:
 * 1. What stands in parentheses and brackets, Chinese characters, and labels ("lit.", "general term for") go.
 * 2. Of the near-synonyms between semicolons the first that ends well counts: "to dream of; to wish" gives the second.
 * 3. "to learn" becomes "learning"; "to love" becomes "love", for such verbs name what they do (english.ts lists them).
 * 4. A noun that Chinese counts by pieces gets an article: "a mountain". Others stay bare: "water", "freedom"; there is
 *    one "the sun". A name loses its apposition: "Beijing municipality, capital of …".
 * 5. "sb" and "sth" are written out, "etc" goes, and more than 80 characters are cut at a comma.
 * Glosses about grammar, classifiers, surnames and other words have no such phrase.
 */
import { verbPhrase, withArticle } from './english.ts'

const LONGEST = 80

/** Glosses that describe a word's use and not a thing. */
const NOT_A_THING =
  /\b(?:classifier|measure word|surname|(?:modal|final|aspect|aspectual|possessive|structural|grammatical|interrogative|exclamatory|emphatic|auxiliary|Cantonese|classical|filler) particle|Kangxi radical|phonetic|onomatopoeia|prefix|suffix|interjection)\b|^(?:usually |often |only )?used (?:in|to|as|at|for|before|after|when|with) |\bused\b.*\b(?:names?|transliterat)|^(?:numeral|iteration mark|see|variant of|same as|also (?:written|called|known)|abbr\. (?:for|of|to)|pr\.)\b|\bcomponent in Chinese characters|marker\b/i
const VULGAR = /\((?:[^)]*\b)?(?:vulgar|derog\.|derogatory|taboo|offensive)/i
/** Senses marked so are taken only where there is no plain one. */
const WEAK =
  /^\((?:[^)]*\b)?(?:dialect|coll|colloquial|slang|Internet|neologism|literary|classical|archaic|old|Tw|Taiwan|Cantonese|fig|math|physics|chemistry|sports|computing|linguistics|Buddhism|law|after|before|used|verb complement)\b|\((?:old|archaic|slang|coll\.|dialect)\)|^fig\./i
const LABELS =
  /^(?:(?:lit|fig|esp|abbr)\.(?: (?:for|of))?|(?:a |the )?(?:general|generic|collective|common|polite|respectful|honorific) (?:term|name|word|title) (?:for|of)|refers to|also|especially)[:,]? /i
/** "variant of 琴, guqin or zither" says what it is after all. */
const VARIANT = /^(?:[a-z]+ ){0,2}variant of ?,? (?=[a-z])/i
/** Said alone they paint nothing. */
const FUNCTION_WORDS = new Set(
  'a an and as at but by for from if in of off on or so than that the then to together upon with not very also too still only just merely this'.split(
    ' ',
  ),
)
const OBJECTS: Readonly<Record<string, string>> = { I: 'myself', he: 'him', she: 'her', we: 'us', they: 'them' }
const LOOSE_END = /(?: (?:an?|the|and|or|of|with|for|at|from|to|by|in|on|that|which|is))+$/
const DANGLING = / (?:of|with|for|at|from|to|about|into|upon)$/

/** A sense is weak if a plain one is the better choice: dialect, old, figurative, a term of some field. */
export const isWeak = (sense: string): boolean => WEAK.test(sense)

/**
 * The phrase for a prompt, or null where the sense names nothing that could be painted.
 * @param counted the entry's noun is counted by pieces
 */
export function promptMeaning(sense: string, counted = false): string | null {
  if (VULGAR.test(sense)) return null
  const bare = withoutAsides(sense)
  if (bare === '' || NOT_A_THING.test(bare)) return null
  const pieces = bare.split(/(?<!\s)\s*;\s*/).filter(piece => !piece.endsWith('-'))
  const phrases = pieces.map(piece => phrase(trimmed(piece), counted)).filter(piece => piece !== null)
  const whole = phrases.find(piece => !DANGLING.test(piece)) ?? phrases[0]?.replace(DANGLING, '')
  return whole && !FUNCTION_WORDS.has(whole) ? shortened(whole) : null
}

/** Without parentheses (nested ones too), brackets, Chinese characters and leading labels. */
function withoutAsides(sense: string): string {
  let text = sense
  for (let before = ''; before !== text; ) {
    before = text
    text = text.replace(/\([^()]*\)|\[[^[\]]*\]/g, ' ')
  }
  text = text.replace(/[()[\]]/g, ' ').replace(/[\p{Script=Han}|〇々·]+/gu, ' ')
  for (let before = ''; before !== text; ) {
    before = text
    text = text.replace(/\s+/g, ' ').trim().replace(LABELS, '').replace(VARIANT, '')
  }
  return text
}

const trimmed = (piece: string): string =>
  piece
    .replace(/,? etc\.?(?=$|[ ,])/g, '')
    .replace(/(?<!\s)\s+([,.!?])/g, '$1')
    .replace(/^[\s,.:!?-]+|(?<![\s,.:!?-])[\s,.:!?-]+$/g, '')

function phrase(piece: string, counted: boolean): string | null {
  const clear = piece
    .replace(LABELS, '')
    .replace(/\bsb\b/g, 'someone')
    .replace(/\bsth\b/g, 'something')
  if (clear === '' || clear.includes('~') || FUNCTION_WORDS.has(clear.toLowerCase())) return null
  if (Object.hasOwn(OBJECTS, clear)) return OBJECTS[clear]
  if (clear.startsWith('to ')) return verbPhrase(clear.slice(3))
  if (clear.startsWith('not to ')) return `not ${verbPhrase(clear.slice(7))}`
  if (/^\p{Lu}/u.test(clear)) return clear.split(', ')[0]
  return withArticle(clear, counted)
}

function shortened(text: string): string {
  if (text.length <= LONGEST) return text
  const room = text.slice(0, LONGEST)
  const comma = room.lastIndexOf(', ')
  return room.slice(0, comma > 0 ? comma : room.lastIndexOf(' ')).replace(LOOSE_END, '')
}
