import { readFileSync } from 'node:fs'
import { mkdir, symlink } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { fixture } from '../testing/fixtures.ts'
import { ModelLoader } from './loader.ts'
import { toFloat32 } from './numbers.ts'
import { readBytes, readHeader, readTensor, type TensorBytes } from './safetensors.ts'
import { mapOriginalKey, type Operation } from './single-file-keys.ts'
import { complaintOf, type HeaderList, readGzipJson, temporaryFolder, writeSparse, writeTensors } from './testing.ts'
import type { Component, Tensor } from './types.ts'
import { unetFromOriginal, unetToOriginal } from './unet-keys.ts'
import { openVae } from './vae.ts'

const tiny = fixture('sdxl/ldm/tiny_sdxl_single_file_fp16.safetensors')
const pipeline = fixture('sdxl/pipeline/model_index.json')?.replace('/model_index.json', '')
const headers = fixture('real-size/headers/index.json')?.replace('/index.json', '')

const PARTS = ['textEncoder', 'textEncoder2', 'unet', 'vae'] as const
const loader = new ModelLoader()

async function numbers({ data, dtype }: Tensor): Promise<Float32Array> {
  return toFloat32(dtype, data instanceof Uint8Array ? data : await readBytes(data.file, data.offset, data.length))
}
/** toEqual compares a million numbers one by one. */
const sameBytes = (a: Float32Array, b: Float32Array) =>
  Buffer.compare(Buffer.from(a.buffer), Buffer.from(b.buffer)) === 0
const shapes = (component: Component) => [...component.tensors()].map(({ name, shape }) => `${name} [${shape}]`).sort()

describe.skipIf(!tiny || !pipeline)('the golden checkpoint (needs ZIHUA_FIXTURES)', () => {
  it('is the folder, number for number', async () => {
    const folder = await loader.open({ model: pipeline! })
    const single = await loader.open({ model: tiny!, configFolder: pipeline! })
    for (const part of PARTS) {
      expect(single[part].config).toEqual(folder[part].config)
      expect(shapes(single[part])).toEqual(shapes(folder[part]))
      const reference = new Map([...folder[part].tensors()].map(tensor => [tensor.name, tensor]))
      for (const tensor of single[part].tensors())
        expect(sameBytes(await numbers(tensor), await numbers(reference.get(tensor.name)!)), tensor.name).toBe(true)
    }
    expect(single.tokenizer).toEqual(folder.tokenizer)
    expect(single.scheduler).toEqual(folder.scheduler)
    expect(single.files).toEqual([tiny])
  })

  it('q, k and v are rows of one tensor, in place; only the transposed projection is in memory', async () => {
    const { textEncoder2 } = await loader.open({ model: tiny!, configFolder: pipeline! })
    const tensors = [...textEncoder2.tensors()]
    expect(tensors.filter(({ data }) => data instanceof Uint8Array).map(({ name }) => name)).toEqual([
      'text_projection.weight',
    ])
    const spans = ['q', 'k', 'v'].map(
      part => tensors.find(({ name }) => name === `text_model.encoder.layers.0.self_attn.${part}_proj.weight`)!.data,
    )
    const [q, k, v] = spans.map(span => ('offset' in span ? span.offset : 0))
    expect([k - q, v - k]).toEqual([512, 512])
  })

  it('finds the folder of configs that lies beside it with its name', async () => {
    await using folder = await temporaryFolder()
    await symlink(tiny!, folder.at('tiny.safetensors'))
    await symlink(pipeline!, folder.at('tiny'))
    const model = await loader.open({ model: folder.at('tiny.safetensors') })
    expect(model.unet.config['cross_attention_dim']).toBe(24)
  })

  it('without configs its sizes are SDXL’s, and the graph will name what does not fit', async () => {
    const model = await loader.open({ model: tiny!, vae: `${pipeline}/vae` })
    const weights = model.unet.weights()
    weights.take('conv_in.weight', [320, 4, 3, 3])
    expect(await complaintOf(() => weights.finish())).toContain('conv_in.weight [16,4,3,3] instead of [320,4,3,3]')
    expect(model.tokenizer.folder).toContain('clip-vocab')
  })

  it('a VAE of one file under original names is the same VAE, with and without the checkpoint’s prefix', async () => {
    await using folder = await temporaryFolder()
    for (const prefix of ['first_stage_model.', '']) {
      const tensors = new Map<string, TensorBytes>()
      for (const key of (await readHeader(tiny!)).tensors.keys())
        if (key.startsWith('first_stage_model.'))
          tensors.set(key.replace('first_stage_model.', prefix), await readTensor(tiny!, key))
      await writeTensors(folder.at('vae.safetensors'), tensors)
      const { tensors: opened, config } = await openVae(folder.at('vae.safetensors'))
      const whole = await loader.open({ model: pipeline! })
      expect([...opened.values()].map(({ name, shape }) => `${name} [${shape}]`).sort()).toEqual(shapes(whole.vae))
      expect(config['scaling_factor']).toBe(0.13025)
    }
  })
})

describe.skipIf(!headers)('the published checkpoint, header only (needs ZIHUA_FIXTURES)', () => {
  const list = (name: string) => readGzipJson<HeaderList>(`${headers}/${name}.json.gz`)
  const layout = { layersPerBlock: 2, vaeBlocks: 4 }
  const written = ({ kind, ...rest }: Operation) => kind + ('index' in rest ? rest.index : '')
  /** [network, diffusers key, single-file key, operation in words] */
  const golden: { entries: [string, string, string, string][]; ignore_on_load: string[] } = headers
    ? readGzipJson(`${headers}/sdxl_single_file_key_map.json.gz`)
    : { entries: [], ignore_on_load: [] }

  it('every key is mapped as the reference maps it', () => {
    const operations: [RegExp, string][] = [
      [/^copy/, 'copy'],
      [/^reshape/, 'matrix'],
      [/^transpose/, 'transpose'],
      [/^rows (\d).*/, 'third$1'],
    ]
    const inOurWords = (text: string) => {
      const [pattern, word] = operations.find(([known]) => known.test(text))!
      return word.replace('$1', pattern.exec(text)?.[1] ?? '')
    }
    const expected = golden.entries.map(([network, name, key, operation]) =>
      [key, network, name, inOurWords(operation)].join(' '),
    )
    const ours = list('sdxl_single_file_fp16')
      .tensors.filter(({ name }) => !golden.ignore_on_load.includes(name))
      .flatMap(({ name }) =>
        mapOriginalKey(name, layout).map(({ network, name: key, operation }) =>
          [name, network, key, written(operation)].join(' '),
        ),
      )
    expect(ours.sort()).toEqual(expected.sort())
  })

  it('both directions of the UNet’s names are inverse', () => {
    const entries = golden.entries.filter(([network]) => network === 'unet')
    const attentions = new Set(entries.map(([, name]) => /^(.+?)\.attentions\./.exec(name)?.[1]))
    for (const [, name, key] of entries) {
      const original = key.replace('model.diffusion_model.', '')
      expect(unetFromOriginal(original, 2)).toBe(name)
      expect(unetToOriginal(name, 2, block => attentions.has(block))).toBe(original)
    }
  })

  it.each(['sdxl_single_file_fp16', 'sdxl_single_file_fp16_posids_i64'])(
    '%s has the keys and shapes of the folder',
    async name => {
      await using folder = await temporaryFolder()
      await writeSparse(folder.at('sdxl.safetensors'), list(name))
      const model = await loader.open({ model: folder.at('sdxl.safetensors') })
      const published = [
        'sdxl_base_text_encoder_fp16',
        'sdxl_base_text_encoder_2_fp16',
        'sdxl_base_unet_fp16',
        'sdxl_base_vae_fp16',
      ]
      for (const [i, part] of PARTS.entries())
        expect(shapes(model[part])).toEqual(
          list(published[i])
            .tensors.map(({ name: key, shape }) => `${key} [${shape}]`)
            .sort(),
        )
      expect(model.scheduler['prediction_type']).toBe('epsilon')
    },
  )

  it('a v-prediction checkpoint says so by its marks', async () => {
    await using folder = await temporaryFolder()
    const header = list('sdxl_single_file_fp16')
    const end = header.tensors.reduce((max, { data_offsets }) => Math.max(max, data_offsets[1]), 0)
    const mark = (name: string) => ({ name, dtype: 'F32', shape: [0], data_offsets: [end, end] as [number, number] })
    await writeSparse(folder.at('v.safetensors'), {
      ...header,
      tensors: [...header.tensors, mark('v_pred'), mark('ztsnr')],
    })
    const { scheduler } = await loader.open({ model: folder.at('v.safetensors') })
    expect(scheduler).toMatchObject({ prediction_type: 'v_prediction', rescale_betas_zero_snr: true })
  })

  it('a key under an unknown name is left over, and what is missing is said when the network is built', async () => {
    await using folder = await temporaryFolder()
    const header = list('sdxl_single_file_fp16')
    const tensors = header.tensors.map(tensor => ({
      ...tensor,
      name: tensor.name.replace('.time_embed.0.', '.clock.0.'),
    }))
    await writeSparse(folder.at('odd.safetensors'), { ...header, tensors })
    const { unet } = await loader.open({ model: folder.at('odd.safetensors') })
    const weights = unet.weights()
    weights.take('time_embedding.linear_1.weight', [1280, 320])
    expect(await complaintOf(() => weights.finish())).toContain('1 missing: time_embedding.linear_1.weight')
  })
})

describe('another kind of file', () => {
  const one: TensorBytes = { dtype: 'F16', shape: [1], data: new Uint8Array(2) }
  it.each([
    ['a LoRA', ['lora_unet_input_blocks_4_1_proj_in.lora_down.weight']],
    ['a LoRA', ['unet.down_blocks.1.attentions.0.proj_in.lora_A.weight']],
    ['a VAE', ['decoder.conv_in.weight', 'encoder.conv_in.weight']],
    ['a ControlNet-Union', ['task_embedding', 'down_blocks.0.x']],
    ['a ControlNet, but not a Union one', ['controlnet_cond_embedding.conv_in.weight']],
    ['a Stable Diffusion 1 or 2 checkpoint, not SDXL', ['model.diffusion_model.out.0.bias', 'cond_stage_model.x']],
    ["SDXL's refiner", ['model.diffusion_model.out.0.bias', 'conditioner.embedders.0.model.x']],
    ['a UNet without text encoders', ['model.diffusion_model.out.0.bias']],
    ['a UNet alone', ['down_blocks.0.x']],
    ['a text encoder alone', ['text_model.x']],
    ['no file of an SDXL model', ['x']],
    [
      'has no VAE',
      ['model.diffusion_model.x', 'conditioner.embedders.0.transformer.x', 'conditioner.embedders.1.model.x'],
    ],
  ])('is told: %s', async (words, keys) => {
    await using folder = await temporaryFolder()
    await writeTensors(folder.at('x.safetensors'), new Map(keys.map(key => [key, one])))
    const complaint = await complaintOf(() => loader.open({ model: folder.at('x.safetensors') }))
    expect(complaint).toMatch(/^bad-weights: /)
    expect(complaint).toContain(words)
  })

  it('a LoRA is no VAE, and a folder of configs must be one', async () => {
    await using folder = await temporaryFolder()
    await writeTensors(folder.at('x.safetensors'), new Map([['lora_unet_x.alpha', one]]))
    expect(await complaintOf(() => openVae(folder.at('x.safetensors')))).toContain('a LoRA, not a VAE')
    const keys = [
      'model.diffusion_model.x',
      'conditioner.embedders.0.transformer.x',
      'conditioner.embedders.1.model.x',
      'first_stage_model.decoder.conv_in.weight',
    ]
    await writeTensors(folder.at('y.safetensors'), new Map(keys.map(key => [key, one])))
    await mkdir(folder.at('configs'))
    const open = (configFolder: string) =>
      complaintOf(() => loader.open({ model: folder.at('y.safetensors'), configFolder }))
    expect(await open(folder.at('none'))).toContain('no such folder of configs')
    expect(await open(folder.at('configs'))).toContain('config.json is missing')
  })
})

const mapping = fixture('sdxl/ldm/key_mapping.json')
it.skipIf(!mapping)('the key map of the tiny checkpoint (needs ZIHUA_FIXTURES)', () => {
  const { entries }: { entries: { component: string; diffusers_key: string; single_file_key: string }[] } = JSON.parse(
    readFileSync(mapping!, 'utf8'),
  )
  for (const { component, diffusers_key, single_file_key } of entries)
    expect(
      mapOriginalKey(single_file_key, { layersPerBlock: 2, vaeBlocks: 4 }).map(
        ({ network, name }) => `${network} ${name}`,
      ),
    ).toContain(`${component} ${diffusers_key}`)
})
