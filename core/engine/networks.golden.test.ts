/** Every network against diffusers and transformers, whole tensors. Data: sdxl/clip, unet, controlnet_union, vae. */
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { FUSIONS, type OpProfile } from '../graph/op-profiles.ts'
import { ClipNetwork } from './clip-network.ts'
import { ControlNetwork } from './control-network.ts'
import { floats, type Tensors } from './tensor.ts'
import { at, component, type GoldenCase, inputsOf, load, maxDifference, picture, sets } from './testing-goldens.ts'
import { UNetNetwork } from './unet-network.ts'
import { VaeNetwork } from './vae-network.ts'

const cpu = { provider: 'cpu', threads: 1 } as const

/** The variants of the op table that a CPU can run, and the other way into ONNX Runtime; each must give the same numbers. */
const variants: [string, Partial<OpProfile>, engine: string][] = [
  ['fused, context once', {}, ''],
  ['fused, context once, npm’s binding', {}, 'npm'],
  ['plain ops, context in the step', { attention: 'plain', activation: 'plain', contextOnce: false }, ''],
  ['16-bit weights mapped', { weights: 'mapped' }, ''],
  ['maps channels last, of standard ops', { maps: 'channels-last-plain' }, ''],
  ['the same, query, key and value in one product', { maps: 'channels-last-plain', fusions: FUSIONS }, ''],
]

describe('networks equal diffusers (each needs its golden set)', () => {
  describe.each(variants)('%s', (_, ops, engine) => {
    const options = { ...cpu, ops }
    beforeAll(() => void vi.stubEnv('ZIHUA_ENGINE', engine))
    afterAll(() => void vi.unstubAllEnvs())

    it.skipIf(!sets.clip).each([
      ['text_encoder', 'te1', 'pooler_output'],
      ['text_encoder_2', 'te2', 'text_embeds'],
    ] as const)('CLIP %s: every hidden state and the pooled output within 1e-4', async (kind, prefix, pooledName) => {
      const { tensors, get } = await load('clip/io.safetensors')
      const ids = [...get(prefix === 'te1' ? 'ids1' : 'ids2')]
      const network = await ClipNetwork.plan(kind, await component(kind, `clip/${kind}`), options, [0, 1, 2, 3]).load()
      const width = network.config.hidden
      for (let row = 0; row < 4; row++) {
        const { hidden, pooled } = await network.encode(ids.slice(row * 77, row * 77 + 77))
        hidden.forEach((state, layer) => {
          const golden = get(`${prefix}.hidden_states.${layer}`).subarray(row * 77 * width, (row + 1) * 77 * width)
          expect(maxDifference(state, golden)).toBeLessThan(1e-4)
        })
        const size = tensors[`${prefix}.${pooledName}`].shape[1]
        const golden = get(`${prefix}.${pooledName}`).subarray(row * size, (row + 1) * size)
        expect(maxDifference(pooled, golden)).toBeLessThan(1e-4)
      }
      await network.release()
    })

    it.skipIf(!sets.unet).each([
      ['io_16x16', 16, 16, null],
      ['io_24x16', 24, 16, null],
      ['io_16x16', 16, 16, 'fp16'],
    ] as const)('UNet %s within 1e-3 (%s × %s, %s)', async (name, height, width, variant) => {
      const { get, tensors } = await load(`unet/${name}.safetensors`)
      const unet = await component('unet', 'unet', variant)
      const size = { batch: 2, height, width, tokens: 77 }
      const plain = await UNetNetwork.plan(unet, options, size, false).load()
      const context = await plain.prepare(inputsOf(get))
      const time = get('timestep')[0]
      const cases = Object.keys(tensors).filter(key => key.startsWith('out.plain'))
      expect(cases.length).toBeGreaterThan(0)
      for (const key of cases) {
        const moment = key === 'out.plain' ? time : Number(key.slice('out.plain.t'.length))
        expect(maxDifference(await plain.predict(context, get('sample'), moment, null), get(key)), key).toBeLessThan(
          1e-3,
        )
      }
      await plain.release()

      const controlled = await UNetNetwork.plan(unet, options, size, true).load()
      const residuals: Tensors = Object.fromEntries(
        Object.entries(tensors)
          .filter(([key]) => key.startsWith('residual.'))
          .map(([key, { data, shape }]) => [key.slice('residual.'.length), floats(data, ...shape)]),
      )
      const controlledContext = await controlled.prepare(inputsOf(get))
      const out = await controlled.predict(controlledContext, get('sample'), time, residuals)
      expect(maxDifference(out, get('out.with_residuals'))).toBeLessThan(1e-3)
      const without = await controlled.predict(controlledContext, get('sample'), time, null)
      expect(maxDifference(without, get('out.plain'))).toBeLessThan(1e-3)
      await controlled.release()
    })

    it.skipIf(!sets.controlnet_union).each([
      ['types6', 'io_16x16', 'types6_latent16x16', 16, 16],
      ['types6', 'io_24x16', 'types6_latent24x16', 24, 16],
      ['types8', 'io_16x16', 'types8_latent16x16', 16, 16],
    ] as const)(
      'ControlNet-Union %s %s: every case, every residual within 1e-3',
      async (types, name, key, height, width) => {
        const index = JSON.parse(readFileSync(at('controlnet_union/index.json'), 'utf8'))[key]
        const { get, tensors } = await load(`controlnet_union/${types}/${name}.safetensors`)
        const network = await ControlNetwork.plan(await component('controlnet', `controlnet_union/${types}`), options, {
          batch: 2,
          height,
          width,
          tokens: 77,
        }).load()
        const cases = Object.entries(index.cases as Record<string, GoldenCase>)
        expect(cases.length).toBeGreaterThan(0)
        for (const [
          label,
          { controls, control_type_idx: modes, conditioning_scale: scale, guess_mode: guess },
        ] of cases) {
          const scales = Array.isArray(scale) ? scale : controls.map(() => scale)
          const conditions = await Promise.all(
            controls.map(async (c, i) => network.condition(await picture(types, width * 8, height * 8, c), modes[i])),
          )
          // One control: the fuser is unscaled and the residuals are scaled. More: the other way round.
          const single = controls.length === 1
          const fuser = await network.fuse(conditions, single ? [1] : scales)
          if (tensors[`${label}.fuser`]) expect(maxDifference(fuser, get(`${label}.fuser`)), label).toBeLessThan(1e-4)
          const context = await network.prepare(inputsOf(get), modes)
          const control = { fuser, scale: single ? scales[0] : 1 }
          const out = await network.residuals(context, get('sample'), get('timestep')[0], control)
          const names = Object.keys(tensors).filter(k => k.startsWith(`${label}.down.`) || k === `${label}.mid`)
          expect(names.length).toBe(10)
          for (const k of names) {
            const residual = k.slice(label.length + 1)
            const data = (out[residual].data as Float32Array).map(v => v * guessFactor(guess, residual))
            expect(maxDifference(data, get(k)), k).toBeLessThan(1e-3)
          }
        }
        await network.release()
      },
    )

    it.skipIf(!sets.vae).each([
      ['io_16x16', 16, 16],
      ['io_24x16', 24, 16],
    ] as const)('VAE %s: decoded picture and moments within 1e-3', async (name, height, width) => {
      const { get } = await load(`vae/${name}.safetensors`)
      const vae = await component('vae', 'vae')
      const decoder = await VaeNetwork.plan(vae, options, { height, width }, 'decoder').load()
      // The golden latent is unscaled, as AutoencoderKL.decode takes it.
      const scaled = get('latent').map(value => value * decoder.config.scalingFactor)
      expect(maxDifference(await decoder.decode(scaled), get('decode'))).toBeLessThan(1e-3)
      await decoder.release()
      const encoder = await VaeNetwork.plan(vae, options, { height, width }, 'encoder').load()
      const { mean, logvar } = await encoder.encode(get('image'))
      expect(maxDifference(mean, get('encode.mean'))).toBeLessThan(1e-3)
      expect(maxDifference(logvar, get('encode.logvar'))).toBeLessThan(1e-3)
      const latent = encoder.sample(mean, logvar, get('sample.noise'))
      expect(maxDifference(latent, get('sample.latent_scaled'))).toBeLessThan(1e-3)
      await encoder.release()
    })
  })
})

/** diffusers' guess mode weighs the residuals by logspace(−1, 0, 10); the studio has no such mode, but the numbers below it are the same. */
function guessFactor(guess: boolean, residual: string): number {
  if (!guess) return 1
  const index = residual === 'mid' ? 9 : Number(residual.slice('down.'.length))
  return 10 ** (-1 + index / 9)
}
