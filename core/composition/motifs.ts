/** Motifs by meaning: emoji with their CLDR names and keywords in English, Russian and Chinese (emojibase-data). */
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { LANGUAGES, type Language } from '../contract/vocabulary.ts'
import { missingGlyphs } from '../glyph/font-door.ts'
import { FAMILIAR } from './familiar-motifs.ts'

const require = createRequire(import.meta.url)

export interface Motif {
  emoji: string
  /** CLDR's short name in each language. */
  names: Readonly<Record<Language, string>>
}

interface Entry extends Motif {
  /** The emoji as `plainOf` has it. */
  plain: string
  /** Short name and keywords of all languages. */
  labels: Label[]
  tags: Label[]
  /** How well the group draws as a shape. */
  worth: number
}

/** A name or keyword in lower case, taken apart once: a search compares every word of 1,400 entries. */
interface Label {
  text: string
  words: string[]
  /** Of its words, in their order. */
  stems: string[]
}

/**
 * emojibase's groups: 0 smileys, 1 people, 3 animals and nature, 4 food, 5 travel, 6 activities, 7 objects, 8 symbols. Skin tones
 * (2) and flags (9) make no motif.
 */
const WORTH: Readonly<Record<number, number>> = { 0: 0.75, 1: 0.7, 3: 1.15, 4: 1.1, 5: 1.05, 6: 1.05, 7: 1.1, 8: 0.8 }

interface Compact {
  unicode: string
  hexcode: string
  label: string
  tags?: string[]
  group?: number
}

let catalogue: Promise<Entry[]> | null = null

async function load(): Promise<Entry[]> {
  const folder = dirname(require.resolve('emojibase-data/package.json'))
  const lists = await Promise.all(
    LANGUAGES.map(
      async language => JSON.parse(await readFile(join(folder, language, 'compact.json'), 'utf8')) as Compact[],
    ),
  )
  const byCode = lists.map(list => new Map(list.map(entry => [entry.hexcode, entry])))
  return lists[0].flatMap(({ unicode, hexcode, group }) => {
    const worth = group === undefined ? undefined : WORTH[group]
    const found = byCode.map(map => map.get(hexcode))
    if (worth === undefined || found.some(entry => !entry)) return []
    const names = Object.fromEntries(LANGUAGES.map((language, i) => [language, found[i]!.label])) as Motif['names']
    return {
      emoji: unicode,
      plain: plainOf(unicode),
      names,
      labels: found.map(entry => labelOf(entry!.label)),
      tags: found.flatMap(entry => entry!.tags?.map(labelOf) ?? []),
      worth,
    }
  })
}

/** Words that say nothing of what is to be drawn. */
const EMPTY = new Set(
  'a an the to of in on at for with and or be is are as by one ones sb sth etc very into from up out used esp also form'.split(
    ' ',
  ),
)

/** The word without its usual English endings. */
const stemOf = (word: string): string =>
  /^[a-z]{4,}$/.test(word) ? word.replace(/(?:ies|es|s|ing|ed)$/, '').replace(/(.)\1$/, '$1') : word

const wordsOf = (text: string): string[] => text.split(/[^\p{L}\p{N}]+/u).filter(Boolean)

function labelOf(name: string): Label {
  const text = name.toLowerCase()
  const words = wordsOf(text)
  return { text, words, stems: words.map(stemOf) }
}

const HAN = /\p{Script=Han}/u

/** A word or phrase that is searched for. */
interface Query {
  text: string
  stem: string
  isHan: boolean
}

/** How well one entry fits, 0 where it does not. */
function fitOf({ labels, tags, worth }: Entry, { text, stem, isHan }: Query): number {
  let best = 0
  const at = (score: number) => {
    best = Math.max(best, score)
  }
  for (const label of labels) {
    if (label.text === text) at(10)
    // A Chinese compound is what its last character says.
    else if (isHan) at(label.text.endsWith(text) ? 3 + 2 / label.text.length : label.text.includes(text) ? 1 : 0)
    else if (label.stems.includes(stem)) at(4 + 3 / label.words.length)
    else if (text.length >= 3 && label.words.some(word => word.startsWith(text))) at(2)
  }
  for (const tag of tags) {
    if (tag.text === text) at(5)
    else if (isHan) at(text.length > 1 && tag.text.includes(text) ? 2 : 0)
    else if (tag.stems.includes(stem)) at(3.5)
    else if (text.length >= 4 && tag.text.startsWith(text)) at(1.5)
  }
  return best * worth
}

/** Without the mark that asks for colours: some lists have it, some do not. */
const plainOf = (emoji: string): string => emoji.replace(/\ufe0f/g, '')

const emojiIn = new Intl.Segmenter()

/** What people draw for a word, each with how well it fits: a list's order outweighs what the catalogue says of its members. */
function familiarOf(text: string): ReadonlyMap<string, number> {
  const list = FAMILIAR[stemOf(text)] ?? FAMILIAR[text] ?? ''
  return new Map([...emojiIn.segment(list)].map(({ segment }, i) => [plainOf(segment), 13 - 1.5 * i]))
}

/** Motifs that font and catalogue have, the best first. */
async function ranked(queries: readonly { text: string; weight: number }[], most: number): Promise<Motif[]> {
  const entries = await (catalogue ??= load())
  const asked = queries.map(({ text, weight }) => ({
    query: { text, stem: stemOf(text), isHan: HAN.test(text) },
    ...{ weight, familiar: familiarOf(text) },
  }))
  const scored = entries.map(entry => ({
    entry,
    score: asked.reduce(
      (sum, { query, weight, familiar }) =>
        sum + weight * Math.max(fitOf(entry, query), familiar.get(entry.plain) ?? 0),
      0,
    ),
  }))
  const found: Motif[] = []
  for (const { entry } of scored.filter(({ score }) => score > 0).sort((a, b) => b.score - a.score)) {
    if (found.length === most) break
    // The catalogue may be newer than the font.
    if ((await missingGlyphs(entry.emoji, 'noto-emoji')).length === 0)
      found.push({ emoji: entry.emoji, names: entry.names })
  }
  return found
}

/** Motifs for what somebody types, in English, Russian or Chinese, or an emoji itself; the best first. */
export async function findMotifs(text: string, most = 40): Promise<Motif[]> {
  const query = text.trim().toLowerCase()
  if (query === '') return []
  const entries = await (catalogue ??= load())
  const same = entries.find(({ plain }) => plain === plainOf(query))
  if (same) return [{ emoji: same.emoji, names: same.names }]
  return ranked(partsOf(query), most)
}

/** A phrase as a whole counts most, then its words. */
function partsOf(phrase: string): { text: string; weight: number }[] {
  const words = wordsOf(phrase).filter(word => !EMPTY.has(word))
  if (words.length === 0) return [{ text: phrase, weight: 1 }]
  const plain = words.join(' ')
  return words.length === 1
    ? [{ text: plain, weight: 1 }]
    : [{ text: plain, weight: 1.5 }, ...words.map(text => ({ text, weight: 0.7 }))]
}

/**
 * Motifs of a word: by its meaning in English, which may name several senses, and by the word itself.
 * @param meaning as the dictionary or the designer says it: "study; to learn"
 */
export async function proposeMotifs(word: string, meaning: string, most = 12): Promise<Motif[]> {
  const senses = meaning
    .toLowerCase()
    .split(/[;,/()]|\bor\b/)
    .map(sense => sense.trim())
    .filter(Boolean)
  const queries = senses
    .slice(0, 4)
    .flatMap((sense, i) => partsOf(sense).map(part => ({ ...part, weight: part.weight / (i + 1) })))
  const own = word.trim().toLowerCase()
  if (own !== '') queries.push({ text: own, weight: 0.9 })
  return ranked(queries, most)
}
