/**
 * Prompts → what the networks read. Both encoders read the same text; their penultimate hidden states stand side by side,
 * the second one's projected output is the pooled text. Source: diffusers, pipeline_stable_diffusion_xl.py (encode_prompt).
 */
import type { ClipNetwork } from '../engine/clip-network.ts'
import { CONTEXT, chunk, emptyRow } from '../text/chunks.ts'
import type { ClipTokenizer } from '../text/clip-tokenizer.ts'

export interface TextConditioning {
  /** (tokens, dim) */
  hidden: Float32Array
  /** (pooled,) of the first chunk, as A1111 and ComfyUI take it. */
  pooled: Float32Array
}

/** Rows of both tokenizers for a prompt and, if there is one, the prompt it is guided away from; as many rows for both. */
export interface TokenizedPrompts {
  prompt: [number[][], number[][]]
  negative: [number[][], number[][]] | null
  tokens: { prompt: number; negativePrompt: number | null; dropped: number }
  /** 77 a chunk. */
  length: number
}

export function tokenizePrompts(
  tokenizers: readonly [ClipTokenizer, ClipTokenizer],
  prompt: string,
  negativePrompt: string | null,
  mode: 'chunk' | 'truncate',
): TokenizedPrompts {
  const cut = (text: string) => tokenizers.map(tokenizer => chunk(tokenizer, text, mode))
  const positive = cut(prompt)
  const negative = negativePrompt === null ? null : cut(negativePrompt)
  const rows = Math.max(...[...positive, ...(negative ?? [])].map(chunks => chunks.rows.length))
  const fill = (all: typeof positive) =>
    all.map(({ rows: own }, i) => {
      const filling = Array.from({ length: rows - own.length }, () => emptyRow(tokenizers[i]))
      return [...own, ...filling]
    }) as [number[][], number[][]]
  return {
    prompt: fill(positive),
    negative: negative && fill(negative),
    tokens: {
      prompt: positive[0].tokens,
      negativePrompt: negative?.[0].tokens ?? null,
      dropped: positive[0].dropped + (negative?.[0].dropped ?? 0),
    },
    length: rows * CONTEXT,
  }
}

/** hiddenState: which of the encoders' hidden states to take, as an index into those they were loaded with. */
export async function encodeText(
  encoders: readonly [ClipNetwork, ClipNetwork],
  rows: readonly [number[][], number[][]],
  hiddenState: number,
): Promise<TextConditioning> {
  const widths = encoders.map(encoder => encoder.config.hidden)
  const dim = widths[0] + widths[1]
  const hidden = new Float32Array(rows[0].length * CONTEXT * dim)
  let pooled: Float32Array | null = null
  for (const [e, encoder] of encoders.entries()) {
    for (const [r, ids] of rows[e].entries()) {
      const out = await encoder.encode(ids)
      for (let t = 0; t < CONTEXT; t++) {
        const token = out.hidden[hiddenState].subarray(t * widths[e], (t + 1) * widths[e])
        hidden.set(token, (r * CONTEXT + t) * dim + (e === 0 ? 0 : widths[0]))
      }
      if (e === 1 && r === 0) pooled = out.pooled
    }
  }
  return { hidden, pooled: pooled! }
}
