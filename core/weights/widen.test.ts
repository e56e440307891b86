import { readdirSync } from 'node:fs'
import { mkdir, utimes, writeFile } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { float8Table } from './float8.ts'
import { toFloat32 } from './numbers.ts'
import { readBytes, readHeader, type TensorBytes } from './safetensors.ts'
import { complaintOf, temporaryFolder, writeTensors } from './testing.ts'
import { openWeightsFile } from './weights-file.ts'
import { clearWidened, planWidening, widenedCopies, widenedFolder } from './widen.ts'

let data: Awaited<ReturnType<typeof temporaryFolder>>
const before = process.env['ZIHUA_DATA']
beforeEach(async () => {
  data = await temporaryFolder()
  process.env['ZIHUA_DATA'] = data.path
})
afterEach(async () => {
  if (before === undefined) delete process.env['ZIHUA_DATA']
  else process.env['ZIHUA_DATA'] = before
  await data[Symbol.asyncDispose]()
})

const f32 = (...values: number[]): Uint8Array => new Uint8Array(Float32Array.from(values).buffer)
const tensor = (dtype: TensorBytes['dtype'], shape: number[], bytes: Uint8Array): TensorBytes => ({
  dtype,
  shape,
  data: bytes,
})
/** Bytes of finite numbers in either 8-bit format. */
const bytes = (count: number) => Uint8Array.from({ length: count }, (_, i) => (i * 37) % 120)

async function open(tensors: Record<string, TensorBytes>) {
  const file = data.at('x.safetensors')
  await writeTensors(file, new Map(Object.entries(tensors)))
  const opened = await openWeightsFile(file)
  const numbers = async (name: string) => {
    const { dtype, file: place, offset, length } = opened.tensors.get(name)!
    return [...toFloat32(dtype, await readBytes(place, offset, length))]
  }
  return { ...opened, numbers }
}

describe('quantised weights', () => {
  it.each(['F8_E4M3', 'F8_E5M2'] as const)('%s without a scale: every number exactly, as F16', async dtype => {
    const { tensors, numbers, files } = await open({
      w: tensor(dtype, [4, 30], bytes(120)),
      b: tensor('F32', [1], f32(2)),
    })
    expect(tensors.get('w')?.dtype).toBe('F16')
    expect(await numbers('w')).toEqual([...bytes(120)].map(byte => float8Table(dtype)[byte]))
    expect(tensors.get('b')?.file).toBe(files[0])
    expect(files).toHaveLength(2)
  })

  const half = (value: number) => new Float16Array([value])[0]
  const table = float8Table('F8_E4M3')

  it.each([
    ['one number, ComfyUI', 'l.scale_weight', [], [0.03125]],
    ['one number in a list, comfy_quant', 'l.weight_scale', [1], [0.3]],
    ['one a row, Kohya', 'l.scale_weight', [2, 1], [0.5, 0.001]],
    ['one a block of a row, Kohya', 'l.scale_weight', [2, 3, 1], [1, 2, 3, 0.1, 0.2, 0.3]],
  ])('fp8 with a scale: %s', async (_, name, shape, scale) => {
    const { tensors, numbers } = await open({
      'l.weight': tensor('F8_E4M3', [2, 12], bytes(24)),
      [name]: tensor('F32', shape, f32(...scale)),
      scaled_fp8: tensor('F8_E4M3', [2], new Uint8Array(2)),
    })
    const span = 24 / scale.length
    const expected = [...bytes(24)].map((byte, i) =>
      half(Math.fround(table[byte] * Math.fround(scale[Math.floor(i / span)]))),
    )
    expect(await numbers('l.weight')).toEqual(expected)
    expect(tensors.has(name)).toBe(false)
  })

  it('bitsandbytes’ rows of int8, whose greatest value is 127; int8 without a scale stays as it is', async () => {
    const { tensors, numbers } = await open({
      'l.weight': tensor('I8', [2, 2], Uint8Array.of(127, 0x81, 64, 0)),
      'l.SCB': tensor('F32', [2], f32(1.27, 2.54)),
      other: tensor('I8', [2], Uint8Array.of(1, 2)),
    })
    expect(await numbers('l.weight')).toEqual([1.27, -1.27, 1.28, 0].map(half))
    expect(tensors.get('other')?.dtype).toBe('I8')
  })

  it('F64 becomes F32', async () => {
    const { tensors, numbers } = await open({
      w: tensor('F64', [2], new Uint8Array(Float64Array.of(Math.PI, -1).buffer)),
    })
    expect([tensors.get('w')?.dtype, await numbers('w')]).toEqual(['F32', [Math.fround(Math.PI), -1]])
  })

  it('a scale that fits nothing is no scale', async () => {
    const file = data.at('y.safetensors')
    const odd = {
      'l.weight': tensor('I8', [2, 2], new Uint8Array(4)),
      'l.scale_weight': tensor('F32', [3], f32(1, 2, 3)),
    }
    await writeTensors(file, new Map(Object.entries(odd)))
    expect(planWidening(await readHeader(file)).tensors).toEqual([])
  })
})

describe('the copy', () => {
  const one = { w: tensor('F8_E4M3', [4], bytes(4)) }

  it('is made once, told of, and made again for a changed file, a damaged copy and after clearing', async () => {
    const { files } = await open(one)
    const [source, copy] = files
    await utimes(copy, 1, 1)
    expect((await openWeightsFile(source)).files).toEqual(files)
    expect(await widenedCopies()).toMatchObject([{ of: source, file: copy }])
    await writeFile(copy, (await readBytes(copy, 0, 60)).slice())
    expect((await readHeader((await openWeightsFile(source)).files[1])).tensors.size).toBe(1)
    await utimes(source, 5, 5)
    expect((await openWeightsFile(source)).files[1]).not.toBe(copy)
    await clearWidened()
    expect(await widenedCopies()).toEqual([])
    expect((await openWeightsFile(source)).files).toHaveLength(2)
  })

  it('what a killed process left is removed, and nothing that is being written', async () => {
    await mkdir(widenedFolder(), { recursive: true })
    for (const name of ['.old.incomplete', '.new.incomplete']) await writeFile(data.at('widened', name), 'x')
    await utimes(data.at('widened', '.old.incomplete'), 1, 1)
    await open(one)
    expect(readdirSync(widenedFolder()).filter(name => name.endsWith('.incomplete'))).toEqual(['.new.incomplete'])
  })

  it('a folder that cannot be written is one sentence', async () => {
    await writeFile(data.at('widened'), 'a file, no folder')
    expect(await complaintOf(() => open(one))).toMatch(/^cannot-write: /)
  })
})
