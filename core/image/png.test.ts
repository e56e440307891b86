import { execFileSync } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DEFAULT_LAYOUT, type Request, requestSchema } from '../contract/request.ts'
import { StudioError } from '../faults/studio-error.ts'
import type { Rgb } from '../raster/raster.ts'
import { encodePng, writePng } from './png.ts'
import { chunk, internationalChunk, PNG_TEXT_LIMITS, SIGNATURE, textChunk } from './png-chunks.ts'
import { type PictureInfo, parametersText } from './png-metadata.ts'
import { readPngRequest, readPngText } from './png-text.ts'

const request: Request = {
  word: '学习',
  translation: 'study',
  style: 'comic',
  model: '/models/my: odd, name.safetensors',
  controlnet: null,
  vae: null,
  loras: [],
  prompt: null,
  negativePrompt: null,
  longPrompt: 'chunk',
  clipSkip: null,
  width: 5,
  height: 3,
  steps: 30,
  guidanceScale: 5,
  sampler: 'dpmpp_2m_karras',
  seed: 9007199254740991,
  count: 1,
  layout: DEFAULT_LAYOUT,
  controls: null,
  controlImages: null,
  initImage: null,
  strength: 0.6,
  originalSize: null,
  cropTopLeft: null,
  targetSize: null,
  negativeOriginalSize: null,
  negativeCropTopLeft: null,
  negativeTargetSize: null,
  scheduler: null,
  latents: null,
  noise: null,
}
const info: PictureInfo = {
  request,
  prompt: 'the word 学习, ink & gold <bold> 🖌️👩‍🎨',
  negativePrompt: 'blurry',
  version: '0.1.0',
}
const raster: Rgb = { width: 5, height: 3, channels: 3, data: Uint8Array.from({ length: 45 }, (_, i) => i * 5) }

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zihua-png-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const complaintOf = async (work: Promise<unknown>) =>
  work.then(
    () => 'accepted',
    (error: unknown) => (error instanceof StudioError ? `${error.code}: ${error.message}` : `not ours: ${error}`),
  )

describe('a PNG of ours', () => {
  it('gives back pixels, request and texts', async () => {
    const file = join(folder, 'new', 'folder', '学习 🖌️.png')
    await writePng(file, raster, info)
    const { data, info: read } = await sharp(file).raw().toBuffer({ resolveWithObject: true })
    expect([...data]).toEqual([...raster.data])
    expect([read.width, read.height, read.channels]).toEqual([5, 3, 3])
    const found = await readPngRequest(file)
    expect(requestSchema.parse(found?.request)).toEqual(request)
    expect(found?.version).toBe('0.1.0')
    const texts = await readPngText(await readFile(file))
    expect([...texts.keys()]).toEqual(['zihua', 'parameters', 'XML:com.adobe.xmp'])
    expect(texts.get('parameters')).toBe(parametersText(info))
    expect(await readPngText(file)).toEqual(texts)
    expect(await readdir(join(folder, 'new', 'folder'))).toHaveLength(1)
  })

  it('tells sharp that it holds XMP', async () => {
    const { xmp } = await sharp(await encodePng(raster, info)).metadata()
    expect(xmp?.toString()).toContain('digitalsourcetype/trainedAlgorithmicMedia')
  })

  it('parameters read as the web UI writes them', () => {
    const picture = { ...info, request: { ...request, initImage: 'a.png', vae: 'vae/fix.safetensors', clipSkip: 1 } }
    expect(parametersText(picture)).toBe(
      'the word 学习, ink & gold <bold> 🖌️👩‍🎨\nNegative prompt: blurry\n' +
        'Steps: 30, Sampler: DPM++ 2M Karras, CFG scale: 5, Seed: 9007199254740991, Size: 5x3, Model: "my: odd, name", ' +
        'VAE: fix, Denoising strength: 0.6, Clip skip: 1, Version: Zihua Studio 0.1.0',
    )
    expect(parametersText({ ...info, prompt: 'é', negativePrompt: null })).toMatch(/^é\nSteps: 30/)
  })

  it('a prompt within Latin-1 is plain text, for the oldest readers', async () => {
    const bytes = await encodePng(raster, { ...info, prompt: 'café' })
    expect(Buffer.from(bytes).includes('tEXtparameters\0caf\xe9', 0, 'latin1')).toBe(true)
    expect((await readPngText(bytes)).get('parameters')).toMatch(/^café\n/)
  })

  it('lone surrogates and control characters leave the XMP well-formed', async () => {
    const bytes = await encodePng(raster, { ...info, prompt: 'a\u0000b\ud800c\u0007' })
    expect((await readPngText(bytes)).get('XML:com.adobe.xmp')).toContain('>ab\ufffdc<')
  })

  const exiftool = run('exiftool', ['-ver'])
  it.skipIf(!exiftool)('exiftool reads it (needs exiftool)', async () => {
    const file = join(folder, 'exif.png')
    await writePng(file, raster, info)
    const [tags] = JSON.parse(run('exiftool', ['-json', '-validate', '-XMP:all', file])!)
    expect(tags).toMatchObject({
      Validate: 'OK',
      DigitalSourceType: 'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia',
      CreatorTool: 'Zihua Studio 0.1.0',
      Description: info.prompt,
    })
  })
})

describe('where it cannot write', () => {
  it('says so and leaves nothing behind', async () => {
    const inside = join(folder, 'blocked')
    await writeFile(inside, '')
    expect(await complaintOf(writePng(join(inside, 'x.png'), raster, info))).toMatch(/^cannot-write: .*x\.png/)
    expect(await complaintOf(writePng(folder, raster, info))).toMatch(/^cannot-write: /)
    expect(
      (await readdir(tmpdir())).filter(name => name.endsWith('.incomplete') && name.includes('zihua-png')),
    ).toEqual([])
  })
})

describe('foreign and damaged PNGs', () => {
  const png = (...chunks: Uint8Array[]) => Buffer.concat([SIGNATURE, ...chunks])
  const end = chunk('IEND', new Uint8Array())
  const note = textChunk('Comment', 'hello')
  const compressed = (keyword: string, text: string | Buffer) =>
    chunk('zTXt', Buffer.concat([Buffer.from(`${keyword}\0\0`), deflateSync(text)]))
  const texts = async (...chunks: Uint8Array[]) => Object.fromEntries(await readPngText(png(...chunks)))

  it('reads compressed texts and both orders', async () => {
    const inflated = chunk('iTXt', Buffer.concat([Buffer.from('b\0\x01\0en\0名\0'), deflateSync('学')]))
    expect(await texts(compressed('a', 'caf\xe9'), chunk('IDAT', Buffer.alloc(99)), inflated, note, end)).toMatchObject(
      {
        b: '学',
        Comment: 'hello',
      },
    )
  })

  it('of two texts with one keyword the first counts', async () => {
    expect(await texts(note, textChunk('Comment', 'later'))).toEqual({ Comment: 'hello' })
  })

  it('a zip bomb is left out, what follows is read', async () => {
    const bomb = compressed('bomb', Buffer.alloc(PNG_TEXT_LIMITS.textBytes + 1))
    expect(bomb.length).toBeLessThan(20_000)
    expect(await texts(bomb, note)).toEqual({ Comment: 'hello' })
  })

  it('a length beyond the end, a truncated chunk and a truncated header end the reading', async () => {
    const endless = Buffer.from(chunk('tEXt', Buffer.from('x\0y')))
    endless.writeUInt32BE(0xffffffff)
    expect(await texts(note, endless)).toEqual({ Comment: 'hello' })
    expect(await texts(note, internationalChunk('x', 'y'.repeat(100)).subarray(0, 50))).toEqual({ Comment: 'hello' })
    expect(await texts(note, Uint8Array.of(0, 0, 0))).toEqual({ Comment: 'hello' })
  })

  it('a wrong checksum, a keyword without end, an unknown compression are left out', async () => {
    const wrong = Buffer.from(textChunk('x', 'y'))
    wrong[wrong.length - 1] ^= 1
    const damaged = [
      wrong,
      chunk('tEXt', Buffer.from('no end')),
      chunk('zTXt', Buffer.from('k\0\x09zz')),
      chunk('iTXt', Buffer.from('k\0\0\0en')),
    ]
    expect(await texts(...damaged, note)).toEqual({ Comment: 'hello' })
  })

  it('no more texts than the limit', async () => {
    const many = Array.from({ length: PNG_TEXT_LIMITS.texts + 9 }, (_, i) => textChunk(`k${i}`, ''))
    expect((await readPngText(png(...many))).size).toBe(PNG_TEXT_LIMITS.texts)
  })

  it('what is no PNG of ours has no request', async () => {
    expect(await readPngRequest(png(note, end))).toBeNull()
    expect(await readPngRequest(png(internationalChunk('zihua', '{"request"')))).toBeNull()
    expect(await readPngRequest(png(internationalChunk('zihua', '[1]')))).toBeNull()
  })

  it('refuses what is no PNG, and what is no file', async () => {
    expect(await complaintOf(readPngText(Buffer.from('GIF89a')))).toMatch(/^bad-image: .*is not a PNG/)
    expect(await complaintOf(readPngText(join(folder, 'none.png')))).toMatch(/^bad-image: .*cannot be read/)
    expect(await complaintOf(readPngText(folder))).toMatch(/^bad-image: /)
  })
})

function run(program: string, args: string[]): string | null {
  try {
    return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  } catch {
    return null
  }
}
