/** Words and characters kept out of the draft model's training, for its tests and evaluation. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const training = join(import.meta.dirname, '../models/draft/training')
const kept = JSON.parse(readFileSync(join(training, 'kept-out.json'), 'utf8')) as {
  characters: string
  words: string[]
}

/** 64 Chinese characters. */
export const KEPT_OUT_CHARACTERS: readonly string[] = [...kept.characters]
/** Eight words in four scripts. */
export const KEPT_OUT_WORDS: readonly string[] = kept.words
