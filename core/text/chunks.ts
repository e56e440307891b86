import type { ClipTokenizer } from './clip-tokenizer.ts'

/** Positions of a CLIP text encoder, start and end included. */
export const CONTEXT = 77

export interface Chunks {
  /** Rows of 77 ids: start, up to 75 tokens, end, padding. */
  rows: number[][]
  /** Tokens of the text, without start, end and padding. */
  tokens: number
  /** Tokens that were dropped. */
  dropped: number
}

/**
 * Cuts a prompt into rows of 77. "chunk" takes as many as the text needs, 75 tokens at a time, as A1111 and ComfyUI do;
 * "truncate" keeps the first 75, as diffusers does.
 */
export function chunk(tokenizer: ClipTokenizer, text: string, mode: 'chunk' | 'truncate'): Chunks {
  const ids = tokenizer.encode(text)
  const room = CONTEXT - 2
  const count = mode === 'truncate' ? 1 : Math.max(1, Math.ceil(ids.length / room))
  const rows = Array.from({ length: count }, (_, i) => row(tokenizer, ids.slice(i * room, (i + 1) * room)))
  return { rows, tokens: ids.length, dropped: Math.max(0, ids.length - count * room) }
}

/** A row without any text: what shorter prompts are filled up with. */
export const emptyRow = (tokenizer: ClipTokenizer): number[] => row(tokenizer, [])

function row(tokenizer: ClipTokenizer, ids: number[]): number[] {
  const padding = new Array<number>(CONTEXT - 2 - ids.length).fill(tokenizer.pad)
  return [tokenizer.start, ...ids, tokenizer.end, ...padding]
}
