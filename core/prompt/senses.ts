/** CC-CEDICT's glosses, cleaned: classifiers and remarks on pronunciation taken out, cross references followed. */
import type { CedictEntry } from './cedict.ts'

/** Another entry that a gloss names: "old variant of 島|岛[dao3]". */
export interface Reference {
  traditional: string
  simplified: string
  /** Numbered, or null where the gloss does not say. */
  pinyin: string | null
}

export interface Gloss {
  text: string
  /** The gloss is nothing but a pointer. */
  reference: Reference | null
  /** "full": the other entry's senses stand for this one. "hint": they do only where there is nothing else. */
  follows: 'full' | 'hint'
}

export interface Glosses {
  glosses: Gloss[]
  /** The entry's noun is counted by pieces and not by cups, gusts or heaps. */
  counted: boolean
}

const HAN = String.raw`[\p{Script=Han}〇·，A-Za-z0-9]*\p{Script=Han}[\p{Script=Han}〇·，A-Za-z0-9]*`
const REFERENCE = String.raw`(${HAN})(?:\|(${HAN}))?(?:\[([^\]]+)\])?`
const FULL = new RegExp(
  String.raw`^(?:(?:an? |the )?(?:[A-Za-z.]+ ){0,3}(?:variant|form) of|see|same as|abbr\. (?:for|of)|erroneous variant of) ${REFERENCE}\.?$`,
  'u',
)
const HINT = new RegExp(`^(?:see also|also(?: (?:written|called|known as))?|used in|(?:used )?as in) ${REFERENCE}`, 'u')
const PRONUNCIATION =
  /^(?:also |Taiwan |old |colloquial |Beijing |pronounced |often )*pr(?:\.|onounced) ?\[|^pronounced \[/
/** Remarks within a gloss that say nothing of its meaning. */
const REMARKS = /\s*\((?:CL:[^()]*|(?:also |Taiwan |old |or )*pr\. [^()]*)\)|[;,]\s*CL:.*$/g

/** Traditional forms of classifiers for single things; and of those for portions, which stand with what is not counted. */
const PIECES = /[個隻條座把輛本頭匹棵朵位名張支枝根顆幅架艘臺台間所棟面扇尊峰尾]/u
const PORTIONS = /[杯壺瓶碗滴陣場塊片粒股層份袋包堆]/u

export function glossesOf({ english }: CedictEntry): Glosses {
  const classifiers = english.flatMap(text => Array.from(text.matchAll(/CL:([^()]*)/g), ([, list]) => list)).join(',')
  const glosses = english
    .map(text => text.replace(REMARKS, '').trim())
    .filter(text => text !== '' && !text.startsWith('CL:') && !PRONUNCIATION.test(text))
    .map(gloss)
  return { glosses, counted: PIECES.test(classifiers) && !PORTIONS.test(classifiers) }
}

function gloss(raw: string): Gloss {
  const bare = raw.replace(/^(?:\([^()]*\) ?)+/, '')
  const full = FULL.exec(bare)
  const match = full ?? HINT.exec(bare)
  const reference = match && {
    traditional: match[1],
    simplified: match[2] ?? match[1],
    pinyin: match[3] ?? null,
  }
  return { text: readable(raw), reference, follows: full ? 'full' : 'hint' }
}

/** "used in 傢伙|家伙[jia1 huo5]" → "used in 家伙". */
const readable = (text: string): string =>
  text
    .replace(new RegExp(`${HAN}\\|(?=${HAN})`, 'gu'), '')
    .replace(/(?<=[\p{Script=Han}〇])\s?\[[^[\]]*\]/gu, '')
    .replace(/\s+/g, ' ')
    .trim()

/** Numbered pinyin as it compares: lower case, one spelling of ü, no spaces. */
export const plainPinyin = (pinyin: string): string => pinyin.toLowerCase().replace(/[\s-]/g, '').replace(/u:/g, 'v')
