import { copyFile, mkdir, symlink, writeFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { fixture } from '../testing/fixtures.ts'
import { readConfig } from './config.ts'
import { openControlnet } from './controlnet.ts'
import { openNetwork } from './folder.ts'
import { ModelLoader } from './loader.ts'
import type { Network } from './network.ts'
import { toComponent } from './network.ts'
import { readHeader, readTensor, type TensorBytes } from './safetensors.ts'
import { complaintOf, type HeaderList, readGzipJson, temporaryFolder, writeSparse, writeTensors } from './testing.ts'
import type { TensorData } from './types.ts'
import { openVae } from './vae.ts'

const pipeline = fixture('sdxl/pipeline/model_index.json')?.replace('/model_index.json', '')
const unet = fixture('sdxl/unet/config.json')?.replace('/config.json', '')
const vae = fixture('sdxl/vae/config.json')?.replace('/config.json', '')
const headers = fixture('real-size/headers/index.json')?.replace('/index.json', '')
const configs = fixture('real-size/configs')

const floats = (...shape: number[]): TensorBytes => {
  const length = shape.reduce((a, b) => a * b, 4)
  return { dtype: 'F32', shape, data: new Uint8Array(length) }
}
const fileOf = (data: TensorData | undefined) => (data && 'file' in data ? data.file : null)
/** Takes every key with its own shape: what a graph that fits does. */
const takeAll = ({ tensors }: Network) => [...tensors.values()].map(({ name, shape }) => [name, shape])

describe.skipIf(!pipeline || !vae || !unet)('folders of the golden set (needs ZIHUA_FIXTURES)', () => {
  it('opens a whole model with its ControlNet', async () => {
    const model = await new ModelLoader().open({ model: pipeline!, controlnet: `${pipeline}/controlnet` })
    expect(model.unet.config['cross_attention_dim']).toBe(24)
    expect(model.unet.weights().shapeOf('conv_in.weight')).toEqual([16, 4, 3, 3])
    expect(model.controlnet?.config['num_control_type']).toBe(6)
    expect(model.tokenizer).toEqual({ folder: `${pipeline}/tokenizer`, padToken: '<|endoftext|>' })
    expect(model.tokenizer2.padToken).toBe('!')
    expect(model.scheduler['timestep_spacing']).toBe('leading')
    expect(model.forceZerosForEmptyPrompt).toBe(true)
    expect(model.files).toHaveLength(5)
    await model.dispose()
    await model.dispose()
  })

  it('every tensor lies where safetensors says', async () => {
    const { tensors } = await openNetwork('unet', unet!)
    const file = `${unet}/diffusion_pytorch_model.safetensors`
    const entry = (await readHeader(file)).tensors.get('mid_block.resnets.0.conv1.bias')!
    expect(tensors.get('mid_block.resnets.0.conv1.bias')?.data).toEqual({
      file,
      offset: entry.offset,
      length: entry.length,
    })
  })

  it('takes the fp32 file, or the fp16 variant where asked', async () => {
    const name = 'conv_in.bias'
    expect((await openNetwork('unet', unet!)).tensors.get(name)?.dtype).toBe('F32')
    expect((await openNetwork('unet', unet!, { variant: 'fp16' })).tensors.get(name)?.dtype).toBe('F16')
  })

  it('the VAE under its old attention names is the same VAE', async () => {
    await using folder = await temporaryFolder()
    const old = { to_q: 'query', to_k: 'key', to_v: 'value', 'to_out.0': 'proj_attn' }
    const source = `${vae}/diffusion_pytorch_model.safetensors`
    const tensors = new Map<string, TensorBytes>()
    for (const name of (await readHeader(source)).tensors.keys()) {
      const renamed = name.replace(/(to_[qkv]|to_out\.0)/, match => old[match as keyof typeof old])
      tensors.set(renamed, await readTensor(source, name))
    }
    await writeTensors(folder.at('diffusion_pytorch_model.safetensors'), tensors)
    await copyFile(`${vae}/config.json`, folder.at('config.json'))
    const names = (network: Network) => takeAll(network).toSorted()
    expect([...tensors.keys()].some(name => name.includes('proj_attn'))).toBe(true)
    expect(names(await openNetwork('vae', folder.path))).toEqual(names(await openNetwork('vae', vae!)))
    expect(names(await openVae(folder.at('diffusion_pytorch_model.safetensors')))).toEqual(names(await openVae(vae!)))
  })

  it.each(['text_encoder', 'text_encoder_2'] as const)(
    '%s as transformers 5 saves it, without the prefix text_model, is the same encoder',
    async kind => {
      await using folder = await temporaryFolder()
      const published = await openNetwork(kind, `${pipeline}/${kind}`)
      const file = [...published.files][0]
      const bare = await Promise.all(
        [...(await readHeader(file)).tensors.keys()].map(
          async name => [name.replace(/^text_model\./, ''), await readTensor(file, name)] as const,
        ),
      )
      await writeTensors(folder.at('model.safetensors'), new Map(bare))
      await copyFile(`${pipeline}/${kind}/config.json`, folder.at('config.json'))
      expect(bare.some(([name]) => name.startsWith('text_model'))).toBe(false)
      const opened = await openNetwork(kind, folder.path)
      expect(takeAll(opened).toSorted()).toEqual(takeAll(published).toSorted())
    },
  )

  it('another VAE in place of the model’s own', async () => {
    const model = await new ModelLoader().open({ model: pipeline!, vae: vae! })
    expect(model.vae.weights().label).toBe(`vae of ${vae}`)
    expect(model.files).not.toContain(`${pipeline}/vae/diffusion_pytorch_model.safetensors`)
  })

  it('a ControlNet of one file: its config beside, and the number of modes from the weights', async () => {
    const types8 = fixture('sdxl/controlnet_union/types8/diffusion_pytorch_model.safetensors')!
    expect((await openControlnet(types8)).config).toMatchObject({ num_control_type: 8, num_trans_channel: 16 })
    await using folder = await temporaryFolder()
    await symlink(types8, folder.at('union.safetensors'))
    const alone = await openControlnet(folder.at('union.safetensors'))
    expect(alone.config).toMatchObject({ num_control_type: 8, num_trans_channel: 320, cross_attention_dim: 2048 })
  })
})

describe('shards', () => {
  const index = (map: Record<string, string>) => JSON.stringify({ metadata: {}, weight_map: map })
  async function sharded(path: (name: string) => string, map: Record<string, string>) {
    await writeFile(path('config.json'), '{}')
    await writeFile(path('diffusion_pytorch_model.safetensors.index.json'), index(map))
    await writeTensors(path('part-1.safetensors'), new Map([['a', floats(2)]]))
    await writeTensors(path('part-2.safetensors'), new Map([['b', floats(3)]]))
  }

  it('are read through their index', async () => {
    await using folder = await temporaryFolder()
    await sharded(folder.at, { a: 'part-1.safetensors', b: 'part-2.safetensors' })
    const { tensors, files } = await openNetwork('unet', folder.path)
    expect(fileOf(tensors.get('b')?.data)).toBe(folder.at('part-2.safetensors'))
    expect(files).toHaveLength(2)
  })

  it.each(['../part-1.safetensors', '/etc/passwd', 'sub/part.safetensors'])(
    'a shard that climbs out is refused: %s',
    async shard => {
      await using folder = await temporaryFolder()
      await sharded(folder.at, { a: shard })
      expect(await complaintOf(() => openNetwork('unet', folder.path))).toMatch(/^bad-weights: .* names the shard/)
    },
  )

  it('a shard that is missing is named', async () => {
    await using folder = await temporaryFolder()
    await sharded(folder.at, { a: 'part-9.safetensors' })
    expect(await complaintOf(() => openNetwork('unet', folder.path))).toMatch(/^missing-model: .*part-9/)
  })

  it('a key that its shard lacks is an error of the graph', async () => {
    await using folder = await temporaryFolder()
    await sharded(folder.at, { a: 'part-1.safetensors', c: 'part-2.safetensors' })
    expect((await openNetwork('unet', folder.path)).tensors.has('c')).toBe(false)
  })
})

it('integer weights are named where the network needs them', async () => {
  await using folder = await temporaryFolder()
  await writeFile(folder.at('config.json'), '{}')
  const ids: TensorBytes = { dtype: 'I64', shape: [1], data: new Uint8Array(8) }
  await writeTensors(folder.at('diffusion_pytorch_model.safetensors'), new Map([['conv_in.weight', ids]]))
  const weights = toComponent(await openNetwork('unet', folder.path)).weights()
  weights.take('conv_in.weight', [1])
  expect(await complaintOf(() => weights.finish())).toMatch(
    /^bad-weights: .*1 tensors are not F16, BF16 or F32: conv_in\.weight \(I64\)/,
  )
})

describe('bad folders', () => {
  it.each<[string, (at: (name: string) => string) => Promise<unknown>, RegExp]>([
    ['without a config', async () => {}, /^bad-weights: .*config\.json is missing/],
    ['with a config that is no JSON', at => writeFile(at('config.json'), 'x'), /^bad-weights: .*not a JSON object/],
    ['with a config that is a list', at => writeFile(at('config.json'), '[]'), /^bad-weights: .*not a JSON object/],
    ['without weights', at => writeFile(at('config.json'), '{}'), /^missing-model: .*has no diffusion_pytorch_model/],
    [
      'with pickled weights only',
      async at => [await writeFile(at('config.json'), '{}'), await writeFile(at('diffusion_pytorch_model.bin'), '')],
      /only a pickled \.bin/,
    ],
  ])('%s', async (_, prepare, message) => {
    await using folder = await temporaryFolder()
    await prepare(name => folder.at(name))
    expect(await complaintOf(() => openNetwork('unet', folder.path))).toMatch(message)
  })

  it('the infinity that Python writes into a config is no damage', async () => {
    await using folder = await temporaryFolder()
    const text = '{"lambda_min_clipped": -Infinity, "text": "a: -Infinity, b"}'
    await writeFile(folder.at('config.json'), text)
    const config = { lambda_min_clipped: -Infinity, text: 'a: -Infinity, b' }
    expect(await readConfig(folder.at('config.json'))).toEqual(config)
  })

  it('a ControlNet that is not a Union one', async () => {
    await using folder = await temporaryFolder()
    await writeTensors(folder.at('x.safetensors'), new Map([['controlnet_cond_embedding.conv_in.weight', floats(1)]]))
    expect(await complaintOf(() => openControlnet(folder.at('x.safetensors')))).toContain('no ControlNet-Union')
  })

  it.each(['{"_class_name": "StableDiffusionPipeline"}', '{"_class_name": "FluxPipeline"}'])(
    'another pipeline: %s',
    async index => {
      await using folder = await temporaryFolder()
      await writeFile(folder.at('model_index.json'), index)
      expect(await complaintOf(() => new ModelLoader().open({ model: folder.path }))).toContain('not an SDXL model')
    },
  )

  it('a folder that is no model, a path that is none, a pickled checkpoint', async () => {
    await using folder = await temporaryFolder()
    const open = (model: string) => complaintOf(() => new ModelLoader().open({ model }))
    expect(await open(folder.path)).toMatch(/^bad-weights: .*model_index\.json is missing/)
    expect(await open(folder.at('none'))).toMatch(/^missing-model: .*there is no such model/)
    await writeFile(folder.at('model.ckpt'), '')
    expect(await open(folder.at('model.ckpt'))).toMatch(/^bad-weights: .*pickled/)
    await writeFile(folder.at('empty.safetensors'), '')
    expect(await open(folder.at('empty.safetensors'))).toMatch(/^bad-weights: .*0 bytes/)
  })
})

describe.skipIf(!headers || !configs)('published files, headers only (needs ZIHUA_FIXTURES)', () => {
  const list = (name: string) => readGzipJson<HeaderList>(`${headers}/${name}.json.gz`)
  const published = `${configs}/stable-diffusion-xl-base-1.0`
  const parts = [
    ['text_encoder', 'model', 'sdxl_base_text_encoder_fp16', 196],
    ['text_encoder_2', 'model', 'sdxl_base_text_encoder_2_fp16', 517],
    ['unet', 'diffusion_pytorch_model', 'sdxl_base_unet_fp16', 1680],
    ['vae', 'diffusion_pytorch_model', 'sdxl_base_vae_fp16', 248],
  ] as const

  it('SDXL base: a folder of fp16 variants, no vocabularies; every key is there once', async () => {
    await using folder = await temporaryFolder()
    await copyFile(`${published}/model_index.json`, folder.at('model_index.json'))
    for (const [part, stem, header] of parts) {
      await mkdir(folder.at(part))
      await copyFile(`${published}/${part}/config.json`, folder.at(part, 'config.json'))
      await writeSparse(folder.at(part, `${stem}.fp16.safetensors`), list(header))
    }
    const model = await new ModelLoader().open({ model: folder.path })
    const sizes = [model.textEncoder, model.textEncoder2, model.unet, model.vae].map(part => [...part.tensors()].length)
    expect(sizes).toEqual(parts.map(([, , , count]) => count))
    expect(model.tokenizer2.padToken).toBe('!')
    expect(model.tokenizer.folder).toContain('clip-vocab')
  })

  it.each([
    ['controlnet_union_sdxl_types6_fp16', 6],
    ['controlnet_union_sdxl_promax_types8_fp16', 8],
  ])('%s: one file without metadata or config', async (name, types) => {
    await using folder = await temporaryFolder()
    await writeSparse(folder.at('union.safetensors'), list(name))
    const { config, tensors } = await openControlnet(folder.at('union.safetensors'))
    expect(config).toMatchObject({
      num_control_type: types,
      num_trans_channel: 320,
      block_out_channels: [320, 640, 1280],
    })
    expect(tensors.size).toBe(863)
  })
})
