import { describe, expect, it } from 'vitest'
import golden from '../../fixtures/few-steps/schedulers.json' with { type: 'json' }
import { FEW_STEPS_NAMES, FEW_STEPS_PRESETS, type FewStepsName, fewSteps, fewStepsOf } from '../contract/few-steps.ts'
import type { SamplerName } from '../contract/vocabulary.ts'
import { createSampler, type Sampler } from './sampler.ts'

const f = Math.fround

interface Run {
  timesteps: number[]
  latents: number[]
  originals: number[]
  noise: number[]
}

/** The golden set's stand-in for a network. */
function model(x: Float32Array, t: number): Float32Array {
  const cosine = f(Math.cos(f(t / 500)))
  return x.map(value => f(f(f(f(0.3) * value) * cosine) + f(f(0.1) * f(Math.sin(value)))))
}

const worst = (actual: ArrayLike<number>, expected: ArrayLike<number>) => {
  expect(actual.length).toBe(expected.length)
  return Array.from(actual).reduce((max, value, i) => Math.max(max, Math.abs(value - expected[i])), 0)
}

/** From the start through every call, with the golden run's own noise: all of it, and no more. */
function expectRun(sampler: Sampler, start: Float32Array, { timesteps, latents, originals, noise }: Run): void {
  expect([...sampler.timesteps]).toEqual(timesteps)
  let current = start
  let drawn = 0
  for (let i = 0; i < sampler.calls; i++) {
    const output = model(sampler.scaleInput(current, i), sampler.timesteps[i])
    const draw = () => Float32Array.from(noise.slice(drawn, (drawn += start.length)))
    const next = sampler.step(output, i, current, draw)
    const part = (all: number[]) => all.slice(i * start.length, (i + 1) * start.length)
    current = next.latents
    expect(worst(current, part(latents)), `latents after step ${i}`).toBeLessThan(1e-5 * Math.max(1, ...start))
    if (originals.length) expect(worst(next.predOriginal, part(originals))).toBeLessThan(1e-5 * Math.max(1, ...start))
  }
  expect(drawn).toBe(noise.length)
}

describe('few steps, against diffusers', () => {
  it.each(Object.entries(golden.presets))('%s, as its publisher sets it up', (key, run) => {
    const [name, steps] = key.split(' ') as [FewStepsName, string]
    const { sampler: id, scheduler } = fewSteps(name)
    const sampler = createSampler(id, golden.config, Number(steps), { override: scheduler })
    expect(worst([sampler.initNoiseSigma], [run.initNoiseSigma])).toBeLessThan(1e-6 * run.initNoiseSigma)
    expectRun(
      sampler,
      Float32Array.from(run.unit, value => value * sampler.initNoiseSigma),
      run,
    )
  })

  it('covers every preset at every number of steps that it names', () => {
    const named = FEW_STEPS_NAMES.flatMap(name => FEW_STEPS_PRESETS[name].steps.map(steps => `${name} ${steps}`))
    expect(Object.keys(golden.presets).sort()).toEqual(named.sort())
  })

  it.each(Object.entries(golden.others))('%s', (_, { sampler: id, steps, scheduler, unit, ...run }) => {
    const sampler = createSampler(id as SamplerName, golden.config, steps, { override: scheduler })
    expectRun(
      sampler,
      Float32Array.from(unit, value => value * sampler.initNoiseSigma),
      run,
    )
  })

  it('TCD from a picture, 8 steps, strength 0.6', () => {
    const { clean, added, start, ...run } = golden.fromPicture.tcd
    const sampler = createSampler('tcd', golden.config, 8, { strength: 0.6 })
    const noised = sampler.addNoise(Float32Array.from(clean), Float32Array.from(added))
    expect(worst(noised, start)).toBeLessThan(1e-6)
    expectRun(sampler, noised, run)
  })

  it('tells a preset from a request, whatever its steps', () => {
    for (const name of FEW_STEPS_NAMES) expect(fewStepsOf(fewSteps(name, 3))).toBe(name)
    expect(fewStepsOf({ ...fewSteps('lightning'), guidanceScale: 5 })).toBeNull()
    expect(fewStepsOf({})).toBeNull()
  })

  it.each<[string, SamplerName, number, Record<string, unknown>]>([
    ['The sampler tcd takes at most 50 steps, not 51.', 'tcd', 51, {}],
    ['do not fit 2 steps', 'lcm', 2, { timesteps: [999] }],
    ['do not fit 2 steps', 'tcd', 2, { timesteps: [499, 499] }],
    ['do not fit 1 steps', 'tcd', 1, { timesteps: [1000] }],
    ['"eta"', 'tcd', 4, { eta: 1.5 }],
    ['"timesteps"', 'lcm', 1, { timesteps: [] }],
  ])('refuses: %s', (message, sampler, steps, override) => {
    expect(() => createSampler(sampler, golden.config, steps, { override })).toThrow(message)
  })
})
