/** Every kind of file that comes from a stranger or may be damaged on a disk, for build/fuzz-files.ts. Tests only. */
import { readFileSync } from 'node:fs'
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { decompress } from 'wawoff2'
import { ZipFile } from 'yazl'
import { DEFAULT_LAYOUT } from '../contract/request.ts'
import { BUNDLED_FONTS, bundledFiles } from '../glyph/bundled.ts'
import { drawWord } from '../glyph/draw.ts'
import { Library } from '../library/library.ts'
import { WordPainter } from '../library/testing.ts'
import { type FuzzKind, pictureKinds, weightsKinds } from '../library/testing-fuzz.ts'
import { BUILT_IN_STYLES } from '../prompt/styles.ts'
import { StyleLibrary } from '../prompt/user-styles.ts'
import { QueueStore } from '../queue/queue-store.ts'
import type { StudioJobs } from '../queue/studio-jobs.ts'
import { readSet } from '../sets/definition.ts'
import { ownFixtures } from '../testing/fixtures.ts'
import { settingsSchema } from './api/settings.ts'
import { DEFAULT_SETTINGS } from './default-settings.ts'
import { SettingsFile } from './settings.ts'

/** @param folder for what is made on the way; empty */
export const FUZZ_KINDS: Readonly<Record<string, (folder: string) => Promise<readonly FuzzKind[]>>> = {
  weights: weightsKinds,
  pictures: pictureKinds,
  fonts: fontKinds,
  sets: setKinds,
  styles: styleKinds,
  settings: settingsKinds,
  databases: databaseKinds,
}

async function fontKinds(): Promise<FuzzKind[]> {
  const lobster = BUNDLED_FONTS.find(({ id }) => id === 'lobster')!
  const [woff2] = bundledFiles(lobster, 'A').map(path => readFileSync(path))
  const read: FuzzKind[2] = font => drawWord('AV', { ...DEFAULT_LAYOUT, font }, 64, 64)
  return [
    ['lobster.ttf', Buffer.from(await decompress(woff2)), read],
    ['lobster.woff2', woff2, read],
    ['plain.ttf', readFileSync(join(ownFixtures, 'shaping/plain.ttf')), read],
    ['colour.ttf', readFileSync(join(ownFixtures, 'shaping/colour.ttf')), read],
    ['nested.otf', readFileSync(join(ownFixtures, 'hostile/nested-subroutines.otf')), read],
  ]
}

async function setKinds(): Promise<FuzzKind[]> {
  const set = {
    name: 'lesson',
    words: ['学', { word: 'love', translation: 'love', style: 'neon' }],
    styles: ['comic'],
    sizes: ['64x64', [128, 64]],
    variants: [{ name: 'strong', request: { controls: { canny: { weight: 1.5 } } } }],
    matrix: { x: { field: 'guidanceScale', values: [1, 2], labels: ['a', 'b'] } },
    request: { width: 64, height: 64, layout: { weight: 400 }, controlImages: [{ type: 'canny', image: 'x.png' }] },
    files: '{index:3}-{word}-{style}-{seed}',
    keep: { best: 2 },
  }
  const csv = 'word,translation,pinyin,style,seed\r\n学,study,xué,comic,7\r\n"a ""b""",c,,neon,\r\n'
  return [
    ['set.json', Buffer.from(JSON.stringify(set)), readSet],
    ['words.csv', Buffer.from(csv), readSet],
    ['words-utf16.csv', Buffer.from(`\ufeff${csv}`, 'utf16le'), readSet],
    ['words.tsv', Buffer.from(csv.replaceAll(',', '\t')), readSet],
    ['words.xlsx', await workbook(), readSet],
  ]
}

/** Stored, not compressed, so that changes reach the XML. */
async function workbook(): Promise<Buffer> {
  const cell = (text: string) => `<c t="inlineStr"><is><t>${text}</t></is></c>`
  const row = (...texts: string[]) => `<row>${texts.map(cell).join('')}</row>`
  const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
  const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
  const files = {
    'xl/workbook.xml': `<workbook xmlns="${main}" xmlns:r="${relations}"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="${relations}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
    'xl/worksheets/sheet1.xml': `<worksheet xmlns="${main}"><sheetData>${row('word', 'translation')}${row('学', 'study')}</sheetData></worksheet>`,
  }
  const zip = new ZipFile()
  for (const [name, text] of Object.entries(files)) zip.addBuffer(Buffer.from(text), name, { compress: false })
  zip.end()
  return buffer(zip.outputStream)
}

/** Styles that a user takes in, and those that lie in the folder. */
async function styleKinds(folder: string): Promise<FuzzKind[]> {
  const styles = new StyleLibrary(join(folder, 'styled'))
  const style = { ...BUILT_IN_STYLES[0], id: 'of-mine' }
  const takeIn: FuzzKind[2] = async file => {
    const { style: taken } = await styles.importFile(file)
    await styles.remove(taken.id)
  }
  const list: FuzzKind[2] = async file => {
    await mkdir(styles.folder, { recursive: true })
    await copyFile(file, join(styles.folder, 'of-mine.json'))
    const { problems } = await styles.list()
    await rm(join(styles.folder, 'of-mine.json'))
    if (problems.some(({ error }) => /\n/.test(error.message))) throw new Error(problems[0].error.message)
  }
  const bytes = Buffer.from(JSON.stringify(style))
  return [
    ['import.json', bytes, takeIn],
    ['folder.json', bytes, list],
  ]
}

/** They always open: what is invalid is the default, and what is damaged is put aside. */
async function settingsKinds(folder: string): Promise<FuzzKind[]> {
  const own = join(folder, 'settings')
  const open: FuzzKind[2] = async file => {
    await mkdir(own, { recursive: true })
    await copyFile(file, join(own, 'settings.json'))
    const settings = await SettingsFile.open(own)
    settingsSchema.parse(settings.get())
    await settings.set({ language: 'ru' })
    settingsSchema.parse(JSON.parse(await readFile(join(own, 'settings.json'), 'utf8')))
    await rm(own, { recursive: true })
  }
  return [['settings.json', Buffer.from(JSON.stringify(DEFAULT_SETTINGS, null, 2)), open]]
}

/** A library with a picture and a queue with jobs: they open, whatever the file has become, and take the next. */
async function databaseKinds(folder: string): Promise<FuzzKind[]> {
  const whole = join(folder, 'whole')
  const model = join(folder, 'model.safetensors')
  await writeFile(model, 'weights')
  const library = await Library.open(whole)
  const [made] = await new WordPainter(model).generate({ word: '学', width: 64, height: 64, model })
  const { id } = await library.add(made, { base: folder, legibility: null })
  library.close()
  const job = { kind: 'picture', payload: { request: { word: '学' } }, title: '学' } as never
  const queue = new QueueStore<StudioJobs>(join(whole, 'queue.db'), 'a')
  for (const name of ['a', 'b', 'c']) queue.add(name, job)
  queue.close()
  const picture = join(whole, 'pictures', (await Library.open(whole).then(opened => namesOf(opened, whole)))[0])

  const openLibrary: FuzzKind[2] = async file => {
    const own = `${file}.d`
    await mkdir(dirname(join(own, picture.slice(whole.length))), { recursive: true })
    await copyFile(picture, join(own, picture.slice(whole.length)))
    await copyFile(file, join(own, 'library.db'))
    const opened = await Library.open(own)
    opened.list()
    opened.get(id)
    opened.close()
    await rm(own, { recursive: true })
  }
  const openQueue: FuzzKind[2] = async file => {
    const own = `${file}.d`
    await mkdir(own)
    await copyFile(file, join(own, 'queue.db'))
    const store = new QueueStore<StudioJobs>(join(own, 'queue.db'), 'b')
    store.list()
    store.add('new', job)
    if (!store.get('new')) throw new Error('The new job is not there.')
    store.close()
    await rm(own, { recursive: true })
  }
  return [
    ['library.db', await readFile(join(whole, 'library.db')), openLibrary],
    ['queue.db', await readFile(join(whole, 'queue.db')), openQueue],
  ]
}

/** Paths of its pictures below its folder of pictures. */
function namesOf(library: Library, whole: string): string[] {
  const names = library.list().pictures.map(({ id }) => library.pathOf(id).slice(join(whole, 'pictures').length + 1))
  library.close()
  return names
}
