/** LoRA merged at load: both text encoders, the UNet and a whole run against diffusers, four files in two naming schemes. */
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { ClipNetwork } from '../engine/clip-network.ts'
import { UNetNetwork } from '../engine/unet-network.ts'
import { ModelRegistry } from '../machine/registry.ts'
import { InferenceClient } from '../processes/painting/client.ts'
import { builtInStyle } from '../prompt/styles.ts'
import { fixture } from '../testing/fixtures.ts'
import { ModelLoader } from '../weights/loader.ts'
import { toFloat32 } from '../weights/numbers.ts'
import { readTensor } from '../weights/safetensors.ts'
import { AIImageGenerator } from './ai-image-generator.ts'

const model = fixture('sdxl/pipeline')
const loras = fixture('sdxl/lora')
const cpu = { provider: 'cpu', threads: 1 } as const

const inference = new InferenceClient({ settings: { load: cpu, retention: { budgetBytes: 1e9 } } })
afterAll(() => inference.stop())

const largest = (a: Float32Array, b: Float32Array) => {
  expect(a.length).toBe(b.length)
  return a.reduce((max, value, i) => Math.max(max, Math.abs(value - b[i])), 0)
}

describe.skipIf(!model || !loras)('LoRA (needs the golden sets sdxl/pipeline and sdxl/lora)', () => {
  it.each([
    ['attn_ff_te', 'attn_ff_te'],
    ['attn_ff_te_diffusers_style_names', 'attn_ff_te'],
    ['locon_conv', 'locon_conv'],
    ['locon_conv_diffusers_style_names', 'locon_conv'],
  ])('%s: encoders and UNet within 1e-3, final latents within 5e-3', async (name, golden) => {
    const read = async (tensor: string) => {
      const { dtype, data } = await readTensor(join(loras!, `${golden}_io.safetensors`), tensor)
      return toFloat32(dtype, data)
    }
    const path = join(loras!, `${name}.safetensors`)
    const merged = await new ModelLoader().open({ model: model!, loras: [{ path, weight: 0.8 }] })
    try {
      const first = await ClipNetwork.plan('text_encoder', merged.textEncoder, cpu).load()
      const second = await ClipNetwork.plan('text_encoder_2', merged.textEncoder2, cpu).load()
      const [ids1, ids2] = [[...(await read('ids1'))], [...(await read('ids2'))]]
      for (const row of [0, 1]) {
        const part = (values: Float32Array) =>
          values.subarray((row * values.length) / 2, ((row + 1) * values.length) / 2)
        const one = await first.encode(ids1.slice(row * 77, row * 77 + 77))
        expect(largest(one.hidden[0], part(await read('te1.penultimate.lora0.8')))).toBeLessThan(1e-3)
        const two = await second.encode(ids2.slice(row * 77, row * 77 + 77))
        expect(largest(two.hidden[0], part(await read('te2.penultimate.lora0.8')))).toBeLessThan(1e-3)
        expect(largest(two.pooled, part(await read('te2.text_embeds.lora0.8')))).toBeLessThan(1e-3)
      }
      const unet = await UNetNetwork.plan(
        merged.unet,
        cpu,
        { batch: 2, height: 16, width: 16, tokens: 77 },
        false,
      ).load()
      const context = await unet.prepare({
        encoderHiddenStates: await read('encoder_hidden_states'),
        textEmbeds: await read('text_embeds'),
        timeIds: await read('time_ids'),
      })
      const predicted = await unet.predict(context, await read('sample'), (await read('timestep'))[0], null)
      expect(largest(predicted, await read('unet.lora0.8'))).toBeLessThan(1e-3)
      for (const network of [first, second, unet]) await network.release()
    } finally {
      await merged.dispose()
    }

    const generator = new AIImageGenerator({
      inference,
      registry: new ModelRegistry(join(tmpdir(), 'zihua-no-models')),
      style: async id => builtInStyle(id)!,
      buildPrompts: async ({ prompt, negativePrompt }) => ({ prompt: prompt!, negativePrompt }),
      maps: { draw: () => Promise.reject(new Error('no maps here')) },
    })
    for (const [weight, tensor] of [
      [0.8, 'pipeline.final_latents.lora0.8'],
      [0, 'pipeline.final_latents.base'],
    ] as const) {
      const request = {
        model,
        prompt: 'a photo of a cat',
        negativePrompt: 'blurry',
        guidanceScale: 4,
        steps: 3,
        sampler: 'euler',
        width: 128,
        height: 128,
        controls: null,
        loras: [{ path, weight }],
        latents: `${join(loras!, `${golden}_io.safetensors`)}#pipeline.latents_initial_unit`,
      }
      const [{ trace }] = await generator.generateFrom(request, { base: '/', trace: true })
      expect(largest(trace!['latents_after_step.2'].data, await read(tensor)), tensor).toBeLessThan(5e-3)
    }
  })
})
