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

/** Rows of 77 ids for each encoder, and a weight for each id where the prompt weighs its words. */
export interface PromptRows {
  ids: readonly [number[][], number[][]]
  weights: readonly [number[][] | null, number[][] | null]
}

/** Rows of both tokenizers for a prompt and, if there is one, the prompt it is guided away from; as many rows for both. */
export interface TokenizedPrompts {
  prompt: PromptRows
  negative: PromptRows | null
  tokens: { prompt: number; negativePrompt: number | null; dropped: number }
  /** 77 a chunk. */
  length: number
}

export function tokenizePrompts(
  tokenizers: readonly [ClipTokenizer, ClipTokenizer],
  prompt: string,
  negativePrompt: string | null,
  mode: 'chunk' | 'truncate',
  weighted = false,
): TokenizedPrompts {
  const cut = (text: string) => tokenizers.map(tokenizer => chunk(tokenizer, text, mode, weighted))
  const positive = cut(prompt)
  const negative = negativePrompt === null ? null : cut(negativePrompt)
  const rows = Math.max(...[...positive, ...(negative ?? [])].map(chunks => chunks.rows.length))
  const fill = (all: typeof positive): PromptRows => {
    const ids = all.map(({ rows: own }, i) => {
      const filling = Array.from({ length: rows - own.length }, () => emptyRow(tokenizers[i]))
      return [...own, ...filling]
    })
    return { ids: [ids[0], ids[1]], weights: [all[0].weights, all[1].weights] }
  }
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
  { ids: rows, weights }: PromptRows,
  hiddenState: number,
): Promise<TextConditioning> {
  const widths = encoders.map(encoder => encoder.config.hidden)
  const dim = widths[0] + widths[1]
  const hidden = new Float32Array(rows[0].length * CONTEXT * dim)
  let pooled: Float32Array | null = null
  for (const [e, encoder] of encoders.entries()) {
    for (const [r, ids] of rows[e].entries()) {
      const out = await encoder.encode(ids)
      const state = weigh(out.hidden[hiddenState], weights[e]?.[r])
      for (let t = 0; t < CONTEXT; t++) {
        const token = state.subarray(t * widths[e], (t + 1) * widths[e])
        hidden.set(token, (r * CONTEXT + t) * dim + (e === 0 ? 0 : widths[0]))
      }
      if (e === 1 && r === 0) pooled = out.pooled
    }
  }
  return { hidden, pooled: pooled! }
}

/**
 * Each token's state times its weight, then all of it so that the mean is as before; the pooled text stays.
 * Source: AUTOMATIC1111 modules/sd_emphasis.py, EmphasisOriginal.
 * @param state (tokens, dim)
 * @param weights (tokens); undefined or all 1: the very same numbers
 */
export function weigh(state: Float32Array, weights: readonly number[] | undefined): Float32Array {
  if (!weights?.some(weight => weight !== 1)) return state
  const dim = state.length / weights.length
  const weighed = state.map((value, i) => value * weights[Math.floor(i / dim)])
  const sum = (values: Float32Array) => values.reduce((total, value) => total + value, 0)
  const [before, after] = [sum(state), sum(weighed)]
  // A mean of nothing cannot be restored.
  return after === 0 ? weighed : weighed.map(value => value * (before / after))
}
