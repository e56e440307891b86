/** A file that is opened to be looked at and edited: a set's description, or a list of words however it was read. */

import type { Assignment } from '../tables/columns.ts'
import type { LineNote } from '../tables/delimited.ts'
import { isList, nameOfList, parseSet, readSetBytes, type SetDefinition } from './definition.ts'
import { type ListFileOptions, type ListReading, readWordsFile, writeWordList } from './word-list.ts'

export interface OpenedSet {
  /** Of a list: its name and words, all else as usual; null where none of its lines gives a word. */
  definition: SetDefinition | null
  /** Its words as a list to edit. */
  words: string
  /** How the list was read, and what it could have been; null for a set's description. */
  list: OpenedList | null
}

export interface OpenedList extends ListReading {
  /** Names of its columns, where something names them. */
  names: string[] | null
  columns: Assignment
  /** The first rows as they stand. */
  sample: string[][]
  /** Lines that gave no word, and why. */
  problems: LineNote[]
  notes: LineNote[]
}

/** @throws StudioError 'bad-request': a file that cannot be read, a sheet or column that is not there */
export async function openSet(bytes: Uint8Array, file: string, options: ListFileOptions = {}): Promise<OpenedSet> {
  if (!isList(file)) {
    const { definition } = await readSetBytes(bytes, file)
    return { definition, words: writeWordList(definition.words), list: null }
  }
  const { entries, reading, ...list } = await readWordsFile(bytes, file, options)
  const words = entries.map(({ word }) => word)
  const definition = words.length > 0 ? parseSet({ name: nameOfList(file), words }, file) : null
  return { definition, words: writeWordList(words), list: { ...list, ...reading } }
}
