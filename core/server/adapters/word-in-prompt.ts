/** How a word gets in through another program's prompt. */
import { type LoraTag, loraTagsOf, takeLoraTags } from '../../text/lora-tags.ts'

/** Pairs of quotation marks around a word, in the writings that we know; a plain apostrophe is none. */
const QUOTED = [
  /"([^"]+)"/,
  /“([^“”]+)”/,
  /„([^„“”]+)[“”]/,
  /«([^«»]+)»/,
  /「([^「」]+)」/,
  /『([^『』]+)』/,
  /《([^《》]+)》/,
]

/** Marks with nothing between them: a word that was left out. */
const ONLY_QUOTES = /^[\s"“”„«»「」『』《》]*$/

/** A prompt that is nothing but a few such characters is itself the word. */
const ONLY_A_WORD = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]{1,8}$/u

export interface ReadPrompt {
  word: string | null
  /** The rest; null where there is nothing but the word. */
  prompt: string | null
  loras: LoraTag[]
}

/** The first quoted part is the word, the rest the prompt, as people write for models that draw text. */
export function readPrompt(text: string): ReadPrompt {
  const loras = loraTagsOf(text)
  const clean = takeLoraTags(text, () => true).trim()
  if (ONLY_QUOTES.test(clean)) return { word: null, prompt: '', loras }
  if (ONLY_A_WORD.test(clean)) return { word: clean, prompt: null, loras }
  const found = QUOTED.map(pattern => pattern.exec(clean))
    .filter(match => match !== null)
    .toSorted((a, b) => a.index - b.index)[0]
  if (!found) return { word: null, prompt: clean, loras }
  const rest = clean
    .replace(found[0], ' ')
    .replace(/\s+/g, ' ')
    .replace(/ ([,.;:!?])/g, '$1')
    .replace(/^[\s,.;:]+|(?<![\s,;:])[\s,;:]+$/g, '')
  return { word: found[1].trim(), prompt: /[\p{L}\p{N}]/u.test(rest) ? rest : null, loras }
}

/** A seed for a client that gives none: it expects another picture each time. */
export const randomSeed = (): number => Math.floor(Math.random() * 2 ** 32)
