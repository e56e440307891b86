/** Words that the draft model never saw in training, and the glyphs that they are told apart from. Tests and figures only. */
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
