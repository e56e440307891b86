import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { SAMPLERS, type SamplerName } from '../contract/vocabulary.ts'
import { StudioError } from '../faults/studio-error.ts'
import { fixture } from '../testing/fixtures.ts'
import published from '../weights/configs/scheduler.json' with { type: 'json' }
import { toFloat32 } from '../weights/numbers.ts'
import { readBytes, readHeader } from '../weights/safetensors.ts'
import { createSampler, type Sampler, type SamplerOptions } from './sampler.ts'

const index = fixture('sdxl/schedulers/index.json')
const f = Math.fround

interface Variant {
  config: Record<string, unknown>
  config_overrides: Record<string, unknown>
  class: string
  runs: Record<string, { calls: number; noise_draws_per_step: number[] }>
}

/** Variant of the golden set → our sampler's name, and what is asked for besides. */
const VARIANTS: [variant: string, sampler: SamplerName, options: SamplerOptions][] = [
  ['euler', 'euler', {}],
  ['euler_karras', 'euler_karras', {}],
  ['euler_v_prediction', 'euler', {}],
  ['euler_trailing', 'euler', {}],
  ['euler_linspace', 'euler', {}],
  ['euler_v_zsnr_trailing', 'euler', {}],
  ['euler_ancestral', 'euler_a', {}],
  ['euler_ancestral_v_prediction', 'euler_a', {}],
  ['dpmpp_2m', 'dpmpp_2m', {}],
  ['dpmpp_2m_karras', 'dpmpp_2m_karras', {}],
  ['dpmpp_2m_v_prediction', 'dpmpp_2m', {}],
  ['dpmpp_2m_sde', 'dpmpp_2m_sde', {}],
  ['dpmpp_2m_sde_karras', 'dpmpp_2m_sde_karras', {}],
  ['ddim', 'ddim', {}],
  ['ddim_eta0.5', 'ddim', { override: { eta: 0.5 } }],
  ['ddim_v_prediction', 'ddim', {}],
  ['unipc', 'unipc', {}],
  ['unipc_karras', 'unipc', { override: { use_karras_sigmas: true } }],
  ['lcm', 'lcm', {}],
  ['heun', 'heun', {}],
  ['heun_karras', 'heun', { override: { use_karras_sigmas: true } }],
]

/** The golden set's stand-in for a network. */
function model(x: Float32Array, t: number): Float32Array {
  const cosine = f(Math.cos(f(t / 500)))
  return x.map(value => f(f(f(f(0.3) * value) * cosine) + f(f(0.1) * f(Math.sin(value)))))
}

async function readAll(file: string): Promise<Map<string, Float32Array>> {
  const { tensors } = await readHeader(file)
  const bytes = await readBytes(file, 0, Math.max(...tensors.values().map(entry => entry.offset + entry.length)))
  return new Map(
    tensors
      .entries()
      .map(([name, { dtype, offset, length }]) => [name, toFloat32(dtype, bytes.slice(offset, offset + length))]),
  )
}

function worst(actual: Float32Array, expected: Float32Array): number {
  expect(actual.length).toBe(expected.length)
  return actual.reduce((max, value, i) => Math.max(max, Math.abs(value - expected[i])), 0)
}

/** Relative size of float32's last bit and a half: torch's and numpy's vectorised pow and log may differ by the last bit. */
const ULP = 1.5 * 2 ** -23

/** Greatest relative difference. */
function furthest(actual: Float32Array, expected: Float32Array): number {
  return worst(
    actual.map((value, i) => value / (expected[i] || 1)),
    expected.map(value => value / (value || 1)),
  )
}

/** Whole timesteps are equal; fractional ones (Karras sigmas of Euler and Heun) went through numpy's float32 logarithm. */
function expectTimesteps(actual: Float64Array, expected: Float32Array): void {
  if (expected.every(Number.isInteger)) expect(Float32Array.from(actual)).toEqual(expected)
  else expect(worst(Float32Array.from(actual), expected)).toBeLessThan(1e-4)
}

interface Walk {
  latents: Float32Array
  originals: Float32Array
  drawn: number
}

/** Runs every call and lays the results behind one another. */
function walk(sampler: Sampler, start: Float32Array, noise: Float32Array | undefined): Walk {
  const size = start.length
  const latents = new Float32Array(sampler.calls * size)
  const originals = new Float32Array(sampler.calls * size)
  let drawn = 0
  let current = start
  for (let i = 0; i < sampler.calls; i++) {
    const output = model(sampler.scaleInput(current, i), sampler.timesteps[i])
    const next = sampler.step(output, i, current, () => noise!.subarray(drawn * size, ++drawn * size))
    current = next.latents
    latents.set(next.latents, i * size)
    originals.set(next.predOriginal, i * size)
  }
  return { latents, originals, drawn }
}

describe.skipIf(!index)('samplers against diffusers (needs ZIHUA_FIXTURES)', () => {
  const golden: { sdxl_config: Record<string, unknown>; variants: Record<string, Variant> } = index
    ? JSON.parse(readFileSync(index, 'utf8').replaceAll('-Infinity', 'null'))
    : { sdxl_config: {}, variants: {} }

  it('covers every variant of the golden set', () => {
    expect(VARIANTS.map(([variant]) => variant).sort()).toEqual(Object.keys(golden.variants).sort())
  })

  for (const [variant, name, options] of VARIANTS) {
    describe(variant, () => {
      let tensors = new Map<string, Float32Array>()
      beforeAll(async () => {
        tensors = await readAll(fixture(`sdxl/schedulers/${variant}.safetensors`)!)
      })
      const at = (key: string) => tensors.get(key)!
      // Without the golden set the tests below are skipped, but their names are still collected.
      const { config_overrides = {}, runs = {} } = golden.variants[variant] ?? {}
      const config = { ...golden.sdxl_config, ...config_overrides }
      // Rescaling to zero terminal SNR subtracts nearly equal roots: the last bit of a square root becomes some twenty.
      const tolerance = variant.includes('zsnr') ? 20 * ULP : ULP

      it.each([1, 4, 20, 30])('N = %i: timesteps, sigmas, every latent', n => {
        const sampler = createSampler(name, config, n, options)
        expectTimesteps(sampler.timesteps, at(`n${n}.timesteps`))
        if (tensors.has(`n${n}.sigmas`)) expect(furthest(sampler.sigmas, at(`n${n}.sigmas`))).toBeLessThan(tolerance)
        expect(furthest(Float32Array.of(sampler.initNoiseSigma), at(`n${n}.init_noise_sigma`))).toBeLessThan(ULP)
        const start = at('latent_unit').map(value => value * sampler.initNoiseSigma)
        expect(worst(sampler.scaleInput(start, 0), at(`n${n}.model_input_0`))).toBeLessThan(1e-6)
        const { latents, originals, drawn } = walk(sampler, start, at(`n${n}.noise`))
        expect(worst(latents, at(`n${n}.latents_after_step`))).toBeLessThan(1e-4)
        if (tensors.has(`n${n}.pred_original`)) expect(worst(originals, at(`n${n}.pred_original`))).toBeLessThan(1e-4)
        expect(drawn).toBe(runs[`n${n}`].noise_draws_per_step.reduce((a, b) => a + b, 0))
      })

      it('image-to-image, 20 steps, strength 0.6', () => {
        const sampler = createSampler(name, config, 20, { ...options, strength: 0.6 })
        const key = (what: string) => at(`img2img_20_0.6.${what}`)
        expectTimesteps(sampler.timesteps, key('timesteps'))
        const start = sampler.addNoise(key('x0'), key('noise'))
        expect(worst(start, key('noised'))).toBeLessThan(1e-5)
        expect(worst(walk(sampler, start, key('step_noise')).latents, key('latents_after_step'))).toBeLessThan(1e-4)
      })
    })
  }
})

const sdxl = { beta_start: 0.00085, beta_end: 0.012, beta_schedule: 'scaled_linear', timestep_spacing: 'leading' }

describe('createSampler', () => {
  it('tells the progress of every call, for control windows', () => {
    expect(createSampler('heun', sdxl, 2).stepFraction(1)).toEqual([1 / 3, 2 / 3])
    expect(createSampler('euler', sdxl, 10, { strength: 0.5 }).stepFraction(4)).toEqual([4 / 5, 1])
  })

  it('takes a whole scheduler config with its class', () => {
    const override = { ...sdxl, _class_name: 'DDIMScheduler', _diffusers_version: '0.40.0', skip_prk_steps: true }
    const ours = createSampler('euler', {}, 4, { override: { ...override, clip_sample: false, steps_offset: 1 } })
    expect([...ours.timesteps]).toEqual([751, 501, 251, 1])
    expect(ours.initNoiseSigma).toBe(1)
  })

  it.each(SAMPLERS)(
    '%s runs with the published config of SDXL, and of a model that was published with another class',
    name => {
      const other = {
        _class_name: 'DPMSolverMultistepScheduler',
        algorithm_type: 'dpmsolver++',
        lambda_min_clipped: null,
      }
      for (const config of [published, { ...published, ...other, solver_type: 'bh2', use_karras_sigmas: true }]) {
        const sampler = createSampler(name, config, 5)
        const { latents } = walk(sampler, Float32Array.of(sampler.initNoiseSigma), new Float32Array(5))
        expect(latents.every(Number.isFinite)).toBe(true)
      }
    },
  )

  it('a fresh one a picture: history does not travel', () => {
    const run = () => walk(createSampler('unipc', sdxl, 5), Float32Array.from([1, -2, 0.5]), undefined).latents
    expect(run()).toEqual(run())
  })

  it('trailing spacing has exactly N timesteps for every N', () => {
    for (let n = 1; n <= 999; n++) {
      const { timesteps } = createSampler('euler', { ...sdxl, timestep_spacing: 'trailing' }, n)
      expect([timesteps.length, timesteps[0], timesteps[n - 1] >= 0]).toEqual([n, 999, true])
    }
  })

  const refuse = (sampler: SamplerName, config: object, options: SamplerOptions, steps = 4) => {
    try {
      createSampler(sampler, { ...sdxl, ...config }, steps, options)
    } catch (error) {
      if (error instanceof StudioError) return `${error.code}: ${error.message}`
    }
    return 'accepted'
  }
  it.each<[string, SamplerName, object, SamplerOptions, number?]>([
    ['"beta_schedule"', 'euler', { beta_schedule: 'squaredcos_cap_v2' }, {}],
    ['"prediction_type"', 'euler', { prediction_type: 'flow_prediction' }, {}],
    ['"use_beta_sigmas"', 'dpmpp_2m', { use_beta_sigmas: true }, {}],
    [
      '"timestep_spacing"',
      'lcm',
      {},
      { override: { _class_name: 'UniPCMultistepScheduler', timestep_spacing: 'odd' } },
    ],
    ['"thresholding"', 'ddim', { thresholding: true }, {}],
    ['"sigma_data" is not known', 'euler', {}, { override: { sigma_data: 0.5 } }],
    ['"FlowMatchEulerDiscreteScheduler" is not known', 'euler', { _class_name: 'FlowMatchEulerDiscreteScheduler' }, {}],
    ['"PNDMScheduler" is not known', 'euler', {}, { override: { _class_name: 'PNDMScheduler' } }],
    ['at most 50 steps', 'lcm', {}, {}, 51],
    ['0 is no number of steps', 'euler', {}, {}, 0],
    ['1000 is no number of steps', 'unipc', {}, {}, 1000],
    ['strength of 0.2', 'euler', {}, { strength: 0.2 }],
  ])('refuses %s', (message, sampler, config, options, steps) => {
    expect(refuse(sampler, config, options, steps)).toMatch(/^bad-request: /)
    expect(refuse(sampler, config, options, steps)).toContain(message)
  })
})
