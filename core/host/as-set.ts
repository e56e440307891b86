/** A selection of pictures as an image set: the same words, styles and seeds, to be made again or in other ways. */
import type { RequestInput } from '../contract/request.ts'
import type { PictureDetails } from '../library/picture-index.ts'
import { parseSet } from '../sets/definition.ts'
import type { OpenedSet } from '../sets/open-set.ts'
import type { SetWord } from '../sets/set-word.ts'
import { writeWordList } from '../sets/word-list.ts'

/** Pictures without a word are left out. What all pictures of a set share is the first picture's. */
export function asSet(pictures: readonly PictureDetails[]): OpenedSet {
  const worded = pictures.flatMap(({ word, ...picture }) => (word === null ? [] : [{ word, ...picture }]))
  const [first] = worded
  if (!first) return { definition: null, words: '', list: null }
  const words = worded.map(({ word, translation, style, seed }): SetWord => {
    return { word, ...(translation !== null && { translation }), style, seed }
  })
  const { word: _w, translation: _t, style: _s, seed: _n, count: _c, ...shared } = first.request
  const definition = parseSet({ words, request: shared satisfies RequestInput })
  return { definition, words: writeWordList(definition.words), list: null }
}
