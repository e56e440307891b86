import { describe, expect, it } from 'vitest'
import { fixture } from '../testing/fixtures.ts'
import { fromFloat32, toFloat32 } from './numbers.ts'
import { type Dtype, readHeader, readTensor, type TensorBytes } from './safetensors.ts'
import { complaintOf, temporaryFolder, writeRaw, writeTensors } from './testing.ts'

const entry = (dtype: string, shape: unknown, begin: number, end: number) => ({
  dtype,
  shape,
  data_offsets: [begin, end],
})

/** What readHeader says of a file with this header and this many bytes behind it. */
async function complain(header: unknown, dataBytes: number): Promise<string> {
  await using folder = await temporaryFolder()
  const json = typeof header === 'string' ? header : JSON.stringify(header)
  await writeRaw(folder.at('x'), Buffer.byteLength(json), json, 8 + Buffer.byteLength(json) + dataBytes)
  return await complaintOf(() => readHeader(folder.at('x')))
}

describe('safetensors', () => {
  it('reads a header of odd length without metadata, in any order, with a scalar and an empty tensor', async () => {
    await using folder = await temporaryFolder()
    const header = { b: entry('F16', [], 12, 14), a: entry('F32', [3, 1], 0, 12), none: entry('F32', [0, 4], 12, 12) }
    const json = JSON.stringify(header).padEnd(201)
    await writeRaw(folder.at('x'), 201, json, 8 + 201 + 14)
    const { tensors, metadata } = await readHeader(folder.at('x'))
    expect(metadata).toEqual({})
    expect(tensors.get('a')).toEqual({ dtype: 'F32', shape: [3, 1], offset: 209, length: 12 })
    expect(tensors.get('b')).toEqual({ dtype: 'F16', shape: [], offset: 221, length: 2 })
  })

  it('names that are special to JavaScript are names', async () => {
    await using folder = await temporaryFolder()
    const one: TensorBytes = { dtype: 'U8', shape: [1], data: Uint8Array.of(7) }
    await writeTensors(folder.at('x'), new Map([['constructor', one]]))
    expect((await readTensor(folder.at('x'), 'constructor')).data[0]).toBe(7)
  })

  it.each<[string, unknown, number]>([
    ['not JSON', 'hello', 0],
    ['not a JSON object', '[1]', 0],
    ['not a map of strings', { __metadata__: { a: 1 } }, 0],
    ['Numbers of dtype F4 are not read', { a: entry('F4', [4], 0, 2) }, 2],
    ['unknown dtype "Q4"', { a: entry('Q4', [2], 0, 2) }, 2],
    ['unknown dtype "constructor"', { a: entry('constructor', [2], 0, 2) }, 2],
    ['impossible shape [-1]', { a: entry('U8', [-1], 0, 1) }, 1],
    ['impossible shape [1.5]', { a: entry('U8', [1.5], 0, 1) }, 1],
    ['impossible shape "x"', { a: entry('U8', 'x', 0, 1) }, 1],
    ['impossible offsets [-4,0]', { a: entry('F32', [1], -4, 0) }, 4],
    ['spans 8 bytes where its shape and dtype need 4', { a: entry('F32', [1], 0, 8) }, 8],
    ['has no description', { a: null }, 0],
    ['overlaps the one before it', { a: entry('U8', [4], 0, 4), b: entry('U8', [4], 2, 6) }, 6],
    ['a gap of 2 bytes before tensor "b"', { a: entry('U8', [2], 0, 2), b: entry('U8', [2], 4, 6) }, 6],
    ['"a" lies beyond the end', { a: entry('F32', [1000], 0, 4000) }, 100],
    ['"a" lies beyond the end', { a: entry('U8', [2], 2 ** 52, 2 ** 52 + 2) }, 2],
    ['5 bytes behind the last tensor', { a: entry('U8', [2], 0, 2) }, 7],
  ])('refuses: %s', async (message, header, dataBytes) => {
    const complaint = await complain(header, dataBytes)
    expect(complaint).toMatch(/^bad-weights: /)
    expect(complaint).toContain(message)
  })

  it('refuses a header of 4 GB without reading it', async () => {
    await using folder = await temporaryFolder()
    await writeRaw(folder.at('x'), 2n ** 32n, '{}', 2 ** 33)
    expect(await complaintOf(() => readHeader(folder.at('x')))).toContain('claims 4294967296 bytes, over the limit')
  })

  it('refuses a header longer than the file', async () => {
    await using folder = await temporaryFolder()
    await writeRaw(folder.at('x'), 1000, '{}')
    expect(await complaintOf(() => readHeader(folder.at('x')))).toContain('longer than the file')
  })

  it('refuses a file of a few bytes, a folder, and none', async () => {
    await using folder = await temporaryFolder()
    await writeRaw(folder.at('x'), 0, '', 5)
    expect(await complaintOf(() => readHeader(folder.at('x')))).toContain('5 bytes, too few')
    expect(await complaintOf(() => readHeader(folder.path))).toMatch(/^bad-weights: .* cannot be read/)
    expect(await complaintOf(() => readHeader(folder.at('none')))).toMatch(/^missing-model: /)
  })

  it('a missing tensor is named', async () => {
    await using folder = await temporaryFolder()
    await writeTensors(folder.at('x'), new Map())
    expect(await complaintOf(() => readTensor(folder.at('x'), 'weight'))).toContain('no tensor "weight" among 0')
  })
})

describe('writeSafetensors', () => {
  it('round trip, aligned to 8 bytes, with metadata', async () => {
    await using folder = await temporaryFolder()
    const file = folder.at('new', 'folder', 'x.safetensors')
    const tensors = new Map<string, TensorBytes>([
      ['latents.学习', { dtype: 'F32', shape: [1, 2], data: new Uint8Array(Float32Array.of(1.5, -2).buffer) }],
      ['odd', { dtype: 'U8', shape: [3], data: Uint8Array.of(1, 2, 3) }],
    ])
    await writeTensors(file, tensors, { format: 'pt' })
    const header = await readHeader(file)
    expect(header.metadata).toEqual({ format: 'pt' })
    expect(header.tensors.get('latents.学习')!.offset % 8).toBe(0)
    for (const [name, tensor] of tensors) {
      const { dtype, shape, data } = await readTensor(file, name)
      expect({ dtype, shape, data: [...data] }).toEqual({ ...tensor, data: [...tensor.data] })
    }
  })

  it('leaves nothing behind where it cannot write', async () => {
    await using folder = await temporaryFolder()
    await writeRaw(folder.at('file'), 0, '')
    const tensors = new Map<string, TensorBytes>([['a', { dtype: 'U8', shape: [1], data: Uint8Array.of(1) }]])
    expect(await complaintOf(() => writeTensors(folder.at('file', 'x'), tensors))).toMatch(/^cannot-write: /)
    expect(await complaintOf(() => writeTensors(folder.path, tensors))).toMatch(/^cannot-write: /)
  })
})

describe('numbers', () => {
  const read = (dtype: Dtype, data: ArrayBuffer) => [...toFloat32(dtype, new Uint8Array(data))]

  it('every dtype', () => {
    expect(read('F32', Float32Array.of(1.5, -0.1).buffer)).toEqual([1.5, Math.fround(-0.1)])
    expect(read('F16', Uint16Array.of(0x3c00, 0xc000, 0x0001, 0x7c00).buffer)).toEqual([1, -2, 2 ** -24, Infinity])
    expect(read('BF16', Uint16Array.of(0x3f80, 0xc049).buffer)).toEqual([1, -3.140625])
    expect(read('F64', Float64Array.of(0.1).buffer)).toEqual([Math.fround(0.1)])
    expect(read('I64', BigInt64Array.of(-5n, 49407n).buffer)).toEqual([-5, 49407])
    expect(read('U8', Uint8Array.of(255).buffer)).toEqual([255])
  })

  it('unaligned bytes', () => {
    const bytes = new Uint8Array(9)
    bytes.set(new Uint8Array(Float32Array.of(2.5, 3.5).buffer), 1)
    expect([...toFloat32('F32', bytes.subarray(1))]).toEqual([2.5, 3.5])
  })

  it('rounds to nearest, ties to even, and keeps NaN', () => {
    const round = (dtype: 'F16' | 'BF16', values: number[]) => [
      ...toFloat32(dtype, fromFloat32(dtype, Float32Array.from(values))),
    ]
    expect(round('BF16', [1 + 2 ** -8, 1 + 3 * 2 ** -8, -Infinity, Number.NaN])).toEqual([
      1,
      1 + 2 ** -6,
      -Infinity,
      Number.NaN,
    ])
    expect(round('F16', [1 + 2 ** -11, 1 + 3 * 2 ** -11, 70000])).toEqual([1, 1 + 2 ** -9, Infinity])
  })

  it('8-bit floats: every number of both formats, as published', async () => {
    const all = Uint8Array.from({ length: 256 }, (_, byte) => byte)
    const e4m3 = toFloat32('F8_E4M3', all)
    expect([e4m3[0x7e], e4m3[0x01], e4m3[0x08], e4m3[0x38], e4m3[0xb8]]).toEqual([448, 2 ** -9, 2 ** -6, 1, -1])
    expect([e4m3[0x7f], e4m3[0xff]]).toEqual([Number.NaN, Number.NaN])
    const e5m2 = toFloat32('F8_E5M2', all)
    expect([e5m2[0x7b], e5m2[0x01], e5m2[0x3c], e5m2[0x7c], e5m2[0xfc]]).toEqual([
      57344,
      2 ** -16,
      1,
      Infinity,
      -Infinity,
    ])
    // The upper byte of an fp16 is an E5M2.
    const halves = new Float32Array(new Float16Array(Uint16Array.from(all, byte => byte << 8).buffer))
    expect(e5m2).toEqual(halves)
    expect(await complaintOf(() => toFloat32('F8_E8M0', new Uint8Array(1)))).toContain('F8_E8M0')
  })
})

const unet = fixture('sdxl/unet/diffusion_pytorch_model.safetensors')
const half = fixture('sdxl/unet/diffusion_pytorch_model.fp16.safetensors')
it.skipIf(!unet)(
  'the fp16 file of the golden UNet holds the same numbers as the fp32 one (needs ZIHUA_FIXTURES)',
  async () => {
    const { tensors } = await readHeader(unet!)
    for (const name of [...tensors.keys()].slice(0, 40)) {
      const [full, short] = [await readTensor(unet!, name), await readTensor(half!, name)]
      expect([full.dtype, short.dtype]).toEqual(['F32', 'F16'])
      expect(toFloat32(short.dtype, short.data)).toEqual(toFloat32(full.dtype, full.data))
    }
  },
)
