import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DEFAULT_LAYOUT } from '../contract/request.ts'
import { fixture } from '../testing/fixtures.ts'
import { drawWord } from './draw.ts'
import { maskOf } from './mask.ts'
import { glyphFromPicture } from './picture.ts'
import type { Glyph } from './types.ts'

const [width, height] = [400, 320]
let word: Glyph
beforeAll(async () => {
  word = await drawWord('学习', { ...DEFAULT_LAYOUT, font: 'ma-shan-zheng' }, width, height)
})

/** A picture of the word: paper and ink levels by pixel. */
function picture(level: (coverage: number, x: number, y: number) => number) {
  const data = word.coverage.data.map((v, at) => level(v / 255, (at % width) / width, Math.floor(at / width) / height))
  return sharp(Uint8Array.from(data), { raw: { width, height, channels: 1 } })
}
const black = () => picture(c => 255 - 255 * c)

async function overlap(bytes: Buffer): Promise<number> {
  const found = maskOf(await glyphFromPicture(bytes, width, height, { asIs: false })).data
  const wanted = maskOf(word).data
  let both = 0
  let either = 0
  for (let at = 0; at < wanted.length; at++) {
    if (found[at] && wanted[at]) both++
    if (found[at] || wanted[at]) either++
  }
  return both / either
}

/** Small linear congruential noise, -1..1; Numerical Recipes' constants. */
function noise() {
  let state = 1
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 31 - 1
}

describe('cleaned, in any format', () => {
  const rgb16 = async () => {
    const values = Uint16Array.from(
      { length: width * height * 3 },
      (_, i) => 65535 - 257 * word.coverage.data[Math.floor(i / 3)],
    )
    return sharp(values, { raw: { width, height, channels: 3 } })
      .toColourspace('rgb16')
      .png()
      .toBuffer()
  }
  it.each([
    ['grey PNG', () => black().png().toBuffer()],
    [
      'white on black',
      () =>
        picture(c => 255 * c)
          .png()
          .toBuffer(),
    ],
    ['JPEG', () => black().jpeg().toBuffer()],
    ['16-bit', rgb16],
    ['CMYK', () => black().toColourspace('cmyk').jpeg().toBuffer()],
    [
      'low contrast',
      () =>
        picture(c => 140 - 40 * c)
          .png()
          .toBuffer(),
    ],
    ['WebP', () => black().webp().toBuffer()],
    ['turned by EXIF', () => black().rotate(90).withMetadata({ orientation: 8 }).jpeg().toBuffer()],
    [
      'ink on transparency',
      () =>
        sharp({ create: { width, height, channels: 3, background: '#123' } })
          .joinChannel(Buffer.from(word.coverage.data), { raw: { width, height, channels: 1 } })
          .png()
          .toBuffer(),
    ],
    ...(['#fff', '#ffe680'] as const).map(
      background =>
        [
          `${background} on transparency`,
          () =>
            sharp({ create: { width, height, channels: 3, background } })
              .joinChannel(Buffer.from(word.coverage.data), { raw: { width, height, channels: 1 } })
              .png()
              .toBuffer(),
        ] as [string, () => Promise<Buffer>],
    ),
    [
      'white on transparency, grey with alpha',
      () =>
        sharp(Buffer.alloc(width * height, 255), { raw: { width, height, channels: 1 } })
          .joinChannel(Buffer.from(word.coverage.data), { raw: { width, height, channels: 1 } })
          .toColourspace('b-w')
          .webp({ lossless: true })
          .toBuffer(),
    ],
    [
      'a photo with round corners of transparency',
      async () => {
        const corners = `<svg width="${width}" height="${height}"><rect width="100%" height="100%" rx="40"/></svg>`
        const photo = await black().toColourspace('srgb').png().toBuffer()
        return sharp(photo)
          .ensureAlpha()
          .composite([{ input: Buffer.from(corners), blend: 'dest-in' }])
          .png()
          .toBuffer()
      },
    ],
    [
      'a photo: shadow and noise',
      () => {
        const random = noise()
        return picture((c, x, y) =>
          Math.max(0, Math.min(255, (230 - 190 * c) * (0.45 + 0.5 * x - 0.2 * y) + 18 * random())),
        )
          .jpeg({ quality: 80 })
          .toBuffer()
      },
    ],
    [
      'specks',
      () => {
        const random = noise()
        return picture(c => (random() > 0.998 ? 0 : 255 - 255 * c))
          .png()
          .toBuffer()
      },
    ],
  ])('%s: the word is found', async (_, make) => {
    expect(await overlap(await make())).toBeGreaterThan(0.93)
  })

  it('is cut out, sized and centred with antialiased edges', async () => {
    const small = await sharp({ create: { width: 900, height: 700, channels: 3, background: '#fff' } })
      .composite([{ input: await black().resize(200).png().toBuffer(), left: 30, top: 450 }])
      .png()
      .toBuffer()
    expect(await overlap(small)).toBeGreaterThan(0.85)
    const glyph = await glyphFromPicture(small, width, height, { asIs: false })
    expect([glyph.width, glyph.height, glyph.characters, glyph.word]).toEqual([width, height, [], ''])
    expect(new Set(glyph.coverage.data).size).toBeGreaterThan(50)
  })
})

describe('as it is', () => {
  it('keeps size and luminance: coverage is 255 - grey', async () => {
    const bytes = await picture(c => 200 - 90 * c)
      .png()
      .toBuffer()
    const glyph = await glyphFromPicture(bytes, 64, 64, { asIs: true })
    expect([glyph.width, glyph.height]).toEqual([width, height])
    const grey = await sharp(bytes).extractChannel(0).raw().toBuffer()
    expect(
      Buffer.compare(
        glyph.coverage.data,
        grey.map(v => 255 - v),
      ),
    ).toBe(0)
  })

  const golden = fixture('conditioning/a14_xue_lowcontrast/src.png')
  it.skipIf(!golden)('equals the golden picture (needs ZIHUA_FIXTURES)', async () => {
    const grey = await sharp(golden!).extractChannel(0).raw().toBuffer()
    const { coverage } = await glyphFromPicture(golden!, 512, 512, { asIs: true })
    expect(
      Buffer.compare(
        coverage.data,
        grey.map(v => 255 - v),
      ),
    ).toBe(0)
  })
})

describe('as it is, on transparency', () => {
  it('white lettering is the ink', async () => {
    const bytes = await sharp({ create: { width, height, channels: 3, background: '#fff' } })
      .joinChannel(Buffer.from(word.coverage.data), { raw: { width, height, channels: 1 } })
      .png()
      .toBuffer()
    const { coverage } = await glyphFromPicture(bytes, 64, 64, { asIs: true })
    expect(Buffer.compare(coverage.data, word.coverage.data)).toBe(0)
  })
})

describe('refused', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'zihua-pictures-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  const flat = (w: number, h: number, background: string) =>
    sharp({ create: { width: w, height: h, channels: 3, background }, limitInputPixels: false })
  const refusal = (file: string | Buffer, asIs = false) => expect(glyphFromPicture(file, 64, 64, { asIs })).rejects

  it.each([
    ['white', () => flat(300, 200, '#fff')],
    ['black', () => flat(300, 200, '#000')],
    ['1 × 1', () => flat(1, 1, '#000')],
    [
      'paper with faint noise',
      () => {
        const random = noise()
        return picture(() => 235 + 4 * random())
      },
    ],
  ])('blank: %s', async (_, make) => {
    await refusal(await make().png().toBuffer()).toMatchObject({
      code: 'bad-image',
      message: expect.stringContaining('blank'),
    })
  })

  it('blank as it is', async () => {
    await refusal(await flat(1, 1, '#fff').png().toBuffer(), true).toMatchObject({ code: 'bad-image' })
  })

  it('not a picture', async () => {
    const path = join(folder, 'notes.png')
    await writeFile(path, 'no picture')
    await refusal(path).toMatchObject({ code: 'bad-image', message: '"notes.png" is not a picture that can be read.' })
    await refusal(Buffer.from('no picture')).toMatchObject({ code: 'bad-image' })
    await refusal(Buffer.alloc(0)).toMatchObject({ code: 'bad-image' })
    await refusal(join(folder, 'nowhere.png')).toMatchObject({ code: 'bad-image' })
    await refusal(folder).toMatchObject({ code: 'bad-image' })
  })

  it('HEIC, by its name', async () => {
    await refusal(new URL('../../fixtures/pictures/photo.heic', import.meta.url).pathname).toMatchObject({
      code: 'bad-image',
      message: '"photo.heic" is a HEIC picture, which cannot be read here.',
    })
  })

  it('cut off', async () => {
    const random = noise()
    const whole = await picture(() => 127 + 127 * random())
      .png()
      .toBuffer()
    await refusal(whole.subarray(0, whole.length >> 1)).toMatchObject({
      code: 'bad-image',
      message: 'The picture is damaged.',
    })
  })

  it('too large a side, too many pixels', async () => {
    await refusal(await flat(20_001, 2, '#fff').png().toBuffer()).toMatchObject({
      code: 'bad-image',
      message: 'The picture is too large: 20001 × 2 pixels.',
    })
    const many = await flat(10_001, 10_000, '#fff').png({ compressionLevel: 1 }).toBuffer()
    await refusal(many).toMatchObject({ code: 'bad-image', message: expect.stringContaining('10001 × 10000') })
  })

  it('20,000 pixels wide is read', async () => {
    const wide = await flat(20_000, 40, '#fff')
      .composite([
        { input: { create: { width: 9000, height: 20, channels: 3, background: '#000' } }, left: 5000, top: 10 },
      ])
      .png()
      .toBuffer()
    expect((await glyphFromPicture(wide, 64, 64, { asIs: false })).coverage.data.some(v => v > 127)).toBe(true)
  })
})
