/** A child that compares one network with its golden set on a provider: the libraries of a device are found by its environment. */
import { readFileSync } from 'node:fs'
import { answer } from '../channel/answer.ts'
import { ClipNetwork } from './clip-network.ts'
import { ControlNetwork } from './control-network.ts'
import type { LoadOptions } from './network.ts'
import { floats } from './tensor.ts'
import { at, component, type GoldenCase, inputsOf, load, maxDifference, picture } from './testing-goldens.ts'
import { UNetNetwork } from './unet-network.ts'
import { VaeNetwork } from './vae-network.ts'

export type GoldenNetwork = 'text_encoder' | 'text_encoder_2' | 'unet' | 'controlnet' | 'vae'

/** The largest difference of each output, by its name. */
export interface GoldenCalls {
  compare: { request: { network: GoldenNetwork; options: LoadOptions }; event: never; reply: Record<string, number> }
}

const size = { batch: 2, height: 16, width: 16, tokens: 77 }

const compare: Record<GoldenNetwork, (options: LoadOptions) => Promise<Record<string, number>>> = {
  text_encoder: options => clip('text_encoder', 'te1', 'pooler_output', options),
  text_encoder_2: options => clip('text_encoder_2', 'te2', 'text_embeds', options),

  async unet(options) {
    const { get, tensors } = await load('unet/io_16x16.safetensors')
    // Its 16-bit weights, as published ones are, on a device that may compute in 32 bits alone.
    const unet = await component('unet', 'unet', 'fp16')
    const network = await UNetNetwork.plan(unet, options, size, true).load()
    const context = await network.prepare(inputsOf(get))
    const [time] = get('timestep')
    const residuals = Object.fromEntries(
      Object.entries(tensors)
        .filter(([key]) => key.startsWith('residual.'))
        .map(([key, { data, shape }]) => [key.slice('residual.'.length), floats(data, ...shape)]),
    )
    const plain = await network.predict(context, get('sample'), time, null)
    const controlled = await network.predict(context, get('sample'), time, residuals)
    return {
      plain: maxDifference(plain, get('out.plain')),
      'with residuals': maxDifference(controlled, get('out.with_residuals')),
    }
  },

  async controlnet(options) {
    const index = JSON.parse(readFileSync(at('controlnet_union/index.json'), 'utf8'))['types8_latent16x16']
    const { get, tensors } = await load('controlnet_union/types8/io_16x16.safetensors')
    const network = await ControlNetwork.plan(
      await component('controlnet', 'controlnet_union/types8'),
      options,
      size,
    ).load()
    // The first of several controls: the fuser and every residual take part.
    const [label, { controls, control_type_idx: modes, conditioning_scale: scale }] = Object.entries(
      index.cases as Record<string, GoldenCase>,
    ).find(([, each]) => each.controls.length > 1 && !each.guess_mode)!
    const scales = Array.isArray(scale) ? scale : controls.map(() => scale)
    const conditions = []
    for (const [i, control] of controls.entries())
      conditions.push(await network.condition(await picture('types8', 128, 128, control), modes[i]))
    const fuser = await network.fuse(conditions, scales)
    const context = await network.prepare(inputsOf(get), modes)
    const out = await network.residuals(context, get('sample'), get('timestep')[0], { fuser, scale: 1 })
    const names = Object.keys(tensors).filter(key => key.startsWith(`${label}.down.`) || key === `${label}.mid`)
    return Object.fromEntries(
      names.map(name => [name, maxDifference(out[name.slice(label.length + 1)].data as Float32Array, get(name))]),
    )
  },

  async vae(options) {
    const { get } = await load('vae/io_16x16.safetensors')
    const vae = await component('vae', 'vae')
    const decoder = await VaeNetwork.plan(vae, options, size, 'decoder').load()
    const scaled = get('latent').map(value => value * decoder.config.scalingFactor)
    const decoded = await decoder.decode(scaled)
    const encoder = await VaeNetwork.plan(vae, options, size, 'encoder').load()
    const { mean } = await encoder.encode(get('image'))
    return { decoded: maxDifference(decoded, get('decode')), encoded: maxDifference(mean, get('encode.mean')) }
  },
}

async function clip(
  kind: 'text_encoder' | 'text_encoder_2',
  prefix: string,
  pooledName: string,
  options: LoadOptions,
): Promise<Record<string, number>> {
  const { tensors, get } = await load('clip/io.safetensors')
  const network = await ClipNetwork.plan(kind, await component(kind, `clip/${kind}`), options, [0, 3]).load()
  const width = network.config.hidden
  const ids = [...get(prefix === 'te1' ? 'ids1' : 'ids2')].slice(0, 77)
  const { hidden, pooled } = await network.encode(ids)
  const golden = (name: string, length: number) => get(`${prefix}.${name}`).subarray(0, length)
  return {
    embeddings: maxDifference(hidden[0], golden('hidden_states.0', 77 * width)),
    'last hidden': maxDifference(hidden[1], golden('hidden_states.3', 77 * width)),
    pooled: maxDifference(pooled, golden(pooledName, tensors[`${prefix}.${pooledName}`].shape[1])),
  }
}

answer<GoldenCalls>({ compare: ({ network, options }) => compare[network](options) })
