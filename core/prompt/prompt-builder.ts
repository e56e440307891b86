/** Style, word, meaning and the user's additions → both prompts, and where each part of them came from. */
import { fileURLToPath } from 'node:url'
import { LIMITS } from '../contract/vocabulary.ts'
import { fault, phrase } from '../faults/fault.ts'
import { chunk } from '../text/chunks.ts'
import { ClipTokenizer } from '../text/clip-tokenizer.ts'
import { type DictionaryLanguage, type Lookup, lookUp } from './dictionary.ts'
import type { Glossary } from './glossary.ts'
import type { StyleDefinition } from './style.ts'
import { fillTemplate } from './template.ts'
import { descriptionOf, inOneLine, nameOf } from './word.ts'

/** The fields of a request that make its prompts. */
export interface PromptInput {
  word: string | null
  /** The word's meaning; null or blank: it is looked up. */
  translation: string | null
  /** Stands for the built prompt, whole. */
  prompt: string | null
  /** Stands for the style's negative prompt. Where a prompt is given, null is none at all and "" the empty one. */
  negativePrompt: string | null
}

/** What prompts need of a style. */
export type PromptStyle = Pick<StyleDefinition, 'id' | 'template' | 'negativePrompt'>

/** What the user adds to whatever else a prompt says; put at its end, after a comma. */
export interface Additions {
  prompt?: string
  negativePrompt?: string
}

/** Where meanings are looked up beside the Chinese dictionary. */
export interface Knowledge {
  /** The user's own. */
  glossary?: Pick<Glossary, 'find'> | undefined
  /** Of a word in Chinese characters that is also Japanese; default Chinese. */
  language?: DictionaryLanguage | undefined
}

export interface PromptPart {
  /** "template": the style's own words, also its negative prompt. "override": given in place of what the style says. */
  source: 'template' | 'meaning' | 'character' | 'addition' | 'override'
  text: string
}

export interface Meaning {
  /** What stands for {meaning}; "" where the prompt was given and nothing stands for it. */
  text: string
  /** "none": nobody said and neither glossary nor dictionary knows, so text only names the word. */
  source: 'given' | 'glossary' | 'dictionary' | 'none'
  /** With tone marks, if the word was looked up and found. */
  pinyin: string | null
  /** What the dictionary said, with the other senses to choose from; null where it was not asked. */
  lookup: Lookup | null
}

export interface PromptWarning {
  code: 'no-meaning' | 'segmented' | 'unused-translation'
  /** A sentence or two for the reader. */
  message: string
}

export interface BuiltPrompts {
  prompt: string
  /** null: no negative prompt, zero embeddings. */
  negativePrompt: string | null
  /** The texts of each list, joined, are the prompt. */
  parts: { prompt: PromptPart[]; negativePrompt: PromptPart[] }
  meaning: Meaning
  warnings: PromptWarning[]
}

/**
 * Builds the prompts of a request in a style. Reads the dictionary only for a word whose meaning has to be looked up.
 * @throws StudioError bad-style: a template with unknown placeholders or loose braces
 * @throws StudioError bad-word: neither a word nor a translation nor a prompt
 * @throws StudioError bad-request: the prompt grew over 20,000 characters
 */
export async function buildPrompts(
  input: PromptInput,
  style: PromptStyle,
  additions: Additions = {},
  knowledge: Knowledge = {},
): Promise<BuiltPrompts> {
  const meaning = await meaningOf(input, knowledge)
  const parts = {
    prompt: withAddition(promptParts(input, style, meaning.text), additions.prompt),
    negativePrompt: withAddition(negativeParts(input, style), additions.negativePrompt),
  }
  const none = input.prompt !== null && input.negativePrompt === null && parts.negativePrompt.length === 0
  const prompt = checkLength(textOf(parts.prompt), 'promptTooLong')
  const negativePrompt = none ? null : checkLength(textOf(parts.negativePrompt), 'negativePromptTooLong')
  return { prompt, negativePrompt, parts, meaning, warnings: warningsOf(input, meaning) }
}

const textOf = (parts: readonly PromptPart[]): string => parts.map(({ text }) => text).join('')

function promptParts({ word, prompt }: PromptInput, style: PromptStyle, meaning: string): PromptPart[] {
  if (prompt !== null) return [{ source: 'override', text: prompt }]
  const character = inOneLine(word ?? '') || meaning
  return fillTemplate(style.template, { meaning, character }, phrase('theStyleCalled', { id: style.id }))
}

function negativeParts({ prompt, negativePrompt }: PromptInput, style: PromptStyle): PromptPart[] {
  if (negativePrompt !== null) return negativePrompt === '' ? [] : [{ source: 'override', text: negativePrompt }]
  return prompt !== null || style.negativePrompt === '' ? [] : [{ source: 'template', text: style.negativePrompt }]
}

function withAddition(parts: PromptPart[], addition = ''): PromptPart[] {
  const text = addition.trim()
  if (text === '') return parts
  const before = textOf(parts)
  const separator = before.trim() === '' ? '' : /[,;.]\s*$/.test(before) ? ' ' : ', '
  return [...parts, { source: 'addition', text: separator + text }]
}

/** What stands for {meaning} in a prompt: as it was given, as the user once said, as the dictionary says, else a description of the word. */
export async function meaningOf(
  { word, translation, prompt }: PromptInput,
  { glossary, language }: Knowledge,
): Promise<Meaning> {
  const given = inOneLine(translation ?? '')
  if (given) return { text: given, source: 'given', pinyin: null, lookup: null }
  if (prompt !== null) return { text: '', source: 'none', pinyin: null, lookup: null }
  const written = inOneLine(word ?? '')
  if (!written) {
    throw fault('noWordNorPrompt')
  }
  const own = (await glossary?.find(written)) ?? null
  const lookup = await lookUp(written, { language })
  const { pinyin } = lookup
  if (own !== null) return { text: own, source: 'glossary', pinyin, lookup }
  if (lookup.basis !== 'none' && lookup.meaning) return { text: lookup.meaning, source: 'dictionary', pinyin, lookup }
  const isName = lookup.basis === 'none' && lookup.reason === 'name'
  return { text: isName ? nameOf(written) : descriptionOf(written), source: 'none', pinyin, lookup }
}

function warningsOf(input: PromptInput, { source, lookup, text }: Meaning): PromptWarning[] {
  if (input.prompt !== null) {
    if (source !== 'given') return []
    return [{ code: 'unused-translation', message: 'A prompt was given, so the translation is not part of it.' }]
  }
  if (source === 'none') {
    const why = lookup?.basis === 'none' ? lookup.message : 'No sense of the word names something that can be painted.'
    return [{ code: 'no-meaning', message: `${why} The prompt says ${text}; a translation would say more.` }]
  }
  if (source === 'glossary' || lookup?.basis !== 'segments') return []
  const words = lookup.segments!.map(segment => segment.text).join(' + ')
  return [{ code: 'segmented', message: `The dictionary has no entry for the whole word and read it as ${words}.` }]
}

function checkLength(text: string, otherwise: 'promptTooLong' | 'negativePromptTooLong'): string {
  if (text.length <= LIMITS.prompt) return text
  throw fault(otherwise, { length: text.length, most: LIMITS.prompt })
}

// ------------------------------------------------------------------------------------------------------------ tokens

const VOCABULARY = fileURLToPath(new URL('../text/clip-vocab', import.meta.url))
const tokenizers = new Map<string, Promise<ClipTokenizer>>()

export interface TokenCount {
  /** Without start, end and padding. */
  tokens: number
  /** Rows of 75 that the text encoder reads. */
  chunks: number
}

/**
 * How many tokens a prompt has, as SDXL's text encoders read it.
 * @param vocabulary folder with another vocab.json and merges.txt, such as the draft model's
 * @throws StudioError bad-weights: a vocabulary that cannot be read
 */
export async function countTokens(prompt: string, vocabulary = VOCABULARY): Promise<TokenCount> {
  const { tokens, rows } = chunk(await tokenizerOf(vocabulary), prompt, 'chunk')
  return { tokens, chunks: rows.length }
}

function tokenizerOf(folder: string): Promise<ClipTokenizer> {
  const known = tokenizers.get(folder)
  if (known) return known
  const loading = ClipTokenizer.load(folder, '<|endoftext|>')
  tokenizers.set(folder, loading)
  loading.catch(() => tokenizers.delete(folder))
  return loading
}

type PartialInput = { [Field in keyof PromptInput]?: PromptInput[Field] | undefined }

/** A style, what is added to it, and where meanings are looked up: builds the prompts of one request after another. */
export class PromptBuilder {
  readonly style: PromptStyle
  readonly additions: Additions
  readonly knowledge: Knowledge

  constructor(style: PromptStyle, additions: Additions = {}, knowledge: Knowledge = {}) {
    this.style = style
    this.additions = additions
    this.knowledge = knowledge
  }

  /** @throws StudioError as buildPrompts() does */
  build({
    word = null,
    translation = null,
    prompt = null,
    negativePrompt = null,
  }: PartialInput): Promise<BuiltPrompts> {
    return buildPrompts({ word, translation, prompt, negativePrompt }, this.style, this.additions, this.knowledge)
  }
}
