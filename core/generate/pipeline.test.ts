import { describe, expect, it } from 'vitest'
import { scalesAt } from '../pipeline/control.ts'
import { openNoise } from '../pipeline/noise-source.ts'
import { previewLatents, SDXL_PREVIEW } from '../pipeline/preview.ts'
import { builtInStyle } from '../prompt/styles.ts'
import { temporaryFolder } from '../weights/testing.ts'
import { writeSafetensors } from '../weights/write.ts'
import { completeRequest } from './complete-request.ts'

const style = builtInStyle('comic')!
const surroundings = { style, manifest: null, trainedSize: null }

describe('a request is completed', () => {
  it('from the style and SDXL’s defaults', () => {
    const request = completeRequest({ word: '学习' }, surroundings)
    expect(request).toMatchObject({
      style: 'comic',
      model: 'draft',
      width: 1024,
      height: 1024,
      seed: 1,
      count: 1,
      prompt: null,
    })
    expect(request.steps).toBe(style.steps)
    const weights = Object.fromEntries(Object.entries(request.controls!).map(([map, { weight }]) => [map, weight]))
    expect(weights).toEqual({ canny: 0.9, depth: 0.5, segmentation: 0.7, scribble: 0.3 })
  })

  it('from the model’s manifest where it has one', () => {
    const manifest = {
      id: 'draft',
      name: 'Draft',
      license: 'Apache-2.0',
      latentPreview: null,
      defaults: { width: 512, height: 512, steps: 12, guidanceScale: 3 },
    }
    expect(completeRequest({ word: 'a' }, { ...surroundings, manifest })).toMatchObject({
      width: 512,
      steps: 12,
      guidanceScale: 3,
    })
    expect(completeRequest({ word: 'a', steps: 5 }, { ...surroundings, manifest }).steps).toBe(5)
  })

  it('a control given in part keeps the rest of the style’s', () => {
    const { controls } = completeRequest({ word: 'a', controls: { canny: { weight: 0.1 } } }, surroundings)
    expect(controls!.canny).toEqual({ ...style.controls.canny, image: null, weight: 0.1 })
    expect(controls!.depth.weight).toBe(0.5)
  })

  it('no maps without a word, with control pictures, or where null says so', () => {
    expect(completeRequest({ prompt: 'a cat' }, surroundings).controls).toBeNull()
    expect(completeRequest({ word: 'a', controls: null }, surroundings).controls).toBeNull()
    const own = completeRequest(
      { prompt: 'p', word: 'a', controlImages: [{ type: 'depth', image: 'd.png' }] },
      surroundings,
    )
    expect(own).toMatchObject({ controls: null, controlImages: [{ weight: 1, start: 0, end: 1 }] })
  })

  it.each<[object, string]>([
    [{}, 'bad-word'],
    [{ word: '' }, 'bad-word'],
    [{ prompt: 'a', controls: { canny: { weight: 1 } } }, 'bad-word'],
    [{ word: 'a', width: 1001 }, 'bad-request'],
    [{ word: 'a', height: 32 }, 'bad-request'],
    [{ word: 'a', width: 1e9 }, 'bad-request'],
    [{ word: 'a', seed: -1 }, 'bad-request'],
    [{ word: 'a', steps: 0 }, 'bad-request'],
    [{ word: 'a', guidanceScale: Number.NaN }, 'bad-request'],
  ])('%j is refused', (input, code) => {
    expect(() => completeRequest(input, surroundings)).toThrow(expect.objectContaining({ code }))
  })
})

describe('windows', () => {
  const control = (weight: number, start: number, end: number) => ({
    mode: 1,
    image: { width: 8, height: 8, channels: 3 as const, data: new Uint8Array(192) },
    weight,
    start,
    end,
  })
  it('zero a scale outside, as diffusers’ controlnet_keep', () => {
    const controls = [control(0.9, 0, 1), control(0.6, 0, 0.5), control(0.4, 0.2, 1)]
    const at = (step: number) => scalesAt(controls, [step / 6, (step + 1) / 6])
    expect([0, 1, 2, 3].map(at)).toEqual([
      [0.9, 0.6, 0],
      [0.9, 0.6, 0],
      [0.9, 0.6, 0.4],
      [0.9, 0, 0.4],
    ])
  })
})

describe('noise', () => {
  it('of a seed is drawn on, of a replay comes from its file in order, and ends with a clear error', async () => {
    await using folder = await temporaryFolder()
    const file = folder.at('noise.safetensors')
    const tensor = (name: string, values: number[]) => ({
      name,
      dtype: 'F32' as const,
      shape: [2, 2],
      data: new Uint8Array(Float32Array.from(values).buffer),
    })
    await writeSafetensors(file, [
      tensor('start', [1, 2, 3, 4]),
      tensor('n.0', [5, 6, 7, 8]),
      tensor('n.1', [9, 10, 11, 12]),
    ])
    const replay = await openNoise(1, { latents: `${file}#start`, noise: `${file}#n` }, 1, [2])
    expect([...replay.initial()]).toEqual([3, 4])
    expect([[...replay.next()], [...replay.next()]]).toEqual([
      [7, 8],
      [11, 12],
    ])
    expect(() => replay.next()).toThrow(/fewer draws/)

    const seeded = await openNoise(1, { latents: null, noise: null }, 0, [2, 3])
    const [a, b] = [seeded.initial(), seeded.next()]
    expect(a.length).toBe(6)
    expect([...a]).not.toEqual([...b])
    await expect(openNoise(1, { latents: `${file}#start`, noise: null }, 2, [2])).rejects.toMatchObject({
      code: 'bad-request',
    })
    await expect(openNoise(1, { latents: `${file}#other`, noise: null }, 0, [2])).rejects.toMatchObject({
      code: 'bad-request',
    })
    await expect(openNoise(1, { latents: 'nothing', noise: null }, 0, [2])).rejects.toMatchObject({
      code: 'bad-request',
    })
  })
})

describe('a latent preview', () => {
  it('is linear, one pixel a latent, clamped', () => {
    const latents = Float32Array.of(0, 100, 0, 0, 0, 0, 0, 0)
    const { data, width, height } = previewLatents(latents, 1, 2, SDXL_PREVIEW)
    expect({ width, height }).toEqual({ width: 2, height: 1 })
    expect([...data.slice(0, 3)]).toEqual([1.1084, 0.9825, 0.9989].map(value => Math.round(value * 127.5)))
    expect([...data.slice(3)]).toEqual([255, 255, 255])
  })
})
