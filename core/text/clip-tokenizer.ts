/**
 * CLIP's byte-level BPE tokenizer.
 * Source: OpenAI CLIP, simple_tokenizer.py; rules as in transformers' CLIPTokenizerFast (NFC, spaces folded, lower case).
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fault, reasonOf } from '../faults/fault.ts'
import { embeddedWordPattern } from './embedded-words.ts'

const START = '<|startoftext|>'
const END = '<|endoftext|>'
const WORD_END = '</w>'
/** Contractions, runs of letters, single digits, runs of anything else. */
const WORDS = /'s|'t|'re|'ve|'m|'ll|'d|\p{L}+|\p{N}|[^\p{White_Space}\p{L}\p{N}]+/gu
/** More merges than this is not a vocabulary. */
const MAX_MERGES = 1_000_000

/** Every byte as a printable character, so that merges can be written as text: GPT-2's table. */
const BYTE_CHARACTERS = byteCharacters()

function byteCharacters(): string[] {
  const printable = (byte: number) =>
    (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || (byte >= 0xae && byte <= 0xff)
  let next = 256
  return Array.from({ length: 256 }, (_, byte) => String.fromCodePoint(printable(byte) ? byte : next++))
}

type Words = ReadonlyMap<string, readonly number[]>
const NONE: Words = new Map()

export class ClipTokenizer {
  readonly start: number
  readonly end: number
  readonly pad: number
  readonly #vocabulary: ReadonlyMap<string, number>
  readonly #ranks: ReadonlyMap<string, number>
  readonly #raw: RegExp
  readonly #normalized: RegExp
  readonly #cache = new Map<string, number[]>()
  readonly #words: ReadonlyMap<string, readonly number[]>
  readonly #embedded: RegExp | null
  readonly #continuing: ReadonlySet<number>

  /**
   * vocabulary: token → id; merges: "a b" lines in order of rank; padToken is a special token too, so in SDXL's second
   * tokenizer every "!" of a prompt becomes id 0 instead of its ordinary token. words: those of embeddings, with their ids.
   */
  constructor(
    vocabulary: ReadonlyMap<string, number>,
    merges: readonly string[],
    padToken: string,
    words: Words = NONE,
  ) {
    this.#vocabulary = vocabulary
    this.#ranks = new Map(merges.map((pair, rank) => [pair, rank]))
    this.start = this.#id(START)
    this.end = this.#id(END)
    this.pad = this.#id(padToken)
    // The pad token is looked for in the text as written, the other two once it is in lower case.
    this.#raw = anyOf([padToken])
    this.#normalized = anyOf([START, END].filter(token => token !== padToken))
    this.#words = new Map([...words].map(([word, ids]) => [word.toLowerCase(), ids]))
    this.#embedded = embeddedWordPattern(words.keys())
    this.#continuing = new Set([...words.values()].flatMap(ids => ids.slice(1)))
  }

  /** Reads vocab.json and merges.txt. Throws StudioError('bad-weights') where they are damaged. */
  static async load(folder: string, padToken: string, words: Words = NONE): Promise<ClipTokenizer> {
    try {
      const vocabulary = new Map(
        Object.entries(JSON.parse(await readFile(join(folder, 'vocab.json'), 'utf8')) as Record<string, number>),
      )
      const lines = (await readFile(join(folder, 'merges.txt'), 'utf8')).split(/\r?\n/)
      const merges = lines.filter(line => line && !line.startsWith('#version'))
      if (merges.length > MAX_MERGES) throw new Error('too many merges')
      return new ClipTokenizer(vocabulary, merges, padToken, words)
    } catch (error) {
      throw fault('tokenizerUnreadable', { folder, reason: reasonOf(error) }, { cause: error })
    }
  }

  #id(token: string): number {
    const id = this.#vocabulary.get(token)
    if (id === undefined) throw new Error(`the vocabulary has no ${token}`)
    return id
  }

  /** Whether this id is a later vector of a word that has several: rows of 77 are not cut before it. */
  continues(id: number): boolean {
    return this.#continuing.has(id)
  }

  /** The ids of a text, without start, end and padding. */
  encode(text: string): number[] {
    if (!this.#embedded) return this.#published(text)
    // split() with one group gives text and embedded words in turn.
    return text
      .split(this.#embedded)
      .flatMap((piece, i) => (i % 2 === 1 && this.#words.get(piece.toLowerCase())) || this.#published(piece))
  }

  #published(text: string): number[] {
    const ids: number[] = []
    // split() with one group gives text and special tokens in turn.
    for (const [i, piece] of text.split(this.#raw).entries()) {
      if (i % 2 === 1) ids.push(this.#id(piece))
      else ids.push(...this.#plain(piece))
    }
    return ids
  }

  #plain(text: string): number[] {
    const parts = normalize(text).split(this.#normalized)
    return parts.flatMap((part, i) =>
      i % 2 === 1 ? [this.#id(part)] : [...part.matchAll(WORDS)].flatMap(([word]) => this.#word(word)),
    )
  }

  #word(word: string): readonly number[] {
    const known = this.#cache.get(word)
    if (known) return known
    const symbols = [...new TextEncoder().encode(word)].map(byte => BYTE_CHARACTERS[byte])
    symbols[symbols.length - 1] += WORD_END
    const ids = this.#merge(symbols).map(symbol => this.#vocabulary.get(symbol) ?? this.end)
    if (this.#cache.size < 10_000) this.#cache.set(word, ids)
    return ids
  }

  /** Joins the neighbours of lowest rank until none has a rank. */
  #merge(start: string[]): string[] {
    let symbols = start
    while (symbols.length > 1) {
      let best = Infinity
      for (let i = 0; i + 1 < symbols.length; i++) {
        best = Math.min(best, this.#ranks.get(`${symbols[i]} ${symbols[i + 1]}`) ?? Infinity)
      }
      if (best === Infinity) break
      const merged: string[] = []
      for (let i = 0; i < symbols.length; i++) {
        const joined = i + 1 < symbols.length && this.#ranks.get(`${symbols[i]} ${symbols[i + 1]}`) === best
        merged.push(joined ? symbols[i] + symbols[++i] : symbols[i])
      }
      symbols = merged
    }
    return symbols
  }
}

function anyOf(tokens: string[]): RegExp {
  return new RegExp(`(${tokens.map(token => token.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')})`)
}

function normalize(text: string): string {
  return text
    .normalize('NFC')
    .replace(/\p{White_Space}+/gu, ' ')
    .toLowerCase()
}
