import { describe, expect, it } from 'vitest'
import { fixture } from '../testing/fixtures.ts'
import { toFloat32 } from '../weights/numbers.ts'
import { readTensor } from '../weights/safetensors.ts'
import { alphasCumprod, betas, interpolate, karrasSigmas, roundHalfEven, trainSigmas } from './schedule.ts'

const tables = fixture('sdxl/schedulers/tables.safetensors')
const sdxl = {
  num_train_timesteps: 1000,
  beta_start: 0.00085,
  beta_end: 0.012,
  beta_schedule: 'scaled_linear',
  rescale_betas_zero_snr: false,
} as const

describe('schedule', () => {
  it.skipIf(!tables)(
    'equals the tables of diffusers bit for bit, sigmas to the last bit (needs ZIHUA_FIXTURES)',
    async () => {
      const read = async (name: string) => {
        const { dtype, data } = await readTensor(tables!, name)
        return toFloat32(dtype, data)
      }
      expect(betas(sdxl)).toEqual(await read('betas'))
      expect(alphasCumprod(betas(sdxl))).toEqual(await read('alphas_cumprod'))
      const expected = await read('train_sigmas')
      const bits = (values: Float32Array) => new Int32Array(values.buffer.slice(0))
      const ours = bits(trainSigmas(sdxl))
      // torch's own square root is not correctly rounded: one unit in the last place.
      expect(bits(expected).every((word, i) => Math.abs(word - ours[i]) <= 1)).toBe(true)
    },
  )

  it('zero terminal SNR: the last betas end the signal, the last sigma stays finite', () => {
    const rescaled = { ...sdxl, rescale_betas_zero_snr: true }
    expect(alphasCumprod(betas(rescaled)).at(-1)).toBe(0)
    expect(trainSigmas(rescaled).at(-1)).toBe(4096)
    expect(alphasCumprod(betas(rescaled))[0]).toBeCloseTo(alphasCumprod(betas(sdxl))[0], 6)
  })

  it('linear betas run from start to end', () => {
    const linear = betas({ ...sdxl, beta_schedule: 'linear' })
    expect([linear[0], linear.at(-1)]).toEqual([Math.fround(0.00085), Math.fround(0.012)])
  })

  it('Karras sigmas run from max to min', () => {
    const sigmas = karrasSigmas(0.03, 14.6, 5)
    expect([sigmas[0], sigmas[4]].map(sigma => sigma.toFixed(9))).toEqual(['14.600000000', '0.030000000'])
    expect(sigmas).toEqual(sigmas.toSorted().reverse())
  })

  it('rounds halves to even and interpolates inside and outside a table', () => {
    expect([0.5, 1.5, 2.5, 2.4, 2.6].map(roundHalfEven)).toEqual([0, 2, 2, 2, 3])
    const table = Float32Array.of(1, 3, 5)
    expect([-1, 0, 0.5, 2, 9].map(index => interpolate(table, index))).toEqual([1, 1, 2, 5, 5])
  })
})
