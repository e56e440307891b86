/** Metadata as other versions of these programs, their relatives and strangers write them. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { readA1111 } from './a1111.ts'
import { settingsIn } from './a1111-line.ts'
import { exifTexts } from './exif.ts'
import { fromTexts, readForeign } from './foreign.ts'

describe('AUTOMATIC1111 and its relatives', () => {
  const read = (line: string) => readA1111(`a cat\nNegative prompt: bad\n${line}`)!
  const plain = 'Steps: 25, Sampler: Euler, Seed: 123'

  it('civitai.com: a size in lower case, and JSON whose commas and names are its own', () => {
    const resources = '[{"type":"lora","weight":0.8,"modelName":"SDXL, Seed: 7, \\"Steps: 3\\""},{"type":"vae"}]'
    const found = read(`${plain}, size: 832x1216, Civitai resources: ${resources}, Civitai metadata: {"remixOfId":1}`)
    expect(found.request).toMatchObject({ steps: 25, seed: 123, width: 832, height: 1216 })
    expect(found.unmapped).toEqual({ 'Civitai resources': resources, 'Civitai metadata': '{"remixOfId":1}' })
  })

  it('a value that is no number is listed, not lost', () => {
    const found = read('Steps: 25, Sampler: Euler, CFG scale: NaN, Seed: none, Size: Infinityx512')
    expect(found.unmapped).toEqual({ 'CFG scale': 'NaN', Seed: 'none', Size: 'Infinityx512' })
    expect(read(`${plain}, Size: 512×768`).request).toMatchObject({ width: 512, height: 768 })
  })

  it('the automatic schedule of DPM++ 2M SDE is one that is not here', () => {
    const found = read('Steps: 25, Sampler: DPM++ 2M SDE, Schedule type: Automatic, Seed: 1')
    expect(found).toMatchObject({ request: { sampler: 'dpmpp_2m_sde' }, unmapped: { schedule: 'Exponential' } })
  })

  it.each(['__proto__', 'constructor', 'toString'])('a sampler called %s is none', name => {
    const { request, unmapped } = read(`Steps: 25, Sampler: ${name}, Seed: 1`)
    expect(Object.keys(request)).not.toContain('sampler')
    expect(unmapped).toEqual({ sampler: name })
  })

  it('brackets and quotes that never close take no long time', () => {
    expect(settingsIn('a: [b, c: {"d": 1}, e: "f, g", h: [i]j, k: "')).toEqual([
      ...[
        { name: 'a', value: '[b' },
        { name: 'c', value: '{"d": 1}' },
        { name: 'e', value: '"f, g"' },
      ],
      ...[
        { name: 'h', value: '[i]j' },
        { name: 'k', value: '"' },
      ],
    ])
    const started = performance.now()
    for (const piece of ['a:[b', 'a:[],', 'a:[]x', 'a:"', 'a:{"'])
      readA1111(`Steps: 1, ${piece.repeat(40_000 / piece.length)}`)
    expect(performance.now() - started).toBeLessThan(5000)
  })
})

describe('ComfyUI', () => {
  const graph = (more: object) =>
    fromTexts(
      new Map([
        [
          'prompt',
          JSON.stringify({
            1: {
              class_type: 'KSampler',
              inputs: {
                ...{ seed: 1, steps: 5, cfg: 2, sampler_name: 'euler', scheduler: 'normal', denoise: 1 },
                ...{ positive: ['2', 0], negative: ['3', 0], latent_image: ['4', 0] },
              },
            },
            2: { class_type: 'CLIPTextEncode', inputs: { text: 'a cat' } },
            3: { class_type: 'CLIPTextEncode', inputs: { text: 'bad' } },
            4: { class_type: 'EmptyLatentImage', inputs: { width: 512, height: 512 } },
            ...more,
          }),
        ],
      ]),
    )!

  it('zeros in the place of the negative prompt are none', () => {
    const { request, unmapped } = graph({
      3: { class_type: 'ConditioningZeroOut', inputs: { conditioning: ['2', 0] } },
    })
    expect(request).toMatchObject({ prompt: 'a cat', negativePrompt: null })
    expect(unmapped).toEqual({})
  })

  it.each([
    [{ text_a: ['6', 0], text_b: 'in ink', delimiter: ', ' }],
    [{ string1: ['6', 0], string2: 'in ink', delimiter: ', ' }],
    [{ text1: ['6', 0], text2: 'in ink', separator: ', ' }],
    [{ string_a: ['6', 0], string_b: 'in ink', delimiter: ', ' }],
  ])('texts that a node joins: %j', inputs => {
    const { request } = graph({
      2: { class_type: 'CLIPTextEncode', inputs: { text: ['5', 0] } },
      5: { class_type: 'Text Concatenate', inputs },
      6: { class_type: 'Text Multiline', inputs: { text: 'a cat' } },
    })
    expect(request.prompt).toBe('a cat, in ink')
  })

  it('what a node has shown, and not the wildcards that it came from', () => {
    const { request } = graph({
      2: { class_type: 'CLIPTextEncode', inputs: { text: ['5', 0] } },
      5: { class_type: 'ShowText|pysssss', inputs: { text: ['6', 0], text_0: 'a cat' } },
      6: { class_type: 'DPRandomGenerator', inputs: { text: '{a|the} cat' } },
    })
    expect(request.prompt).toBe('a cat')
  })

  it('a text for each of SDXL’s encoders: the one that is there, and both are listed where they differ', () => {
    const { request, unmapped } = graph({
      2: { class_type: 'CLIPTextEncodeSDXL', inputs: { text_g: 'a cat', text_l: 'ink' } },
      3: { class_type: 'CLIPTextEncodeSDXL', inputs: { text_g: '', text_l: 'bad' } },
    })
    expect(request).toMatchObject({ prompt: 'a cat', negativePrompt: 'bad' })
    expect(unmapped).toEqual({ 'CLIPTextEncodeSDXL 2': 'text_g: a cat, text_l: ink' })
  })
})

it('NovelAI’s first versions keep the prompt in the description', () => {
  const comment = { steps: 28, sampler: 'k_euler_ancestral', seed: 3, strength: 0.7, scale: 5, uc: 'bad' }
  const texts = new Map([
    ['Description', 'a cat'],
    ['Software', 'NovelAI'],
    ['Comment', JSON.stringify(comment)],
  ])
  expect(fromTexts(texts)).toMatchObject({
    request: { prompt: 'a cat', negativePrompt: 'bad', steps: 28, sampler: 'euler_a', seed: 3 },
    unmapped: { strength: '0.7' },
  })
  expect(fromTexts(new Map([['Comment', JSON.stringify(comment)]]))).toBeNull()
})

it('a comment that says UTF-16 and is UTF-8', () => {
  const comment = Buffer.from('UNICODE\0a cat, 猫\nSteps: 2, Sampler: Euler, Seed: 3\0')
  const head = Buffer.alloc(44)
  head.write('II*\0', 'latin1')
  head.writeUInt32LE(8, 4)
  for (const [at, tag, type, count, value] of [
    [8, 0x8769, 4, 1, 26],
    [26, 0x9286, 7, comment.length, 44],
  ] as const) {
    head.writeUInt16LE(1, at)
    head.writeUInt16LE(tag, at + 2)
    head.writeUInt16LE(type, at + 4)
    head.writeUInt32LE(count, at + 6)
    head.writeUInt32LE(value, at + 10)
  }
  expect(exifTexts(Buffer.concat([head, comment])).comment).toBe('a cat, 猫\nSteps: 2, Sampler: Euler, Seed: 3')
})

it('the web UI’s text as a picture’s description', async () => {
  const root = await mkdtemp(join(tmpdir(), 'zihua-foreign-'))
  try {
    const file = join(root, 'a.jpeg')
    const ImageDescription = 'a cat\nNegative prompt: bad\nSteps: 2, Sampler: Euler a, Seed: 3'
    await sharp({ create: { width: 16, height: 16, channels: 3, background: 'red' } })
      .withExif({ IFD0: { ImageDescription } })
      .toFile(file)
    expect((await readForeign(file))?.request).toMatchObject({ prompt: 'a cat', negativePrompt: 'bad', seed: 3 })
  } finally {
    await rm(root, { recursive: true })
  }
})

it.each(['png', 'jpeg', 'webp', 'avif'] as const)('EXIF in a %s', async format => {
  const root = await mkdtemp(join(tmpdir(), 'zihua-foreign-'))
  try {
    const file = join(root, `a.${format}`)
    const prompt = {
      1: { class_type: 'KSampler', inputs: { seed: 7, steps: 5, positive: ['2', 0], negative: ['2', 0] } },
      2: { class_type: 'CLIPTextEncode', inputs: { text: 'a cat' } },
    }
    const picture = sharp({ create: { width: 16, height: 16, channels: 3, background: 'red' } })
    await picture
      .withExif({ IFD0: { Model: `prompt:${JSON.stringify(prompt)}` } })
      .toFormat(format)
      .toFile(file)
    expect((await readForeign(file))?.request).toMatchObject({ prompt: 'a cat', seed: 7 })
  } finally {
    await rm(root, { recursive: true })
  }
})
