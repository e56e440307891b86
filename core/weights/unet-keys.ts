/**
 * The UNet's two sets of names: the original ones (sgm: input_blocks, middle_block, output_blocks) and diffusers'.
 * Source: huggingface/diffusers scripts/convert_diffusers_to_original_sdxl.py. Both directions are pure functions of a
 * name and the number of resnets a block has (layers_per_block; 2 in SDXL).
 *
 *     input_blocks:  0 conv_in · then per block: L × (resnet .0, attention .1), downsampler (.0.op)
 *     output_blocks: per block: L + 1 × (resnet .0, attention .1), the last with its upsampler (.1 or .2, .conv)
 */

/** Names outside the blocks: original → diffusers. */
const OUTER: readonly (readonly [string, string])[] = [
  ['input_blocks.0.0', 'conv_in'],
  ['time_embed.0', 'time_embedding.linear_1'],
  ['time_embed.2', 'time_embedding.linear_2'],
  ['label_emb.0.0', 'add_embedding.linear_1'],
  ['label_emb.0.2', 'add_embedding.linear_2'],
  ['out.0', 'conv_norm_out'],
  ['out.2', 'conv_out'],
]

/** Names inside a resnet: original → diffusers. */
const RESNET: readonly (readonly [string, string])[] = [
  ['in_layers.0', 'norm1'],
  ['in_layers.2', 'conv1'],
  ['emb_layers.1', 'time_emb_proj'],
  ['out_layers.0', 'norm2'],
  ['out_layers.3', 'conv2'],
  ['skip_connection', 'conv_shortcut'],
]

/** Original name without its prefix → diffusers name, or null for a name that is none of the UNet's. */
export function unetFromOriginal(name: string, layersPerBlock: number): string | null {
  const outer = swapHead(name, OUTER)
  if (outer) return outer
  const middle = /^middle_block\.([012])\.(.+)$/.exec(name)
  if (middle)
    return middle[1] === '1'
      ? `mid_block.attentions.0.${middle[2]}`
      : resnet('mid_block', Number(middle[1]) / 2, middle[2])
  const block = /^(input|output)_blocks\.(\d+)\.([012])\.(.+)$/.exec(name)
  if (!block) return null
  const [, side, number, child, rest] = block
  const group = layersPerBlock + 1
  const index = Number(number) - (side === 'input' ? 1 : 0)
  const [stage, layer] = [Math.floor(index / group), index % group]
  const at = `${side === 'input' ? 'down' : 'up'}_blocks.${stage}`
  if (rest.startsWith('op.')) return `${at}.downsamplers.0.conv.${rest.slice(3)}`
  if (rest.startsWith('conv.')) return `${at}.upsamplers.0.conv.${rest.slice(5)}`
  return child === '0' ? resnet(at, layer, rest) : `${at}.attentions.${layer}.${rest}`
}

/**
 * Diffusers name → original name without its prefix, or null.
 * @param hasAttention whether a block of the up side has attentions: the upsampler's place depends on it
 */
export function unetToOriginal(
  name: string,
  layersPerBlock: number,
  hasAttention: (block: string) => boolean,
): string | null {
  const outer = swapHead(
    name,
    OUTER.map(([a, b]) => [b, a] as const),
  )
  if (outer) return outer
  const match =
    /^(mid_block|(?:down|up)_blocks\.(\d+))\.(resnets|attentions|downsamplers|upsamplers)\.(\d+)\.(.+)$/.exec(name)
  if (!match) return null
  const [, at, stage, kind, layer, rest] = match
  const inner =
    kind === 'resnets'
      ? swapHead(
          rest,
          RESNET.map(([a, b]) => [b, a] as const),
        )
      : rest
  if (inner === null) return null
  if (at === 'mid_block') return `middle_block.${kind === 'attentions' ? 1 : Number(layer) * 2}.${inner}`
  const first = Number(stage) * (layersPerBlock + 1)
  if (kind === 'downsamplers') return `input_blocks.${first + layersPerBlock + 1}.0.op.${rest.replace(/^conv\./, '')}`
  if (kind === 'upsamplers') return `output_blocks.${first + layersPerBlock}.${hasAttention(at) ? 2 : 1}.${rest}`
  const child = kind === 'attentions' ? 1 : 0
  return at.startsWith('down')
    ? `input_blocks.${1 + first + Number(layer)}.${child}.${inner}`
    : `output_blocks.${first + Number(layer)}.${child}.${inner}`
}

function resnet(at: string, layer: number, rest: string): string | null {
  const inner = swapHead(rest, RESNET)
  return inner === null ? null : `${at}.resnets.${layer}.${inner}`
}

/** Replaces the head of a dotted name by its counterpart, or null where none fits. */
function swapHead(name: string, pairs: readonly (readonly [string, string])[]): string | null {
  const pair = pairs.find(([head]) => name.startsWith(`${head}.`))
  return pair ? pair[1] + name.slice(pair[0].length) : null
}
