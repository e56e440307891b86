import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { requestInputSchema } from '../../contract/request.ts'
import { seededRandom as random } from '../../raster/random.ts'
import { chunk, internationalChunk, SIGNATURE, textChunk } from '../png-chunks.ts'
import { parametersText } from '../png-metadata.ts'
import { readA1111 } from './a1111.ts'
import { exifTexts } from './exif.ts'
import { fromTexts, readForeign } from './foreign.ts'

let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'zihua-foreign-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

const A1111 = `masterpiece, (学习:1.2), <lora:ink_v2:0.8> "quoted"
second line
Negative prompt: blurry, bad
still negative
Steps: 28, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 6.5, Seed: 1234567890, Size: 832x1216, Model hash: 31e35c80fc, Model: sd_xl_base_1.0, Denoising strength: 0.4, Clip skip: 2, ControlNet 0: "Module: canny, Model: x, Weight: 0.9", Version: v1.10.1`

describe('AUTOMATIC1111', () => {
  it('words of embeddings are read as such where the picture was made with some', () => {
    const text = (prompt: string, more: string) =>
      `${prompt}\nNegative prompt: easynegative\nSteps: 2, Seed: 3, Size: 64x64${more}`
    const weighs = (prompt: string, more = '') => readA1111(text(prompt, more))!.request.promptWeights
    expect(weighs('a cat')).toBeUndefined()
    expect(weighs('a cat', ', TI hashes: "easynegative: c74b4e810b03"')).toBe(true)
    expect(weighs('a cat, embedding:ink')).toBe(true)
  })

  it('what fits and what does not', () => {
    const found = readA1111(A1111)!
    expect(found.request).toEqual({
      prompt: 'masterpiece, (学习:1.2), <lora:ink_v2:0.8> "quoted"\nsecond line',
      promptWeights: true,
      negativePrompt: 'blurry, bad\nstill negative',
      steps: 28,
      sampler: 'dpmpp_2m_karras',
      guidanceScale: 6.5,
      seed: 1234567890,
      width: 832,
      height: 1216,
      controls: null,
    })
    expect(found.unmapped).toEqual({
      'Model hash': '31e35c80fc',
      Model: 'sd_xl_base_1.0',
      'Denoising strength': '0.4',
      'Clip skip': '2',
      'ControlNet 0': 'Module: canny, Model: x, Weight: 0.9',
      Version: 'v1.10.1',
    })
  })

  it('old sampler names, automatic schedules, samplers of its own', () => {
    const with_ = (settings: string) => readA1111(`p\nSteps: 5, ${settings}, Seed: 1`)!
    expect(with_('Sampler: DPM++ 2M SDE Karras').request.sampler).toBe('dpmpp_2m_sde_karras')
    expect(with_('Sampler: DPM++ 2M, Schedule type: Automatic').request.sampler).toBe('dpmpp_2m_karras')
    expect(with_('Sampler: Euler a, Schedule type: Automatic').request.sampler).toBe('euler_a')
    expect(with_('Sampler: Restart').unmapped).toEqual({ sampler: 'Restart' })
  })

  it('values that our request does not take are listed', () => {
    const found = readA1111('p\nSteps: 0, Sampler: Euler, CFG scale: 7, Seed: -1, Size: 513x512')!
    expect(found.request).toMatchObject({ sampler: 'euler', guidanceScale: 7, height: 512 })
    expect(found.unmapped).toEqual({ Steps: '0', Seed: '-1', width: '513' })
  })

  it('what we write ourselves comes back', () => {
    const request = {
      ...requestOf(),
      steps: 12,
      sampler: 'dpmpp_2m_sde_karras' as const,
      seed: 9007199254740991,
      model: 'a, b: c',
    }
    const text = parametersText({ request, prompt: 'Привет, Steps', negativePrompt: 'x', version: '1' })
    expect(readA1111(text)).toMatchObject({
      request: {
        steps: 12,
        sampler: 'dpmpp_2m_sde_karras',
        seed: 9007199254740991,
        prompt: 'Привет, Steps',
        negativePrompt: 'x',
      },
    })
  })

  it('a text that is none, and megabytes of nothing', () => {
    for (const text of [
      'hello',
      '',
      `Steps: ${','.repeat(1 << 20)}`,
      'a'.repeat(1 << 20),
      `${'"'.repeat(40_000)}`,
      'Steps: 1, a: "'.repeat(3000),
    ])
      expect(readA1111(text)).toBeNull()
    expect(readA1111(`${'<lora:'.repeat(100_000)}\nSteps: 1, Sampler: Euler, Seed: 2`)?.request).toMatchObject({
      seed: 2,
    })
  })
})

const COMFY = {
  3: {
    class_type: 'KSampler',
    inputs: {
      seed: ['20', 0],
      steps: 25,
      cfg: 7,
      sampler_name: 'dpmpp_2m_sde_gpu',
      scheduler: 'karras',
      denoise: 1,
      model: ['4', 0],
      positive: ['30', 0],
      negative: ['7', 0],
      latent_image: ['5', 0],
    },
  },
  4: { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'sdxl.safetensors' } },
  5: { class_type: 'EmptyLatentImage', inputs: { width: 1024, height: 768, batch_size: 1 } },
  6: { class_type: 'CLIPTextEncode', inputs: { text: '水 in neon', clip: ['4', 1] } },
  7: { class_type: 'CLIPTextEncode', inputs: { text: 'blurry', clip: ['4', 1] } },
  20: { class_type: 'PrimitiveInt', inputs: { value: 77 } },
  30: { class_type: 'ControlNetApply', inputs: { conditioning: ['6', 0], strength: 0.8 } },
}

describe('ComfyUI', () => {
  it('follows the graph', () => {
    const found = fromTexts(
      new Map([
        ['prompt', JSON.stringify(COMFY)],
        ['workflow', '{}'],
      ]),
    )!
    expect(found.program).toBe('comfyui')
    expect(found.request).toEqual({
      prompt: '水 in neon',
      negativePrompt: 'blurry',
      seed: 77,
      steps: 25,
      guidanceScale: 7,
      sampler: 'dpmpp_2m_sde_karras',
      width: 1024,
      height: 768,
      controls: null,
    })
    expect(found.unmapped).toMatchObject({
      'CheckpointLoaderSimple 4': 'ckpt_name: sdxl.safetensors',
      'ControlNetApply 30': 'strength: 0.8',
    })
  })

  it('links in a loop, NaN, seeds beyond 2⁵³, and what is no graph', () => {
    const loop = {
      1: { class_type: 'KSampler', inputs: { positive: ['2', 0], seed: ['2', 0], steps: 4, cfg: 1 } },
      2: { class_type: 'X', inputs: { conditioning: ['2', 0], value: ['2', 0] } },
    }
    expect(fromTexts(new Map([['prompt', JSON.stringify(loop)]]))?.request).toEqual({ steps: 4, guidanceScale: 1 })
    const big = JSON.stringify({ ...COMFY, 20: { class_type: 'PrimitiveInt', inputs: { value: 0 } } }).replace(
      '"value":0',
      '"value":18446744073709551615,"is_changed":NaN',
    )
    expect(fromTexts(new Map([['prompt', big]]))).toMatchObject({ unmapped: { seed: '18446744073709551615' } })
    for (const text of ['{}', '[]', 'null', '{"1": 5}', '{']) expect(fromTexts(new Map([['prompt', text]]))).toBeNull()
  })
})

it('InvokeAI', () => {
  const text = JSON.stringify({
    app_version: '5.4',
    positive_prompt: 'fire 火',
    negative_prompt: '',
    width: 1024,
    height: 1024,
    seed: 5,
    steps: 30,
    cfg_scale: 7.5,
    scheduler: 'dpmpp_2m_k',
    model: { name: 'SDXL' },
  })
  expect(fromTexts(new Map([['invokeai_metadata', text]]))).toEqual({
    program: 'invokeai',
    request: {
      prompt: 'fire 火',
      negativePrompt: '',
      width: 1024,
      height: 1024,
      seed: 5,
      steps: 30,
      guidanceScale: 7.5,
      sampler: 'dpmpp_2m_karras',
      controls: null,
    },
    unmapped: { app_version: '5.4', model: '{"name":"SDXL"}' },
  })
})

it('SwarmUI', () => {
  const text = JSON.stringify({
    sui_image_params: {
      prompt: 'a <lora:x:1> b',
      negativeprompt: 'n',
      model: 'm',
      seed: 3,
      steps: 20,
      cfgscale: 7,
      width: 1024,
      height: 512,
      sampler: 'euler_ancestral',
      scheduler: 'normal',
      swarm_version: '0.9',
    },
  })
  expect(fromTexts(new Map([['parameters', text]]))).toEqual({
    program: 'swarmui',
    request: {
      prompt: 'a <lora:x:1> b',
      promptWeights: true,
      negativePrompt: 'n',
      seed: 3,
      steps: 20,
      guidanceScale: 7,
      width: 1024,
      height: 512,
      sampler: 'euler_a',
      controls: null,
    },
    unmapped: { model: 'm', swarm_version: '0.9' },
  })
})

describe('AUTOMATIC1111, with more behind its settings', () => {
  const settings = 'Steps: 20, Sampler: DPM++ 2M Karras, CFG scale: 7, Seed: 1043062365, Size: 512x512'

  it('templates and other lines are listed, several lines of one name together', () => {
    const found = readA1111(
      `a cat\nNegative prompt: x\n${settings}\nTemplate: a {cat|dog},\nsecond\nNegative Template: x`,
    )!
    expect(found.request).toMatchObject({ prompt: 'a cat', negativePrompt: 'x', steps: 20, seed: 1043062365 })
    expect(found.unmapped).toEqual({ Template: 'a {cat|dog},\nsecond', 'Negative Template': 'x' })
  })

  it('a prompt that speaks of steps is not its settings; Windows line ends', () => {
    const found = readA1111(`Steps: 3 of marble, Stone: grey, Light: low\r\nmore\r\n${settings}`)!
    expect(found.request).toMatchObject({ prompt: 'Steps: 3 of marble, Stone: grey, Light: low\nmore', steps: 20 })
  })

  it('a seed of 64 bits is listed digit by digit', () => {
    expect(readA1111('p\nSteps: 2, Sampler: Euler, Seed: 7083489403104217387')!.unmapped).toEqual({
      Seed: '7083489403104217387',
    })
  })
})

describe('ComfyUI, by its links', () => {
  const texts = {
    6: { class_type: 'CLIPTextEncode', inputs: { text: 'a cat', clip: ['4', 1] } },
    7: { class_type: 'CLIPTextEncode', inputs: { text: 'bad', clip: ['4', 1] } },
    5: { class_type: 'EmptyLatentImage', inputs: { width: 1024, height: 512, batch_size: 1 } },
  }
  const read = (graph: object | string) =>
    fromTexts(new Map([['prompt', typeof graph === 'string' ? graph : JSON.stringify(graph)]]))

  it('SamplerCustomAdvanced: noise, guider, sampler and sigmas are nodes of their own', () => {
    const graph = {
      ...texts,
      13: {
        class_type: 'SamplerCustomAdvanced',
        inputs: { noise: ['25', 0], guider: ['22', 0], sampler: ['16', 0], sigmas: ['18', 0], latent_image: ['5', 0] },
      },
      25: { class_type: 'RandomNoise', inputs: { noise_seed: 42 } },
      22: { class_type: 'CFGGuider', inputs: { cfg: 5, positive: ['6', 0], negative: ['7', 0] } },
      16: { class_type: 'KSamplerSelect', inputs: { sampler_name: 'dpmpp_2m' } },
      18: { class_type: 'SplitSigmas', inputs: { sigmas: ['17', 0], step: 20 } },
      17: { class_type: 'BasicScheduler', inputs: { scheduler: 'karras', steps: 25, denoise: 1 } },
    }
    expect(read(graph)?.request).toEqual({
      ...{ prompt: 'a cat', negativePrompt: 'bad', seed: 42, steps: 25, guidanceScale: 5 },
      ...{ sampler: 'dpmpp_2m_karras', width: 1024, height: 512, controls: null },
    })
  })

  it('SamplerCustom with a sampler by its class and Karras by its class', () => {
    const graph = {
      ...texts,
      1: {
        class_type: 'SamplerCustom',
        inputs: {
          ...{ add_noise: true, noise_seed: 9, cfg: 3, positive: ['6', 0], negative: ['7', 0] },
          ...{ sampler: ['2', 0], sigmas: ['3', 0], latent_image: ['5', 0] },
        },
      },
      2: { class_type: 'SamplerDPMPP_2M_SDE', inputs: { eta: 1 } },
      3: { class_type: 'KarrasScheduler', inputs: { steps: 12, sigma_max: 14 } },
    }
    expect(read(graph)?.request).toMatchObject({ seed: 9, steps: 12, sampler: 'dpmpp_2m_sde_karras', guidanceScale: 3 })
  })

  it('a sampler of a node pack; a node with both texts hands on the one that the link names', () => {
    const graph = {
      ...texts,
      1: {
        class_type: 'Somebody’s Sampler (Efficient)',
        inputs: {
          ...{ seed: ['20', 3], steps: 8, cfg: 2, sampler_name: 'euler', scheduler: 'normal', denoise: 1 },
          ...{ positive: ['9', 0], negative: ['9', 1], latent_image: ['5', 0] },
        },
      },
      9: { class_type: 'ControlNetApplyAdvanced', inputs: { positive: ['6', 0], negative: ['7', 0], strength: 0.5 } },
      20: { class_type: 'Seed (pack)', inputs: { seed: 77 } },
    }
    expect(read(graph)?.request).toMatchObject({ prompt: 'a cat', negativePrompt: 'bad', seed: 77, steps: 8 })
  })

  it('NaN and Infinity are tokens, in lists too, and words inside strings', () => {
    const graph = JSON.stringify({
      ...texts,
      6: { class_type: 'CLIPTextEncode', inputs: { text: 'NaN, "Infinity": NaN' } },
      3: {
        class_type: 'KSampler',
        inputs: { seed: 1, steps: 2, positive: ['6', 0], negative: ['7', 0], latent_image: ['5', 0] },
        is_changed: ['@@'],
      },
    }).replace('"@@"', 'NaN, -Infinity, Infinity')
    expect(read(graph)?.request).toMatchObject({ prompt: 'NaN, "Infinity": NaN', steps: 2 })
  })
})

it('Fooocus’ own scheme', () => {
  const text = JSON.stringify({
    ...{ metadata_scheme: 'fooocus', version: 'Fooocus v2.5.0', prompt: 'a cat', negative_prompt: 'bad' },
    ...{ resolution: '(1152, 896)', steps: 30, guidance_scale: 4, sampler: 'dpmpp_2m_sde_gpu', scheduler: 'karras' },
    ...{ seed: '12345', styles: "['Fooocus V2']" },
  })
  expect(fromTexts(new Map([['parameters', text]]))).toEqual({
    program: 'fooocus',
    request: {
      ...{ prompt: 'a cat', negativePrompt: 'bad', width: 1152, height: 896, steps: 30, guidanceScale: 4 },
      ...{ sampler: 'dpmpp_2m_sde_karras', seed: 12345, controls: null },
    },
    unmapped: { metadata_scheme: 'fooocus', version: 'Fooocus v2.5.0', styles: "['Fooocus V2']" },
  })
})

it('NovelAI, with a prompt of its own or in captions', () => {
  const settings = {
    steps: 28,
    height: 1216,
    width: 832,
    scale: 5,
    seed: 3,
    sampler: 'k_dpmpp_2m',
    noise_schedule: 'karras',
  }
  const read = (data: object) => fromTexts(new Map([['Comment', JSON.stringify(data)]]))
  const request = {
    ...{ prompt: 'a cat', negativePrompt: 'bad', steps: 28, height: 1216, width: 832, guidanceScale: 5, seed: 3 },
    ...{ sampler: 'dpmpp_2m_karras', controls: null },
  }
  expect(read({ ...settings, prompt: 'a cat', uc: 'bad' })).toEqual({ program: 'novelai', request, unmapped: {} })
  const caption = (base_caption: string) => ({ caption: { base_caption } })
  const captions = { v4_prompt: caption('a cat'), v4_negative_prompt: caption('bad') }
  expect(read({ ...settings, ...captions })?.request).toEqual(request)
})

it('Draw Things, from its XMP packet', () => {
  const json = JSON.stringify({
    ...{ c: 'a "cat" & dog', uc: 'bad', steps: 8, scale: 1.5, seed: 4, sampler: 'DPM++ 2M Karras', size: '512x768' },
    ...{ model: 'sd_xl.ckpt' },
  })
  const escaped = json.replaceAll('&', '&amp;').replaceAll('"', '&quot;')
  const packet = `<x:xmpmeta><exif:UserComment>
    <rdf:Alt><rdf:li xml:lang="x-default">${escaped}</rdf:li></rdf:Alt></exif:UserComment></x:xmpmeta>`
  expect(fromTexts(new Map([['XML:com.adobe.xmp', packet]]))).toEqual({
    program: 'drawthings',
    request: {
      ...{ prompt: 'a "cat" & dog', negativePrompt: 'bad', steps: 8, guidanceScale: 1.5, seed: 4 },
      ...{ sampler: 'dpmpp_2m_karras', width: 512, height: 768, controls: null },
    },
    unmapped: { model: 'sd_xl.ckpt' },
  })
})

it('InvokeAI 2: weighted parts, and the negative prompt in brackets', () => {
  const text = JSON.stringify({
    app_version: '2.3',
    image: {
      ...{ prompt: [{ prompt: 'a cat [bad hands]', weight: 1 }], steps: 50, cfg_scale: 7.5, seed: 8 },
      ...{ width: 512, height: 512, sampler: 'k_euler_a' },
    },
  })
  expect(fromTexts(new Map([['sd-metadata', text]]))?.request).toMatchObject({
    ...{ prompt: 'a cat', negativePrompt: 'bad hands', steps: 50, guidanceScale: 7.5, sampler: 'euler_a' },
  })
})

describe('files', () => {
  it('PNG', async () => {
    const plain = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
      .png()
      .toBuffer()
    const file = join(root, 'a.png')
    await writeFile(
      file,
      Buffer.concat([plain.subarray(0, 33), internationalChunk('parameters', A1111), plain.subarray(33)]),
    )
    expect(await readForeign(file)).toMatchObject({ program: 'a1111', request: { steps: 28 } })
    await writeFile(file, Buffer.concat([SIGNATURE, textChunk('Comment', 'x')]))
    expect(await readForeign(file)).toBeNull()
  })

  it.each(['jpeg', 'webp'] as const)('%s with an EXIF comment as the web UI writes it', async format => {
    const file = join(root, `b.${format}`)
    const plain = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
      .toFormat(format)
      .toBuffer()
    await writeFile(file, format === 'jpeg' ? withExif(plain, exifOf(A1111)) : plain)
    expect((await readForeign(file))?.request.steps).toBe(format === 'jpeg' ? 28 : undefined)
  })

  it.each(['UTF-8 in tEXt', 'Latin-1 in tEXt'])('%s', async encoding => {
    const text = encoding.startsWith('UTF') ? 'красивый кот, 学习' : 'café à la crème'
    const bytes = Buffer.from(
      `parameters\0${text}\nSteps: 2, Sampler: Euler a, Seed: 3`,
      encoding.startsWith('UTF') ? 'utf8' : 'latin1',
    )
    const plain = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
      .png()
      .toBuffer()
    const file = join(root, 'utf8.png')
    await writeFile(file, Buffer.concat([plain.subarray(0, 33), chunk('tEXt', bytes), plain.subarray(33)]))
    expect((await readForeign(file))?.request.prompt).toBe(text)
  })

  it('ComfyUI’s WebP: "prompt:" and "workflow:" among the EXIF texts', async () => {
    const file = join(root, 'comfy.webp')
    const exif = { IFD0: { Make: 'workflow:{"nodes": []}', Model: `prompt:${asPython(COMFY)}` } }
    const picture = sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
    await writeFile(file, await picture.withExif(exif).webp().toBuffer())
    expect((await readForeign(file))?.request).toMatchObject({ seed: 77, steps: 25, prompt: '水 in neon' })
  })

  it('comments in every encoding and byte order; damaged blocks give nothing', () => {
    expect(exifTexts(exifOf('学习 test')).comment).toBe('学习 test')
    expect(exifTexts(Buffer.concat([Buffer.from('Exif\0\0'), exifOf('x y')])).comment).toBe('x y')
    const block = exifOf(A1111)
    const next = random(1)
    for (let i = 0; i < 300; i++) {
      const damaged = Buffer.from(block.subarray(0, Math.floor(next() * block.length)))
      if (damaged.length) damaged[Math.floor(next() * damaged.length)] = 256 * next()
      expect(() => exifTexts(damaged)).not.toThrow()
    }
  })

  it('a file that is not there', async () => {
    await expect(readForeign(join(root, 'none.png'))).rejects.toMatchObject({ code: 'bad-image' })
  })
})

/** Python's json.dumps escapes whatever is not ASCII. */
const asPython = (value: object): string =>
  JSON.stringify(value).replace(/[^ -~]/g, each => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`)

/** Little endian TIFF with one comment, its text big endian as piexif writes it. */
function exifOf(text: string): Buffer {
  const comment = Buffer.concat([Buffer.from('UNICODE\0'), Buffer.from(text, 'utf16le').swap16()])
  const head = Buffer.alloc(44)
  head.write('II*\0', 'latin1')
  head.writeUInt32LE(8, 4)
  head.writeUInt16LE(1, 8)
  entry(head, 10, 0x8769, 4, 1, 26)
  head.writeUInt16LE(1, 26)
  entry(head, 28, 0x9286, 7, comment.length, 44)
  return Buffer.concat([head, comment])
}

function entry(buffer: Buffer, at: number, tag: number, type: number, count: number, value: number): void {
  buffer.writeUInt16LE(tag, at)
  buffer.writeUInt16LE(type, at + 2)
  buffer.writeUInt32LE(count, at + 4)
  buffer.writeUInt32LE(value, at + 8)
}

function withExif(jpeg: Buffer, exif: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from('Exif\0\0'), exif])
  const head = Buffer.from([0xff, 0xe1, 0, 0])
  head.writeUInt16BE(body.length + 2, 2)
  return Buffer.concat([jpeg.subarray(0, 2), head, body, jpeg.subarray(2)])
}

function requestOf() {
  const nothing = Object.fromEntries(Object.keys(requestInputSchema.shape).map(key => [key, null]))
  return { ...nothing, guidanceScale: 5, width: 64, height: 64, strength: 1 } as unknown as Parameters<
    typeof parametersText
  >[0]['request']
}
