import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { fixture } from '../testing/fixtures.ts'
import { ModelLoader } from './loader.ts'
import type { LoraSource } from './lora.ts'
import { fromFloat32, toFloat32 } from './numbers.ts'
import { readBytes, readHeader, type TensorBytes } from './safetensors.ts'
import { complaintOf, temporaryFolder, writeTensors } from './testing.ts'
import type { Component, Tensor } from './types.ts'

const pipeline = fixture('sdxl/pipeline/model_index.json')?.replace('/model_index.json', '')
const TABLE = 'text_model.embeddings.token_embedding.weight'

/** Numbers that every one of the dtypes holds exactly. */
const vectors = (count: number, width: number, dtype: 'F32' | 'F16' | 'BF16' = 'F32'): TensorBytes => ({
  dtype,
  shape: [count, width],
  data: fromFloat32(
    dtype,
    Float32Array.from({ length: count * width }, (_, i) => (i % 64) / 32 - 1),
  ),
})
const tableOf = (component: Component): Tensor => [...component.tensors()].find(({ name }) => name === TABLE)!

async function numbers({ data, dtype }: Tensor): Promise<Float32Array> {
  return toFloat32(dtype, data instanceof Uint8Array ? data : await readBytes(data.file, data.offset, data.length))
}

async function open(
  embeddings: Record<string, Record<string, TensorBytes>>,
  loras: readonly LoraSource[] = [],
  source: { model?: string; configFolder?: string } = {},
) {
  const folder = await temporaryFolder()
  const named = []
  for (const [token, tensors] of Object.entries(embeddings)) {
    const path = folder.at(`${token}.safetensors`)
    await writeTensors(path, new Map(Object.entries(tensors)))
    named.push({ path, token })
  }
  const scratchFolder = folder.at()
  const model = await new ModelLoader()
    .open({ model: pipeline!, ...source, loras, embeddings: named, scratchFolder })
    .catch(async error => {
      const left = readdirSync(folder.path).filter(name => name.startsWith('zihua-merged-'))
      await folder[Symbol.asyncDispose]()
      expect(left).toEqual([])
      throw error
    })
  return { ...folder, model, [Symbol.asyncDispose]: () => model.dispose().then(() => folder[Symbol.asyncDispose]()) }
}

describe.skipIf(!pipeline)('embeddings (needs ZIHUA_FIXTURES)', () => {
  it('are rows behind those of both text encoders, one a vector; everything else stays where it is', async () => {
    const plain = await new ModelLoader().open({ model: pipeline! })
    await using opened = await open({
      ink: { clip_l: vectors(2, 8), clip_g: vectors(2, 16, 'F16') },
      wash: { clip_l: vectors(1, 8, 'BF16'), clip_g: vectors(1, 16) },
    })
    const { model } = opened
    expect(model.words).toEqual([
      {
        token: 'ink',
        ids: [
          [49408, 49409],
          [49408, 49409],
        ],
      },
      { token: 'wash', ids: [[49410], [49410]] },
    ])
    for (const [encoder, width] of [['textEncoder', 8] as const, ['textEncoder2', 16] as const]) {
      const [before, after] = [await numbers(tableOf(plain[encoder])), await numbers(tableOf(model[encoder]))]
      expect(after.length).toBe(49411 * width)
      expect(after.subarray(0, before.length)).toEqual(before)
      const added = [vectors(2, width), vectors(1, width)].flatMap(({ data }) => [...toFloat32('F32', data)])
      expect([...after.subarray(before.length)]).toEqual(added)
      expect(model[encoder].config['vocab_size']).toBe(49411)
      const others = ({ name }: Tensor) => name !== TABLE
      expect([...model[encoder].tensors()].filter(others)).toEqual([...plain[encoder].tensors()].filter(others))
    }
    expect([...model.unet.tensors()]).toEqual([...plain.unet.tensors()])
    expect(model.files.filter(file => file.startsWith(opened.path))).toEqual([
      opened.at('ink.safetensors'),
      opened.at('wash.safetensors'),
    ])
  })

  const single = fixture('sdxl/ldm/tiny_sdxl_single_file_fp16.safetensors')
  it.skipIf(!single)('an fp16 checkpoint keeps its dtype (needs the golden set sdxl/ldm)', async () => {
    // One vector may be saved without its first dimension.
    const flat = (width: number) => ({ ...vectors(1, width), shape: [width] })
    await using opened = await open({ ink: { clip_l: flat(8), clip_g: flat(16) } }, [], {
      ...{ model: single!, configFolder: pipeline! },
    })
    const table = tableOf(opened.model.textEncoder2)
    expect([table.dtype, table.shape]).toEqual(['F16', [49409, 16]])
    expect([...(await numbers(table)).subarray(49408 * 16)]).toEqual([...toFloat32('F32', vectors(1, 16).data)])
  })

  const lora = fixture('sdxl/lora/attn_ff_te.safetensors')
  it.skipIf(!lora)(
    'those beside a LoRA are words too, after those that the user names (needs the golden set sdxl/lora)',
    async () => {
      await using folder = await temporaryFolder()

      const tensors = new Map<string, TensorBytes>()
      for (const [name, { dtype, shape, offset, length }] of (await readHeader(lora!)).tensors)
        tensors.set(name, { dtype, shape, data: await readBytes(lora!, offset, length) })
      for (const token of ['ink', 'my.token'])
        tensors.set(`bundle_emb.${token}.clip_l`, vectors(4, 8)).set(`bundle_emb.${token}.clip_g`, vectors(4, 16))
      tensors.set('bundle_emb.other.t5', vectors(1, 32))
      const path = folder.at('bundle.safetensors')
      await writeTensors(path, tensors)
      await using opened = await open({ ink: { clip_l: vectors(1, 8), clip_g: vectors(1, 16) } }, [{ path, weight: 1 }])
      const words = opened.model.words.map(({ token, ids }) => [token, ids[0].length, ids[1].length])
      expect(words).toEqual([
        ['ink', 1, 1],
        ['my.token', 4, 4],
      ])
      expect(opened.model.notices.map(({ message }) => message)).toEqual([
        `${path}: 1 embeddings beside the LoRA are not used: bundle_emb.other.t5`,
      ])
    },
  )

  it.each<[string, Record<string, TensorBytes>, RegExp]>([
    [
      'for SD 1',
      { emb_params: vectors(2, 768) },
      /x\.safetensors is an embedding .textual inversion. for Stable Diffusion 1, not SDXL/,
    ],
    [
      'of another width',
      { clip_l: vectors(1, 768), clip_g: vectors(1, 1280) },
      /clip_l \[1,768\] does not fit the text encoder, whose words have 8 numbers/,
    ],
    ['of no vectors', { clip_l: vectors(0, 8), clip_g: vectors(0, 16) }, /clip_l \[0,8\] does not fit/],
    [
      'uneven',
      { clip_l: vectors(1, 8), clip_g: vectors(2, 16) },
      /has 1 vectors for one text encoder and 2 for the other/,
    ],
    [
      'a LoRA',
      { 'unet.x.lora_A.weight': vectors(1, 8), 'unet.x.lora_B.weight': vectors(8, 1) },
      /is a LoRA, not an embedding/,
    ],
    [
      'not finite',
      {
        clip_l: { dtype: 'F32', shape: [1, 8], data: fromFloat32('F32', new Float32Array(8).fill(Number.NaN)) },
        clip_g: vectors(1, 16),
      },
      /x\.safetensors: clip_l holds NaN or infinity/,
    ],
  ])('refuses one %s by name, and leaves no scratch file', async (_, tensors, complaint) => {
    expect(await complaintOf(() => open({ x: tensors }))).toMatch(complaint)
  })
})
