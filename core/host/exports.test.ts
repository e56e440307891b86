/** Exports of a selection, fetched over HTTP as the page does. */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { StudioError } from '../faults/studio-error.ts'
import { WordPainter } from '../library/testing.ts'
import { zipEntries } from '../tables/zip-entries.ts'
import type { ExportChoice } from './export-schema.ts'
import { StudioHost } from './studio-host.ts'

const hasPoppler = spawnSync('pdfinfo', ['-v']).status === 0

let root = ''
let host: StudioHost
const ids: string[] = []
let wordless = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'zihua-exports-'))
  host = await StudioHost.open({ dataFolder: root, firstPicture: false, logToFile: false })
  const painter = new WordPainter(resolve('package.json'))
  const add = async (request: object) => {
    const [made] = await painter.generate({ width: 64, height: 64, model: 'draft', ...request })
    return (await host.library.add(made, { base: root, legibility: null })).id
  }
  for (const style of ['comic', 'neon'])
    for (const word of ['学习', '猫']) ids.push(await add({ word, style, seed: 7 }))
  const [made] = await painter.generate({ word: 'x', width: 64, height: 64, model: 'draft' })
  const plain = { ...made, word: null, request: { ...made.request, word: null, prompt: 'a lamp' } }
  wordless = (await host.library.add(plain, { base: root, legibility: null })).id
})
afterAll(async () => {
  await host[Symbol.asyncDispose]()
  await rm(root, { recursive: true, force: true })
})

async function fileOf(what: ExportChoice, some: readonly string[] = ids) {
  const made = await host.exports.make(some, what)
  const path = await host.exports.file(made.url.split('/')[2]!)
  expect(path).not.toBeNull()
  return { ...made, path: path! }
}
const pictures = (more: Partial<ExportChoice & { kind: 'pictures' }> = {}): ExportChoice => ({
  ...{ kind: 'pictures', format: 'png', transparent: 'none', strip: false, names: '{index:2}-{pinyin}-{style}-{seed}' },
  ...more,
})

it.each(['png', 'jpeg', 'webp', 'avif', 'tiff'] as const)('a picture as %s says what it shows', async format => {
  const { path, name } = await fileOf(pictures({ format }), ids.slice(0, 1))
  expect(name).toMatch(/^01-xuéxí-comic-7\.(png|jpg|webp|avif|tif)$/)
  const { width, height, xmpAsString, format: found } = await sharp(path).metadata()
  expect([width, height]).toEqual([64, 64])
  expect(format === 'avif' ? 'heif' : format).toBe(found)
  expect(xmpAsString).toContain('AltTextAccessibility')
  expect(xmpAsString).toContain('学习, xué xí')
})

it('stripped pictures say what they show, and nothing of how they were made', async () => {
  const { path } = await fileOf(pictures({ strip: true }), ids.slice(0, 1))
  const { xmpAsString, exif } = await sharp(path).metadata()
  expect(xmpAsString).toContain('学习, xué xí')
  expect(xmpAsString).not.toMatch(/Zihua|trainedAlgorithmicMedia/)
  expect(exif?.toString('latin1') ?? '').not.toContain('Steps')
})

it('several come in a ZIP, by the template, each once', async () => {
  const { path, name } = await fileOf(pictures({ names: 'set/{pinyin}' }))
  expect(name).toBe('pictures.zip')
  const entries = await zipEntries(await readFile(path), () => true)
  expect([...entries.keys()]).toEqual(['set/xuéxí.png', 'set/māo.png', 'set/xuéxí (2).png', 'set/māo (2).png'])
})

it('a transparent ground: the word alone, or with its glow; JPEG stays as it is', async () => {
  for (const transparent of ['word', 'glow'] as const) {
    const { path } = await fileOf(pictures({ transparent }), ids.slice(0, 1))
    const { channels, data, width } = await sharp(path)
      .raw()
      .toBuffer({ resolveWithObject: true })
      .then(r => ({ ...r.info, data: r.data }))
    expect(channels).toBe(4)
    expect(data[3]).toBe(0)
    expect(Math.max(...data.filter((_, i) => i % 4 === 3))).toBe(255)
    expect(width).toBe(64)
  }
  const { path } = await fileOf(pictures({ transparent: 'glow', format: 'jpeg' }), ids.slice(0, 1))
  expect((await sharp(path).metadata()).channels).toBe(3)
  // A picture without a word keeps its ground.
  const plain = await fileOf(pictures({ transparent: 'glow' }), [wordless])
  expect((await sharp(plain.path).metadata()).channels).toBe(3)
})

it('decks, cards, sheets, layers and outlines', async () => {
  const title = 'Lesson 1'
  expect((await fileOf({ kind: 'deck', title, maps: true })).name).toBe('Lesson 1.apkg')
  const cards = await fileOf({
    kind: 'cards',
    title,
    maps: true,
    options: { size: 'a7', bleed: 3, cropMarks: true, order: 'long-edge', perSheet: false },
  })
  expect(cards.name).toBe('Lesson 1.pdf')
  expect((await fileOf({ kind: 'sheet', title, pages: 'pdf' })).name).toBe('Lesson 1.pdf')
  const page = await fileOf({ kind: 'sheet', title, pages: 'png' })
  expect((await sharp(page.path).metadata()).width).toBe(1240)
  const psd = await fileOf({ kind: 'psd', names: '{word}-{style}' }, ids.slice(0, 1))
  expect(psd.name).toBe('学习-comic.psd')
  const svg = await fileOf({ kind: 'svg', names: '{word}' }, ids.slice(0, 1))
  expect((await sharp(svg.path).metadata()).format).toBe('svg')
})

it('refuses what has no word where an outline is needed, and leaves nothing behind', async () => {
  const refused = await host.exports
    .make([...ids, wordless], { kind: 'psd', names: '{word}' })
    .catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(StudioError)
  expect((refused as StudioError).key).toBe('exportNeedsWord')
  await expect(host.exports.make(['nothing'], pictures())).rejects.toThrow(/There is no such picture/)
  const cancel = new AbortController()
  cancel.abort()
  await expect(host.exports.make(ids, pictures(), cancel.signal)).rejects.toMatchObject({ code: 'cancelled' })
  expect(await host.exports.file('0'.repeat(32))).toBeNull()
})

it.skipIf(!hasPoppler)(`poppler sees one sheet of words by styles${hasPoppler ? '' : ' (needs poppler)'}`, async () => {
  const { path } = await fileOf({ kind: 'sheet', title: 'T', pages: 'pdf' })
  expect(execFileSync('pdfinfo', ['-struct', path], { encoding: 'utf8' }).match(/Figure/g)).toHaveLength(4)
})
