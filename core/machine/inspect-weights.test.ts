/** Files of the published names and shapes at their real size, from their headers alone. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { ownFixtures } from '../testing/fixtures.ts'
import {
  complaintOf,
  type HeaderList,
  readGzipJson,
  temporaryFolder,
  writeRaw,
  writeSparse,
} from '../weights/testing.ts'
import { inspectWeights } from './inspect-weights.ts'

type Entry = HeaderList['tensors'][number]
const list = (name: string) => readGzipJson<HeaderList>(join(ownFixtures, `real-size/headers/${name}.json.gz`))
const checkpoint = list('sdxl_single_file_fp16')

/** The same tensors one behind the other, with some more of two bytes each. */
function packed(tensors: readonly Entry[], more: Record<string, number[]> = {}): HeaderList {
  const added = Object.entries(more).map(([name, shape]) => {
    const bytes = 2 * shape.reduce((product, size) => product * size, 1)
    return { name, shape, dtype: 'F16', data_offsets: [0, bytes] as [number, number] }
  })
  let at = 0
  const placed = [...tensors, ...added].map(entry => {
    const begin = at
    at += entry.data_offsets[1] - entry.data_offsets[0]
    return { ...entry, data_offsets: [begin, at] as [number, number] }
  })
  return { metadata: null, file_bytes: at, tensors: placed }
}

async function inspected(file: HeaderList) {
  await using folder = await temporaryFolder()
  await writeSparse(folder.at('file.safetensors'), file)
  return inspectWeights(folder.at('file.safetensors'))
}

it('a whole checkpoint is usable; what nothing reads is listed by kind', async () => {
  const extra = {
    'model_ema.decay': [],
    'first_stage_model.loss.logvar': [],
    betas: [1000],
    v_pred: [],
    thumbnail: [9],
  }
  const found = await inspected(packed(checkpoint.tensors, extra))
  expect(found).toMatchObject({ type: 'sdxl-checkpoint', usable: true, missing: [], misshapen: [] })
  expect(found.leftOver).toMatchObject({
    ema: ['model_ema.decay'],
    training: ['first_stage_model.loss.logvar', 'betas'],
    mark: ['v_pred'],
    other: ['thumbnail'],
  })
})

it('what a checkpoint lacks is named, and so is another shape', async () => {
  const lost = 'model.diffusion_model.out.2.weight'
  const bent = 'model.diffusion_model.time_embed.0.weight'
  const tensors = checkpoint.tensors
    .filter(({ name }) => name !== lost)
    .map(entry => (entry.name === bent ? { ...entry, shape: [320, 1280] } : entry))
  const found = await inspected(packed(tensors))
  expect(found).toMatchObject({ type: 'sdxl-checkpoint', usable: false, missing: ['unet conv_out.weight'] })
  expect(found.misshapen).toEqual([expect.stringContaining('unet time_embedding.linear_1.weight')])
})

it('a VAE with what its training left', async () => {
  const found = await inspected(
    packed(list('sdxl_base_vae_fp16').tensors, { 'loss.logvar': [], 'model_ema.decay': [] }),
  )
  expect(found).toMatchObject({ type: 'sdxl-vae', usable: true })
  expect(found.leftOver).toEqual({ training: ['loss.logvar'], ema: ['model_ema.decay'] })
})

it('a LoRA of a family that is not merged is not usable, and its keys are listed', async () => {
  const module = 'lora_unet_input_blocks_4_1_transformer_blocks_0_attn1_to_q'
  const keys = {
    [`${module}.a1.weight`]: [8, 640],
    [`${module}.a2.weight`]: [640, 8],
    [`${module}.b1.weight`]: [8, 640],
  }
  const found = await inspected(packed([], keys))
  expect(found).toMatchObject({ kind: 'lora', usable: false, leftOver: { other: Object.keys(keys) } })
  expect(await inspected(list('lora_kohya_sdxl_full_r16'))).toMatchObject({ kind: 'lora', usable: true, leftOver: {} })
})

it('what is no weights file is told by its first bytes; a folder and nothing at all are errors', async () => {
  await using folder = await temporaryFolder()
  const pointer = folder.at('pointer.safetensors')
  await writeFile(pointer, 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 6938040682\n')
  expect(await inspectWeights(pointer)).toMatchObject({
    ...{ type: 'git-lfs-pointer', usable: false },
    hint: expect.stringContaining('git lfs pull'),
  })
  await writeRaw(folder.at('cut.safetensors'), 10_000, '{}')
  await mkdir(folder.at('folder.safetensors'))
  for (const name of ['cut', 'folder', 'none'])
    expect(await complaintOf(() => inspectWeights(folder.at(`${name}.safetensors`)))).toMatch(
      /^(bad-weights|missing-model): /,
    )
})
