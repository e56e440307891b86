/** Names of the VAE's attention before diffusers 0.17, still in published files. */
import type { Tensor } from './types.ts'

/** Source: diffusers models/modeling_utils.py, _convert_deprecated_attention_blocks. */
const OLD_NAMES: Readonly<Record<string, string>> = {
  query: 'to_q',
  key: 'to_k',
  value: 'to_v',
  proj_attn: 'to_out.0',
}
const OLD_KEY = /^((?:encoder|decoder)\.mid_block\.attentions\.0)\.(query|key|value|proj_attn)\.(weight|bias)$/

/** query, key, value, proj_attn → to_q, to_k, to_v, to_out.0; every other key stays. */
export function modernVaeNames(tensors: ReadonlyMap<string, Tensor>): ReadonlyMap<string, Tensor> {
  return new Map(
    [...tensors].map(([name, tensor]) => {
      const old = OLD_KEY.exec(name)
      const modern = old ? `${old[1]}.${OLD_NAMES[old[2]]}.${old[3]}` : name
      return [modern, { ...tensor, name: modern }]
    }),
  )
}
