import { stat } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { assertFinite } from './finite.ts'
import { complaintOf, temporaryFolder, writeTensors } from './testing.ts'
import type { Component, Tensor } from './types.ts'
import { createWeights } from './weights.ts'

const tensor = (name: string, shape: number[]): Tensor => ({ name, dtype: 'F32', shape, data: new Uint8Array(4) })
const mapOf = (...tensors: Tensor[]) => new Map(tensors.map(item => [item.name, item]))

describe('createWeights', () => {
  it('is content when every key was taken', () => {
    const weights = createWeights('unet', mapOf(tensor('a', [2, 3]), tensor('b', [])))
    expect(weights.take('a', [2, 3]).shape).toEqual([2, 3])
    expect(weights.shapeOf('b')).toEqual([])
    expect(weights.has('c')).toBe(false)
    weights.take('b', [])
    expect(() => weights.finish()).not.toThrow()
  })

  it('reports missing and misshapen keys at once, the first ten; what is left over is no fault', async () => {
    const weights = createWeights('unet of x', mapOf(tensor('wrong', [2]), tensor('left', [1])))
    expect(weights.take('absent', [4]).data).toHaveLength(0)
    weights.take('wrong', [3])
    for (let i = 0; i < 12; i++) weights.take(`more.${i}`, [1])
    const complaint = await complaintOf(() => weights.finish())
    expect(complaint).toContain('bad-weights: unet of x: 13 missing: absent, more.0')
    expect(complaint).toContain('more.8, …')
    expect(complaint).not.toContain('more.9')
    expect(complaint).toContain('1 of another shape: wrong [2] instead of [3]')
    expect(complaint).not.toContain('left')
  })
})

describe('layers', () => {
  const layers = (names: string[], used: string[]) =>
    complaintOf(() => {
      const weights = createWeights('unet of x', mapOf(...names.map(name => tensor(name, [1]))))
      for (const name of used) weights.take(name, [1])
      weights.finish()
    })

  it('more than the config has would give a smaller network without a word: they are named', async () => {
    expect(await layers(['blocks.0.x', 'blocks.1.x', 'blocks.2.x'], ['blocks.0.x', 'blocks.1.x'])).toContain(
      '1 of more layers than the config has: blocks.2.x',
    )
    expect(await layers(['blocks.0.x', 'loss.3.x'], ['blocks.0.x'])).toBe('nothing was thrown')
  })

  it('of another dtype are named with it', async () => {
    const weights = createWeights('unet of x', mapOf({ ...tensor('a', [1]), dtype: 'I8' as Tensor['dtype'] }))
    weights.take('a', [1])
    expect(await complaintOf(() => weights.finish())).toContain('1 tensors are not F16, BF16 or F32: a (I8)')
  })
})

describe('assertFinite', () => {
  const component = (dtype: Tensor['dtype'], data: Tensor['data']): Component => {
    const tensors = mapOf({ name: 'norm.weight', dtype, shape: [4], data })
    return { config: {}, weights: () => createWeights('vae of x', tensors), tensors: () => tensors.values() }
  }
  const bytes = (array: Float32Array | Uint16Array) => new Uint8Array(array.buffer as ArrayBuffer)

  it.each<[string, Tensor['dtype'], Uint8Array]>([
    ['F32 NaN', 'F32', bytes(Float32Array.of(0, 1, Number.NaN, 2))],
    ['F32 infinity', 'F32', bytes(Float32Array.of(0, 1, 2, -Infinity))],
    ['F16 infinity', 'F16', bytes(Uint16Array.of(0, 0x7c00, 0, 0))],
    ['F16 NaN', 'F16', bytes(Uint16Array.of(0, 0, 0, 0xfe01))],
    ['BF16 NaN', 'BF16', bytes(Uint16Array.of(0x7fc0, 0, 0, 0))],
  ])('names the tensor with %s', async (_, dtype, data) => {
    const complaint = await complaintOf(() => assertFinite(component(dtype, data)))
    expect(complaint).toBe('bad-weights: vae of x: norm.weight holds NaN or infinity.')
  })

  it('takes the greatest finite numbers', async () => {
    await assertFinite(component('F32', bytes(Float32Array.of(3.4e38, -3.4e38, 0, 1e-45))))
    await assertFinite(component('F16', bytes(Uint16Array.of(0x7bff, 0xfbff, 0, 1))))
    await assertFinite(component('BF16', bytes(Uint16Array.of(0x7f7f, 0xff7f, 0, 1))))
  })

  it('reads files, remembers the good ones while they are unchanged, and leaves out what is larger than asked', async () => {
    await using folder = await temporaryFolder()
    const file = folder.at('x.safetensors')
    const write = (value: number) =>
      writeTensors(file, new Map([['a', { dtype: 'F32', shape: [4], data: bytes(Float32Array.of(0, 0, 0, value)) }]]))
    await write(Number.NaN)
    const { size } = await stat(file)
    const inFile = component('F32', { file, offset: size - 16, length: 16 })
    expect(await complaintOf(() => assertFinite(inFile))).toContain('NaN')
    await assertFinite(inFile, { maxBytes: 15 })
    await write(1)
    await assertFinite(inFile)
    await assertFinite(inFile)
  })
})
