import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decompress } from 'wawoff2'
import { DEFAULT_LAYOUT } from '../contract/request.ts'
import { BUNDLED_FONTS, bundledFiles } from './bundled.ts'
import { drawWord } from './draw.ts'
import { facesFor, missingGlyphs } from './font-door.ts'
import { openFace } from './font-file.ts'
import { listFonts } from './font-list.ts'
import { readFontNames } from './font-names.ts'
import { nearestFont, systemFontFolders, systemFonts } from './system-fonts.ts'

const packageFile = (name: string, file: string) =>
  join(dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)), 'files', file)
const sans = packageFile('@fontsource-variable/noto-sans', 'noto-sans-latin-wght-normal.woff2')
const brush = packageFile('@fontsource/ma-shan-zheng', 'ma-shan-zheng-latin-400-normal.woff2')
const brushWoff = brush.replace(/woff2$/, 'woff')

let folder: string
const at = (name: string) => join(folder, name)

/** Joins fonts into a collection: header, then each font with its table offsets moved. */
function collection(fonts: Buffer[]): Buffer {
  const header = Buffer.alloc(12 + 4 * fonts.length)
  header.write('ttcf', 0, 'latin1')
  header.writeUInt32BE(0x00010000, 4)
  header.writeUInt32BE(fonts.length, 8)
  let position = header.length
  const moved = fonts.map((font, i) => {
    header.writeUInt32BE(position, 12 + 4 * i)
    const copy = Buffer.concat([font, Buffer.alloc(-font.length & 3)])
    for (let k = 0; k < copy.readUInt16BE(4); k++)
      copy.writeUInt32BE(copy.readUInt32BE(12 + 16 * k + 8) + position, 12 + 16 * k + 8)
    position += copy.length
    return copy
  })
  return Buffer.concat([header, ...moved])
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zihua-fonts-'))
  const ttf = Buffer.from(await decompress(await readFile(sans)))
  const other = Buffer.from(await decompress(await readFile(brush)))
  await writeFile(at('sans.ttf'), ttf)
  await writeFile(at('both.ttc'), collection([ttf, other]))
  await writeFile(at('text.ttf'), 'This is not a font, whatever its name says.')
  await writeFile(at('empty.otf'), '')
  await writeFile(at('cut.ttf'), ttf.subarray(0, 3000))
  await writeFile(at('cut.woff2'), (await readFile(sans)).subarray(0, 3000))
  await writeFile(at('cut.woff'), (await readFile(brushWoff)).subarray(0, 3000))
})
afterAll(() => rm(folder, { recursive: true }))

describe('bundled fonts', () => {
  it.each(BUNDLED_FONTS.map(font => [font.id, font] as const))(
    '%s is installed and its files exist',
    async (_, font) => {
      const sample = font.kind === 'symbols' ? '🐱' : 'a'
      const [file] = bundledFiles(font, sample)
      const face = await openFace(file, 400, 0, font.family)
      expect(face.font.hasGlyph(sample.codePointAt(0)!)).toBe(true)
      const { min = 400, max = 400 } = face.font.tables.weights() ?? {}
      expect([min, max]).toEqual(font.weights)
    },
  )

  it.each([
    ['学龍習', 'Noto Sans SC'],
    ['あア', 'Noto Sans JP'],
    ['Привет love ñ', 'Noto Sans'],
    ['שלום', 'Noto Sans Hebrew'],
  ])('%s is drawn by %s', async (word, family) => {
    const faces = await facesFor(word, { font: null, weight: 400 })
    for (const [cluster, { name }] of faces) if (cluster !== ' ') expect(name).toBe(`${family} 400`)
  })

  it('kana makes the Han characters of a word Japanese', async () => {
    const faces = await facesFor('学ぶ', { font: null, weight: 400 })
    expect(faces.get('学')?.name).toBe('Noto Sans JP 400')
  })

  it('missing glyphs are known without drawing', async () => {
    expect(await missingGlyphs('学龍习😀龍', 'ma-shan-zheng')).toEqual(['龍', '😀'])
    expect(await missingGlyphs('学😀\u{10ffff}', null)).toEqual(['\u{10ffff}'])
    expect(await missingGlyphs('学龍é', null)).toEqual([])
    expect(await missingGlyphs('и\u0306', 'noto-sans')).toEqual([])
  })

  it('the list begins with them', async () => {
    const fonts = await listFonts({ folders: [folder] })
    expect(fonts.slice(0, BUNDLED_FONTS.length).map(({ id }) => id)).toEqual(BUNDLED_FONTS.map(({ id }) => id))
    expect(fonts.slice(BUNDLED_FONTS.length)).toEqual([
      { id: 'Ma Shan Zheng', family: 'Ma Shan Zheng', source: 'system', kind: null, weights: [400, 400], scripts: [] },
      { id: 'Noto Sans', family: 'Noto Sans', source: 'system', kind: null, weights: [100, 900], scripts: [] },
    ])
  })
})

describe('a font of the system', () => {
  it('is found by any of its names, case ignored, in a file or a collection', async () => {
    const fonts = await systemFonts([folder])
    expect(fonts.map(({ family }) => family).sort()).toEqual(['Ma Shan Zheng', 'Noto Sans', 'Noto Sans'])
    expect(nearestFont(fonts, 'MA shan zheng', 700)).toMatchObject({ index: 1, path: at('both.ttc') })
    expect(nearestFont(fonts, 'Comic', 400)).toBeNull()
  })

  it('the nearest weight wins, upright before italic', () => {
    const font = (weight: number, italic = false) => ({
      index: 0,
      family: 'F',
      aliases: ['Ф'],
      weights: [weight, weight] as [number, number],
      italic,
      path: `${weight}`,
    })
    expect(nearestFont([font(300), font(600), font(700, true)], 'ф', 700)?.path).toBe('600')
  })

  it('every system has folders', () => {
    for (const platform of ['linux', 'darwin', 'win32'] as const)
      expect(systemFontFolders(platform).length).toBeGreaterThan(1)
  })

  it('one that is not installed is named', async () => {
    await expect(missingGlyphs('a', 'Nowhere Grotesk')).rejects.toMatchObject({
      code: 'bad-font',
      message: 'No font "Nowhere Grotesk" is installed.',
    })
  })

  it('a collection draws with the font asked for', async () => {
    const [first, second] = await Promise.all([0, 1].map(index => openFace(at('both.ttc'), 400, index)))
    expect([first.name, second.font.tables.name(1)]).toEqual([expect.stringContaining('Noto Sans'), 'Ma Shan Zheng'])
  })
})

describe('a font file of one’s own', () => {
  it.each([['sans.ttf'], ['both.ttc']])('%s draws as the bundled font does', async name => {
    const draw = (font: string) => drawWord('love', { ...DEFAULT_LAYOUT, font }, 128, 128)
    const own = await draw(at(name))
    expect(Buffer.compare(own.coverage.data, (await draw('noto-sans')).coverage.data)).toBe(0)
    const sha256 = createHash('sha256')
      .update(await readFile(at(name)))
      .digest('hex')
    expect(own.characters[0].font.sha256).toBe(sha256)
  })

  it('WOFF and WOFF2 give the same outlines', async () => {
    const draw = (font: string) => drawWord('love', { ...DEFAULT_LAYOUT, font }, 128, 128)
    expect(Buffer.compare((await draw(brushWoff)).coverage.data, (await draw(brush)).coverage.data)).toBe(0)
  })

  it.each([
    ['text.ttf', '"text.ttf" is not a font.'],
    ['empty.otf', '"empty.otf" is not a font.'],
    ['cut.woff2', '"cut.woff2" is a damaged font.'],
    ['cut.woff', '"cut.woff" is a damaged font.'],
    ['none.ttf', '"none.ttf" cannot be read.'],
    ['', /is not a file\.$/],
  ])('%s is refused', async (name, message) => {
    await expect(missingGlyphs('a', `${folder}/${name}`)).rejects.toMatchObject({
      code: 'bad-font',
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    })
  })

  it('a font cut off in its outlines is refused when it is opened or drawn', async () => {
    await expect(drawWord('love', { ...DEFAULT_LAYOUT, font: at('cut.ttf') }, 64, 64)).rejects.toMatchObject({
      code: 'bad-font',
    })
  })

  it('names are read from a file’s tables alone', async () => {
    expect(await readFontNames(at('sans.ttf'))).toEqual([
      { index: 0, family: 'Noto Sans', aliases: expect.any(Array), weights: [100, 900], italic: false },
    ])
    await expect(readFontNames(at('text.ttf'))).rejects.toThrow()
    await expect(readFontNames(at('cut.ttf'))).rejects.toThrow()
  })
})
