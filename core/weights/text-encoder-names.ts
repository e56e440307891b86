/** Names of a text encoder's tensors as transformers 5 saves some of them: without the prefix "text_model.". */
import type { Tensor } from './types.ts'

/** The parts of CLIPTextTransformer; what stands beside it (text_projection, logit_scale) never had the prefix. */
const BARE_KEY = /^(embeddings|encoder|final_layer_norm)\./

/** embeddings.…, encoder.…, final_layer_norm.… → text_model.…; every other key stays. */
export function prefixedTextEncoderNames(tensors: ReadonlyMap<string, Tensor>): ReadonlyMap<string, Tensor> {
  return new Map(
    [...tensors].map(([name, tensor]) => {
      const prefixed = BARE_KEY.test(name) ? `text_model.${name}` : name
      return [prefixed, { ...tensor, name: prefixed }]
    }),
  )
}
