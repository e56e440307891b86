import { existsSync, readdirSync } from 'node:fs'
import { mkdir, stat } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { fixture } from '../testing/fixtures.ts'
import { ModelLoader } from './loader.ts'
import type { LoraSource } from './lora.ts'
import { loraTargets, splitLoraKey } from './lora-keys.ts'
import { fromFloat32, toFloat32 } from './numbers.ts'
import { rotateRows } from './orthogonal.ts'
import { addProduct } from './product.ts'
import { readBytes, readHeader, readTensor, type TensorBytes } from './safetensors.ts'
import { complaintOf, type HeaderList, readGzipJson, temporaryFolder, writeTensors } from './testing.ts'
import type { Model, Tensor } from './types.ts'

const pipeline = fixture('sdxl/pipeline/model_index.json')?.replace('/model_index.json', '')
const loras = fixture('sdxl/lora/index.json')?.replace('/index.json', '')
const headers = fixture('real-size/headers/index.json')?.replace('/index.json', '')
const loader = new ModelLoader()

const PARTS = { unet: 'unet', text_encoder: 'textEncoder', text_encoder_2: 'textEncoder2' } as const

function find(model: Model, key: string): Tensor {
  const [network, ...name] = key.split('.')
  const tensors = [...model[PARTS[network as keyof typeof PARTS]].tensors()]
  return tensors.find(tensor => tensor.name === name.join('.'))!
}

async function numbers({ data, dtype }: Tensor): Promise<Float32Array> {
  return toFloat32(dtype, data instanceof Uint8Array ? data : await readBytes(data.file, data.offset, data.length))
}

const worst = (a: Float32Array, b: Float32Array) =>
  a.reduce((max, value, i) => Math.max(max, Math.abs(value - b[i])), 0)

describe.skipIf(!pipeline || !loras)('merged weights of the golden set (needs ZIHUA_FIXTURES)', () => {
  const open = (sources: LoraSource[], rest: { model?: string; scratchFolder?: string } = {}) =>
    loader.open({ model: pipeline!, ...rest, loras: sources })

  it.each([
    ['attn_ff_te', 'attn_ff_te_io'],
    ['attn_ff_te_diffusers_style_names', 'attn_ff_te_io'],
    ['locon_conv', 'locon_conv_io'],
    ['locon_conv_diffusers_style_names', 'locon_conv_io'],
  ])('%s: every weight that the reference has', async (name, io) => {
    await using model = disposable(await open([{ path: `${loras}/${name}.safetensors`, weight: 0.8 }]))
    const { tensors } = await readHeader(`${loras}/${io}.safetensors`)
    const keys = [...tensors.keys()].filter(key => key.startsWith('merged.'))
    expect(keys.length).toBeGreaterThan(5)
    for (const key of keys) {
      const { dtype, data } = await readTensor(`${loras}/${io}.safetensors`, key)
      expect(worst(await numbers(find(model, key.slice('merged.'.length))), toFloat32(dtype, data)), key).toBeLessThan(
        1e-6,
      )
    }
    expect(model.files).toContain(`${loras}/${name}.safetensors`)
  })

  it('two at once: their changes add up; weight 0 is none', async () => {
    await using folder = await temporaryFolder()
    const [first, second] = ['attn_ff_te', 'locon_conv'].map(name => `${loras}/${name}.safetensors`)
    const key = 'unet.mid_block.attentions.0.transformer_blocks.0.attn1.to_q.weight'
    const weightsOf = async (sources: LoraSource[]) => {
      await using model = disposable(await open(sources, { scratchFolder: folder.path }))
      return await numbers(find(model, key))
    }
    const [base, a, b, both] = [
      await weightsOf([{ path: first, weight: 0 }]),
      await weightsOf([{ path: first, weight: 0.5 }]),
      await weightsOf([{ path: second, weight: -1 }]),
      await weightsOf([
        { path: first, weight: 0.5 },
        { path: second, weight: -1 },
      ]),
    ]
    expect(worst(a, base)).toBeGreaterThan(0.01)
    expect(
      worst(
        both,
        a.map((value, i) => value + b[i] - base[i]),
      ),
    ).toBeLessThan(1e-6)
    expect(readdirSync(folder.path)).toEqual([])
  })

  it('an fp16 checkpoint stays fp16, and only the changed weights are copied', async () => {
    await using folder = await temporaryFolder()
    const single = fixture('sdxl/ldm/tiny_sdxl_single_file_fp16.safetensors')!
    const source = { model: single, configFolder: pipeline!, scratchFolder: folder.path }
    await using model = disposable(
      await loader.open({ ...source, loras: [{ path: `${loras}/attn_ff_te.safetensors`, weight: 1 }] }),
    )
    const file = (tensor: Tensor) => (tensor.data instanceof Uint8Array ? null : tensor.data.file)
    const changed = find(model, 'unet.mid_block.attentions.0.proj_in.weight')
    expect([changed.dtype, file(changed)?.startsWith(folder.path)]).toEqual(['F16', true])
    expect(file(find(model, 'unet.conv_in.weight'))).toBe(single)
    // q, k and v of the second text encoder are rows of one tensor; merged, each is a tensor of its own.
    expect(file(find(model, 'text_encoder_2.text_model.encoder.layers.0.self_attn.q_proj.weight'))).not.toBe(single)
    expect(model.files).toEqual([single, `${loras}/attn_ff_te.safetensors`])
  })

  it('dispose removes the scratch files, and those of processes that are gone', async () => {
    await using folder = await temporaryFolder()
    await mkdir(folder.at('zihua-merged-4194304999-x'))
    const model = await open([{ path: `${loras}/attn_ff_te.safetensors`, weight: 1 }], { scratchFolder: folder.path })
    const [scratch] = readdirSync(folder.path)
    expect(readdirSync(folder.path)).toHaveLength(1)
    expect((await stat(folder.at(scratch, 'unet.safetensors'))).size).toBeGreaterThan(1000)
    await model.dispose()
    await model.dispose()
    expect(existsSync(folder.at(scratch))).toBe(false)
  })

  describe('names and alphas of other tools', () => {
    const target = 'unet.mid_block.attentions.0.transformer_blocks.0.attn1.to_out.0'
    const f32 = (shape: number[], values: number[]): TensorBytes => ({
      dtype: 'F32',
      shape,
      data: fromFloat32('F32', Float32Array.from(values)),
    })
    const down = f32(
      [2, 48],
      Array.from({ length: 96 }, (_, i) => (i % 7) / 7),
    )
    const up = f32(
      [48, 2],
      Array.from({ length: 96 }, (_, i) => (i % 5) / 5),
    )

    async function changeOf(
      tensors: Record<string, TensorBytes>,
      metadata?: Record<string, string>,
    ): Promise<Float32Array> {
      await using folder = await temporaryFolder()
      await writeTensors(folder.at('x.safetensors'), new Map(Object.entries(tensors)), metadata)
      await using base = disposable(await open([]))
      await using model = disposable(
        await open([{ path: folder.at('x.safetensors'), weight: 1 }], { scratchFolder: folder.path }),
      )
      const before = await numbers(find(base, `${target}.weight`))
      return (await numbers(find(model, `${target}.weight`))).map((value, i) => value - before[i])
    }

    const product = new Float32Array(48 * 48)
    addProduct(product, 48, toFloat32('F32', up.data), toFloat32('F32', down.data), 2, 1)

    it.each([
      ['PEFT', `${target}.lora_A.weight`, `${target}.lora_B.weight`],
      [
        'PEFT with an adapter name in words',
        `base_model.model.unet.${target}.lora_A.ink-wash.weight`,
        `base_model.model.unet.${target}.lora_B.ink-wash.weight`,
      ],
      [
        'PEFT with an adapter name',
        `base_model.model.${target}.lora_A.default.weight`,
        `base_model.model.${target}.lora_B.default.weight`,
      ],
      ['diffusers', `${target}.lora.down.weight`, `${target}.lora.up.weight`],
      ['diffusers, linear layers', `${target}.lora_linear_layer.down.weight`, `${target}.lora_linear_layer.up.weight`],
      [
        'old attention processors',
        `${target.replace('.to_out.0', '')}.processor.to_out_lora.down.weight`,
        `${target.replace('.to_out.0', '')}.processor.to_out_lora.up.weight`,
      ],
      [
        'kohya, sgm names',
        'lora_unet_middle_block_1_transformer_blocks_0_attn1_to_out_0.lora_down.weight',
        'lora_unet_middle_block_1_transformer_blocks_0_attn1_to_out_0.lora_up.weight',
      ],
    ])('%s: without an alpha the rank is the alpha', async (_, downKey, upKey) => {
      expect(worst(await changeOf({ [downKey]: down, [upKey]: up }), product)).toBeLessThan(1e-6)
    })

    it('an alpha beside the weights, of any dtype, scales by alpha / rank', async () => {
      const alpha: TensorBytes = { dtype: 'I64', shape: [], data: new Uint8Array(BigInt64Array.of(1n).buffer) }
      const change = await changeOf({
        [`${target}.lora_A.weight`]: down,
        [`${target}.lora_B.weight`]: up,
        [`${target}.alpha`]: alpha,
      })
      expect(
        worst(
          change,
          product.map(value => value / 2),
        ),
      ).toBeLessThan(1e-6)
    })

    it('an alpha in diffusers’ metadata', async () => {
      const metadata = {
        lora_adapter_metadata: JSON.stringify({ 'unet.r': 2, 'unet.lora_alpha': 8, 'unet.alpha_pattern': {} }),
      }
      const change = await changeOf({ [`${target}.lora_A.weight`]: down, [`${target}.lora_B.weight`]: up }, metadata)
      expect(
        worst(
          change,
          product.map(value => value * 4),
        ),
      ).toBeLessThan(1e-5)
    })

    it('OFT: blocks of rows turned, alpha a limit and no scale', async () => {
      const blocks = f32(
        [6, 8, 8],
        Array.from({ length: 384 }, (_, i) => Math.sin(i) / 4),
      )
      await using base = disposable(await open([]))
      const before = await numbers(find(base, `${target}.weight`))
      const turned = before.slice()
      rotateRows(
        turned,
        48,
        { blocks: { ...blocks, data: toFloat32('F32', blocks.data) }, rescale: undefined, limit: 0.01 },
        1,
      )
      const alpha = f32([], [0.01])
      const change = await changeOf({ [`${target}.oft_blocks`]: blocks, [`${target}.alpha`]: alpha })
      expect(
        worst(
          change,
          turned.map((value, i) => value - before[i]),
        ),
      ).toBeLessThan(1e-6)
      expect(change.some(value => Math.abs(value) > 1e-4)).toBe(true)
    })

    const refuse = (tensors: Record<string, TensorBytes>, metadata?: Record<string, string>) =>
      complaintOf(() => changeOf(tensors, metadata))
    it('refuses what it does not know, by name', async () => {
      const pair = { [`${target}.lora_A.weight`]: down, [`${target}.lora_B.weight`]: up }
      expect(await refuse({ 'unet.x.lora_A.weight': down, 'unet.x.lora_B.weight': up })).toMatch(
        /^bad-weights: .*1 keys match nothing in this model: unet\.x/,
      )
      expect(await refuse({ 'lora_unet_x.hada_w1_a': up })).toContain('lora_unet_x')
      const zeros = (...shape: number[]) => f32(shape, Array(shape.reduce((a, b) => a * b, 1)).fill(0))
      expect(await refuse({ [`${target}.oft_blocks`]: zeros(2, 6, 8, 8) })).toContain(
        'holds BOFT, which is not read here',
      )
      expect(await refuse({ [`${target}.oft_R.weight`]: zeros(6, 28) })).toContain("holds PEFT's OFT")
      expect(await refuse({ [`${target}.lora_A.weight`]: down })).toContain(`${target} has no up weight`)
      expect(await refuse({ [`${target}.lokr_w1`]: down })).toContain(`${target} has no lokr_w2 weight`)
      expect(await refuse({ ...pair, [`${target}.lora_B.weight`]: f32([40, 2], Array(80).fill(0)) })).toContain(
        '(down [2,48], up [40,2]) does not fit the weight [48,48]',
      )
      const broken = f32([48, 2], Array(96).fill(Number.NaN))
      expect(await refuse({ ...pair, [`${target}.lora_B.weight`]: broken })).toMatch(
        /x\.safetensors: .*to_out\.0\.up holds NaN or infinity/,
      )
      // Finite numbers whose product is not.
      const far = (shape: number[]) => f32(shape, Array(96).fill(3e38))
      for (const more of [{}, { [`${target}.lora_magnitude_vector`]: f32([48], Array(48).fill(1)) }])
        expect(
          await refuse({
            [`${target}.lora_A.weight`]: far([2, 48]),
            [`${target}.lora_B.weight`]: far([48, 2]),
            ...more,
          }),
        ).toMatch(/x\.safetensors: .*to_out\.0 holds NaN or infinity/)
      const whole: TensorBytes = { dtype: 'I8', shape: [2, 48], data: new Uint8Array(96).fill(5) }
      expect(await refuse({ ...pair, [`${target}.lora_A.weight`]: whole })).toMatch(
        /x\.safetensors: 1 tensors are not F16, BF16 or F32: .*lora_A/,
      )
      expect(await refuse({ 'conv_in.weight': up })).toContain('no file of an SDXL model, not a LoRA')
    })
  })
})

describe.skipIf(!headers)('LoRA files for the published model, headers only (needs ZIHUA_FIXTURES)', () => {
  const list = (name: string) => readGzipJson<HeaderList>(`${headers}/${name}.json.gz`)
  const targets = () =>
    new Map(
      (['unet', 'text_encoder', 'text_encoder_2'] as const).flatMap(network => [
        ...loraTargets(
          network,
          list(`sdxl_base_${network}_fp16`).tensors.map(({ name }) => name),
          2,
        ),
      ]),
    )

  it('every module name of the reference means the same weight', () => {
    const { entries } = readGzipJson<{ entries: [string, string, string, string][] }>(`${headers}/lora_key_map.json.gz`)
    const known = targets()
    for (const [network, key, ...names] of entries)
      for (const name of names) expect(known.get(name)).toEqual({ network, module: key.slice(0, -'.weight'.length) })
    expect(entries).toHaveLength(986)
  })

  it.each([
    ['lora_kohya_sdxl_full_r16', 986],
    ['lora_kohya_sdxl_unet_only_r16', 722],
    ['lora_kohya_sdxl_unet_attn_only_r16', 560],
    ['lora_kohya_sdxl_unet_diffusers_names_r16', 722],
  ])('%s: every key is a part of a known module, and no two of one weight', (name, modules) => {
    const known = targets()
    const parts = list(name).tensors.map(({ name: key }) => splitLoraKey(key)!)
    const keys = parts.map(({ module, part }) => `${known.get(module)!.network} ${known.get(module)!.module} ${part}`)
    expect(new Set(keys).size).toBe(modules * 3)
  })
})

function disposable(model: Model): Model & AsyncDisposable {
  return { ...model, [Symbol.asyncDispose]: () => model.dispose() }
}
