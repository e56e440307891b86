import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Request, requestSchema } from '../contract/request.ts'
import { UNION_MODES, type UnionMode } from '../contract/vocabulary.ts'
import { phrase } from '../faults/fault.ts'
import { encodePicture, FORMATS } from '../image/encode.ts'
import { encodePng } from '../image/png.ts'
import type { Rgb } from '../raster/raster.ts'
import { judgementOf, judgementSchema, type PictureRecord, readRecord } from './record.ts'

let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'zihua-record-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

const control = (method: string) => ({ method, weight: 0.123456789, start: 0.1, end: 0.9, image: 'maps/карта.png' })
/** Every field with a value that is not its default. */
const request = requestSchema.parse({
  word: '学习 “”\n👩‍🎨',
  translation: 'study',
  style: 'ink-wash',
  model: '/models/модель',
  controlnet: '/c.safetensors',
  vae: '/v.safetensors',
  loras: [{ path: '/l.safetensors', weight: -0.5 }],
  prompt: 'a "b" <c> & d',
  negativePrompt: '',
  longPrompt: 'truncate',
  clipSkip: 2,
  width: 832,
  height: 1216,
  steps: 17,
  guidanceScale: 5.55,
  sampler: 'heun',
  seed: Number.MAX_SAFE_INTEGER,
  count: 3,
  layout: { font: 'C:\\fonts\\x.ttf', weight: 300, slant: -5, direction: 'vertical', margin: 0.2 },
  controls: {
    canny: control('adaptive_canny'),
    depth: control('distance_transform_depth'),
    segmentation: control('stroke_type_segmentation'),
    scribble: control('hand_drawn_simulation'),
  },
  controlImages: (Object.keys(UNION_MODES) as UnionMode[]).map(type => ({
    type,
    image: `${type}.png`,
    weight: 2,
    start: 0,
    end: 0.5,
  })),
  initImage: 'init.png',
  strength: 0.31,
  originalSize: [1, 2],
  cropTopLeft: [-3, 4],
  targetSize: [5, 6],
  negativeOriginalSize: [7, 8],
  negativeCropTopLeft: [9, 10],
  negativeTargetSize: [11, 12],
  scheduler: { beta_start: 0.00085, nested: { list: [1, null, 'x'] } },
  latents: 'l.safetensors#x',
  noise: 'n.safetensors#y',
} satisfies Request)

const hash = 'ab'.repeat(32)
const record: PictureRecord = {
  format: 1,
  id: '0123456789ab',
  created: '2026-11-23T20:00:00.000Z',
  prompt: 'p',
  negativePrompt: null,
  draft: true,
  weights: [{ role: 'model', path: '/m', sha256: hash, files: [{ name: 'unet/x', sha256: hash, bytes: 3 }] }],
  fonts: [{ name: 'Noto', sha256: hash }],
  maps: [{ map: 'canny', method: 'opencv_canny', sha256: hash }],
  assets: [{ field: 'initImage', name: 'init.png', sha256: hash }],
  tokens: { prompt: 5, negativePrompt: null, dropped: 0 },
  timings: { unet: 1.5 },
  peakMemory: 1e9,
  legibility: 0.5,
  job: 'a:0',
}
const raster: Rgb = { width: 4, height: 4, channels: 3, data: new Uint8Array(48).fill(77) }
const info = { request, prompt: 'p 学', negativePrompt: 'n', version: '0.1.0' }

it('every field of request and record comes back out of the PNG', async () => {
  const file = join(root, 'a.png')
  await writeFile(file, await encodePng(raster, { ...info, record }))
  expect(await readRecord(file)).toEqual({ version: '0.1.0', request, record })
  // None was left at a value that would hide a loss.
  for (const [field, value] of Object.entries(request)) expect(value, field).not.toBeNull()
})

it('null fields come back null', async () => {
  const nothing = Object.fromEntries(
    Object.entries(request).map(([field, value]) => [
      field,
      requestSchema.safeParse({ ...request, [field]: null }).success ? null : value,
    ]),
  )
  const file = join(root, 'b.png')
  await writeFile(file, await encodePng(raster, { ...info, request: nothing as Request }))
  expect(await readRecord(file)).toEqual({ version: '0.1.0', request: nothing, record: null })
})

const exiftool = hasExiftool()
it.skipIf(!exiftool)('exiftool reads all formats, and finds nothing in stripped ones (needs exiftool)', async () => {
  for (const format of FORMATS) {
    const file = join(root, `x.${format}`)
    await writeFile(file, await encodePicture(raster, format, { info }))
    expect(tagsOf(file), format).toMatchObject({
      CreatorTool: 'Zihua Studio 0.1.0',
      Description: 'p 学',
      DigitalSourceType: expect.stringContaining('trainedAlgorithmicMedia'),
    })
    await writeFile(file, await encodePicture(raster, format, { info: null }))
    expect(JSON.stringify(tagsOf(file)), format).not.toMatch(/Zihua|p 学|Creator Tool|zihua/i)
  }
})

it('sharp reads profile and XMP of all formats', async () => {
  for (const format of FORMATS) {
    const found = await sharp(Buffer.from(await encodePicture(raster, format, { info }))).metadata()
    expect(found.xmp?.toString(), format).toContain('p 学')
    expect(found.icc !== undefined || format === 'png', format).toBe(true)
  }
})

it('a cut-out of another size is refused', async () => {
  const cutOut = { width: 3, height: 4, channels: 1, data: new Uint8Array(12) } as const
  await expect(encodePicture(raster, 'png', { info: null, cutOut })).rejects.toMatchObject({ code: 'bad-image' })
})

function tagsOf(file: string): Record<string, unknown> {
  const [tags] = JSON.parse(execFileSync('exiftool', ['-json', '-XMP:all', '-PNG:all', '-EXIF:all', file]).toString())
  const { SourceFile, ...rest } = tags as Record<string, unknown>
  return SourceFile ? rest : {}
}

function hasExiftool(): boolean {
  try {
    execFileSync('exiftool', ['-ver'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

it('records what a judgement says of each word of a composition', () => {
  const words = [
    { name: '学', score: 0.9 },
    { name: 'love', score: null },
  ]
  const notices = [phrase('wordIsCrossed', { word: '学', by: 'cat', percent: 12 })]
  const judged = { score: 0.9, read: '学', outline: 0.8, why: phrase('theRequest'), words, notices }
  const record = judgementSchema.parse(JSON.parse(JSON.stringify(judgementOf(judged))))
  expect(record.words).toEqual(words)
  expect(record.notices?.[0]).toMatchObject({ key: 'wordIsCrossed', values: { by: 'cat' } })
})
