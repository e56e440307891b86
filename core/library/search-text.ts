/**
 * What a picture is found by: its own texts, how its word is read (without tones too), what the word means and how it is
 * written in the other script.
 */
import { LRUCache } from 'lru-cache'
import type { Request } from '../contract/request.ts'
import { loadChinese } from '../prompt/chinese.ts'
import { glossOf, lookUp } from '../prompt/dictionary.ts'
import type { PictureNotes } from './sidecar.ts'

/** A word longer than this is a text: it is found by its characters, not by each of their readings. */
const LONGEST_LOOKED_UP = 100

/** Case, width and compatibility forms do not matter in a search: "ＬＯＶＥ" finds "love". */
export const fold = (text: string): string => text.normalize('NFKC').toLowerCase()

/** Latin letters without their marks: "xué" → "xue", "lǜ" → "lu". Other scripts keep theirs: й is not и. */
const bare = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/(\p{Script=Latin})\p{M}+/gu, '$1')
    .normalize('NFC')

/** Looking a word up takes a tenth of a millisecond, in a sentence more; a set paints each word often. */
const looked = new LRUCache<string, string>({ max: 20_000 })

/**
 * What dictionaries say of a word, a line each: its reading with and without tones, its meaning, its simplified and
 * traditional forms. "" for a word that no dictionary has.
 * @throws StudioError internal: a file of the installation is damaged
 */
export async function knownOf(word: string | null): Promise<string> {
  if (word === null || word.length > LONGEST_LOOKED_UP) return ''
  const known = looked.get(word)
  if (known !== undefined) return known
  const found = await lookUp(word)
  const reading = found.pinyin ?? ''
  const joined = reading.replaceAll(' ', '')
  // Typed on a keyboard without ü as v, in passports as yu.
  const typed = bare(reading.replace(/[üǖǘǚǜ]/gi, 'v'))
  const lines = new Set([
    reading,
    joined,
    bare(joined),
    typed.replaceAll(' ', ''),
    glossOf(found) ?? '',
    ...(await variantsOf(word)),
  ])
  lines.delete(word)
  const text = [...lines].filter(Boolean).join('\n')
  looked.set(word, text)
  return text
}

/** The word as written in simplified and in traditional characters: each character by its commonest headword. */
async function variantsOf(word: string): Promise<string[]> {
  if (!/\p{Script=Han}/u.test(word)) return []
  const { cedict } = await loadChinese()
  const [whole] = cedict.find(word)
  if (whole) return [whole.simplified, whole.traditional]
  const characters = [...word].map(character => cedict.find(character)[0])
  const spelt = (form: 'simplified' | 'traditional') =>
    [...word].map((character, at) => characters[at]?.[form] ?? character).join('')
  return [spelt('simplified'), spelt('traditional')]
}

/** @param known knownOf() its word */
export function searchText(
  request: Pick<Request, 'word' | 'translation' | 'style' | 'model'>,
  prompt: string | null,
  notes: Pick<PictureNotes, 'notes' | 'tags'>,
  known: string,
): string {
  const { word, translation, style, model } = request
  return fold([word, translation, style, model, prompt, notes.notes, ...notes.tags, known].filter(Boolean).join('\n'))
}
