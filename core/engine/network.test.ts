import { expect, it } from 'vitest'
import { randomModel, TINY_SIZE } from '../graph/random-model.ts'
import { createNoise } from '../sampler/noise.ts'
import type { Component, Weights } from '../weights/types.ts'
import { planDenoiser } from './denoiser.ts'
import { Session } from './session.ts'
import { UNetNetwork } from './unet-network.ts'

const model = randomModel(TINY_SIZE)
const cpu = { provider: 'cpu', threads: 1 } as const
const sizes = { height: 16, width: 16, tokens: 77 }

it('a network of which the second graph cannot be loaded gives the first back', async () => {
  // The step reads conv_in, the context does not: its session is there when the step's fails.
  const damaged: Component = {
    ...model.unet,
    weights: () => {
      const weights = model.unet.weights()
      const take: Weights['take'] = (name, shape) => ({
        ...weights.take(name, shape),
        ...(name === 'conv_in.weight' ? { data: { file: '/nowhere/unet.safetensors', offset: 0, length: 4608 } } : {}),
      })
      return { ...weights, take }
    },
  }
  const plan = UNetNetwork.plan(damaged, cpu, { batch: 2, ...sizes }, false)
  await expect(plan.load()).rejects.toMatchObject({ code: 'bad-weights' })
  expect(Session.loaded).toBe(0)
})

it('a step is the same in every form, with controls and without, guided and not', async () => {
  const inputs = (rows: number) => {
    const noise = createNoise(7, 0)
    return {
      encoderHiddenStates: noise.next(rows * 77 * 64),
      textEmbeds: noise.next(rows * 32),
      timeIds: Float32Array.from({ length: rows * 6 }, (_, i) => 16 * (i + 1)),
    }
  }
  const noise = createNoise(8, 0)
  const latents = noise.next(4 * 16 * 16)
  const fuser = noise.next(32 * 16 * 16)
  for (const guided of [true, false]) {
    const results: [string, Float32Array, Float32Array][] = []
    for (const step of ['split', 'fused'] as const) {
      for (const passes of [1, 2] as const) {
        const plan = planDenoiser(model, { ...cpu, passes, ops: { step } }, { ...sizes, guided }, true)
        const denoiser = await plan.load()
        const prepared = await denoiser.prepare(inputs(guided ? 2 : 1), [1, 3])
        const predict = (control: { fuser: Float32Array; scale: number } | null) =>
          denoiser.predict({ prepared, latents, timestep: 500, control, guidanceScale: guided ? 5 : 1 })
        results.push([`${step}, ${passes}`, await predict({ fuser, scale: 0.7 }), await predict(null)])
        await denoiser.release()
      }
    }
    const [[, controlled, alone]] = results
    expect(difference(controlled, alone)).toBeGreaterThan(0.01)
    for (const [form, ...others] of results.slice(1)) {
      expect(difference(others[0], controlled), form).toBeLessThan(1e-4)
      expect(difference(others[1], alone), form).toBeLessThan(1e-4)
    }
  }
})

const difference = (a: Float32Array, b: Float32Array): number =>
  a.reduce((max, value, i) => Math.max(max, Math.abs(value - b[i])), 0)
