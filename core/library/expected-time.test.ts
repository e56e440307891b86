import { describe, expect, it } from 'vitest'
import { largerRequest } from '../contract/larger.ts'
import { completeRequest } from '../generate/complete-request.ts'
import { builtInStyle } from '../prompt/styles.ts'
import { expectedTime } from './expected-time.ts'

const surroundings = { style: builtInStyle('comic')!, manifest: null, trainedSize: 512 }
const request = completeRequest({ word: '学', width: 512, height: 512, steps: 10 }, surroundings)
const timings = { maps: 100, encode: 5, load: 50, init: 18, control: 400, step: 4000, decode: 600 }
const larger = (side: number) =>
  completeRequest(largerRequest(request, 'a.png', { side, strength: 0.35 }), surroundings)

describe('the time of a picture', () => {
  it('is not known before the first', () => expect(expectedTime(request, [])).toBeNull())

  it('is that of the one before, without a start picture', () =>
    expect(expectedTime(request, [{ request, timings }])).toBeCloseTo(100 + 5 + 50 + 400 + 4000 + 600))

  it('grows with tiles, and with the steps that are run on them', () => {
    // 25 tiles of 512²: 16 of them would cover it without overlap; the VAE's overlap twice as much and are 25 too.
    // Maps have a part that does not grow.
    const [tiles, maps, steps] = [25, (1 + 2048 ** 2 / 1e6) / (1 + 512 ** 2 / 1e6), 3]
    const expected = 100 * maps + 5 + 50 + 300 * tiles + 400 * tiles + 400 * steps * tiles + 600 * tiles
    expect(expectedTime(larger(2048), [{ request, timings }])).toBeCloseTo(expected)
  })

  it('is the median of what was measured', () => {
    const slow = { ...timings, step: 40_000 }
    const made = [timings, slow, timings].map(each => ({ request, timings: each }))
    expect(expectedTime(request, made)).toBeCloseTo(5155)
  })

  it('of two is their mean: the first may have begun cold', () => {
    const made = [timings, { ...timings, maps: 300, step: 5000 }].map(each => ({ request, timings: each }))
    expect(expectedTime(request, made)).toBeCloseTo(5155 + 100 + 500)
  })

  it('has what reading a picture took, once one was read', () => {
    const first = { request: larger(512), timings: { ...timings, init: 90 } }
    const known = expectedTime(larger(512), [first])!
    expect(known).toBeCloseTo(100 + 5 + 50 + 90 + 400 + 4000 + 600)
  })

  it('what was resampled tells nothing', () =>
    expect(expectedTime(request, [{ request: larger(512), timings: { maps: 4 } }])).toBeNull())
})
