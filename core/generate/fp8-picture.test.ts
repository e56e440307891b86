/** A whole picture from an fp8 checkpoint is the picture from the same numbers written as fp16, byte for byte. */
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { ModelRegistry } from '../machine/registry.ts'
import { InferenceClient } from '../processes/painting/client.ts'
import { builtInStyle } from '../prompt/styles.ts'
import { fixture } from '../testing/fixtures.ts'
import { float8Table } from '../weights/float8.ts'
import { toFloat32 } from '../weights/numbers.ts'
import { readHeader, readTensor, type TensorBytes } from '../weights/safetensors.ts'
import { writeTensors } from '../weights/testing.ts'
import { AIImageGenerator } from './ai-image-generator.ts'

const checkpoint = fixture('sdxl/ldm/tiny_sdxl_single_file_fp16.safetensors')
const configs = fixture('sdxl/pipeline')
const scratch = mkdtempSync(join(tmpdir(), 'zihua-fp8-'))
const before = process.env['ZIHUA_DATA']
process.env['ZIHUA_DATA'] = join(scratch, 'data')
const load = { provider: 'cpu', threads: 1 } as const
const inference = new InferenceClient({ settings: { load, retention: { budgetBytes: 1e9 } } })
afterAll(() => {
  inference.stop()
  if (before === undefined) delete process.env['ZIHUA_DATA']
  else process.env['ZIHUA_DATA'] = before
  rmSync(scratch, { recursive: true })
})

const generator = new AIImageGenerator({
  inference,
  registry: new ModelRegistry(join(scratch, 'no-models')),
  style: async id => builtInStyle(id)!,
  buildPrompts: async ({ prompt, negativePrompt }) => ({ prompt: prompt!, negativePrompt }),
  maps: { draw: () => Promise.reject(new Error('no maps here')) },
})

const table = float8Table('F8_E4M3')
/** The finite numbers of the format in order, with their bytes. */
const sorted = Array.from(table, (value, byte) => ({ value, byte }))
  .filter(({ value }) => Number.isFinite(value))
  .toSorted((a, b) => a.value - b.value)

/** The byte of a number near `value`. */
function byteOf(value: number): number {
  let [low, high] = [0, sorted.length - 1]
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (sorted[middle].value <= value) low = middle
    else high = middle
  }
  return value - sorted[low].value <= sorted[high].value - value ? sorted[low].byte : sorted[high].byte
}

/** The checkpoint with its UNet's matrices in fp8, the same numbers in fp16, and the checkpoint as it was. */
async function writeFiles(): Promise<string[]> {
  const { tensors } = await readHeader(checkpoint!)
  const [eight, sixteen] = [new Map<string, TensorBytes>(), new Map<string, TensorBytes>()]
  for (const name of tensors.keys()) {
    const { dtype, shape, data } = await readTensor(checkpoint!, name)
    if (!name.startsWith('model.diffusion_model.') || shape.length < 2) {
      for (const file of [eight, sixteen]) file.set(name, { dtype, shape, data })
      continue
    }
    const bytes = Uint8Array.from(toFloat32(dtype, data), byteOf)
    const halves = Float16Array.from(bytes, byte => table[byte])
    eight.set(name, { dtype: 'F8_E4M3', shape, data: bytes })
    sixteen.set(name, { dtype: 'F16', shape, data: new Uint8Array(halves.buffer) })
  }
  const paths = ['fp8', 'fp16', 'plain'].map(name => join(scratch, `${name}.safetensors`))
  await writeTensors(paths[0], eight)
  await writeTensors(paths[1], sixteen)
  symlinkSync(checkpoint!, paths[2])
  // The tiny networks' configs lie beside their file, in a folder of its name.
  for (const path of paths) symlinkSync(configs!, path.replace(/\.safetensors$/, ''))
  return paths
}

describe.skipIf(!checkpoint || !configs)('a picture (needs the golden sets sdxl/ldm and sdxl/pipeline)', () => {
  it('from fp8 equals the one from fp16', { timeout: 300_000 }, async () => {
    const pictures: Uint8Array[] = []
    for (const model of await writeFiles()) {
      const request = { model, controlnet: null, controls: null, prompt: 'a hill', width: 128, height: 128 }
      const [{ image }] = await generator.generateFrom({ ...request, steps: 3, seed: 4 }, { base: scratch })
      pictures.push(image.data)
    }
    expect(Buffer.compare(pictures[0], pictures[1])).toBe(0)
    // The rounding to eight bits is seen: the comparison is not of two plain fields.
    expect(Buffer.compare(pictures[0], pictures[2])).not.toBe(0)
  })
})
