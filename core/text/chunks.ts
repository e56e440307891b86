import type { ClipTokenizer } from './clip-tokenizer.ts'
import { BREAK, parsePromptWeights } from './prompt-weights.ts'

/** Positions of a CLIP text encoder, start and end included. */
export const CONTEXT = 77
const ROOM = CONTEXT - 2

export interface Chunks {
  /** Rows of 77 ids: start, up to 75 tokens, end, padding. */
  rows: number[][]
  /** A weight for each id of each row; null where the prompt weighs nothing. */
  weights: number[][] | null
  /** Tokens of the text, without start, end and padding. */
  tokens: number
  /** Tokens that were dropped. */
  dropped: number
}

/**
 * Cuts a prompt into rows of 77. "chunk" takes as many as the text needs, 75 tokens at a time, as A1111 and ComfyUI do;
 * "truncate" keeps the first 75, as diffusers does.
 * @param weighted reads (word:1.3), [word] and BREAK (prompt-weights.ts) instead of taking them as words
 */
export function chunk(tokenizer: ClipTokenizer, text: string, mode: 'chunk' | 'truncate', weighted = false): Chunks {
  const parts = weighted ? weightedParts(tokenizer, text) : [{ ids: tokenizer.encode(text), weights: null }]
  const all = parts.flatMap(part => cut(tokenizer, part))
  const kept = mode === 'truncate' ? all.slice(0, 1) : all
  const tokens = parts.reduce((sum, { ids }) => sum + ids.length, 0)
  return {
    rows: kept.map(({ ids }) => row(tokenizer, ids)),
    weights: kept.some(({ weights }) => weights?.some(weight => weight !== 1))
      ? kept.map(({ ids, weights }) => rowWeights(ids.length, weights))
      : null,
    tokens,
    dropped: tokens - kept.reduce((sum, { ids }) => sum + ids.length, 0),
  }
}

interface Part {
  ids: number[]
  weights: number[] | null
}

/** What stands between two BREAKs; each piece of one weight is read for itself, as A1111 does. */
function weightedParts(tokenizer: ClipTokenizer, text: string): Part[] {
  const parts: { ids: number[]; weights: number[] }[] = [{ ids: [], weights: [] }]
  for (const piece of parsePromptWeights(text)) {
    if (piece === BREAK) {
      parts.push({ ids: [], weights: [] })
      continue
    }
    const ids = tokenizer.encode(piece.text)
    parts.at(-1)!.ids.push(...ids)
    parts.at(-1)!.weights.push(...ids.map(() => piece.weight))
  }
  return parts
}

function cut(tokenizer: ClipTokenizer, { ids, weights }: Part): Part[] {
  const pieces: Part[] = []
  let begin = 0
  do {
    const end = endOfRow(tokenizer, ids, begin)
    pieces.push({ ids: ids.slice(begin, end), weights: weights?.slice(begin, end) ?? null })
    begin = end
  } while (begin < ids.length)
  return pieces
}

/** The vectors of one embedding stay in one row, as A1111 keeps them, unless they are more than a row has. */
function endOfRow(tokenizer: ClipTokenizer, ids: number[], begin: number): number {
  const full = Math.min(begin + ROOM, ids.length)
  let end = full
  while (end < ids.length && end > begin && tokenizer.continues(ids[end])) end--
  return end > begin ? end : full
}

/** A row without any text: what shorter prompts are filled up with. */
export const emptyRow = (tokenizer: ClipTokenizer): number[] => row(tokenizer, [])

function row(tokenizer: ClipTokenizer, ids: number[]): number[] {
  const padding = new Array<number>(ROOM - ids.length).fill(tokenizer.pad)
  return [tokenizer.start, ...ids, tokenizer.end, ...padding]
}

/** Start, end and padding weigh 1. */
function rowWeights(count: number, weights: number[] | null): number[] {
  return [1, ...(weights ?? new Array<number>(count).fill(1)), ...new Array<number>(CONTEXT - 1 - count).fill(1)]
}
