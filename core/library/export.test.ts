import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readPngText } from '../image/png-text.ts'
import { exportPicture } from './export.ts'
import { Library } from './library.ts'
import { readRecord } from './record.ts'
import { WordPainter } from './testing.ts'

let root = ''
let picture = ''
let pixels: Buffer
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'zihua-export-'))
  const model = join(root, 'm.safetensors')
  await writeFile(model, 'x')
  const library = await Library.open(join(root, 'data'))
  const [made] = await new WordPainter(model).generate({ word: '学', width: 64, height: 64 })
  picture = library.pathOf((await library.add(made, { base: root })).id)
  pixels = Buffer.from(made.image.data)
  expect(library.index.rate(made.request.model)).toBeGreaterThan(0)
  expect(library.index.rate('unknown')).toBeNull()
  library.close()
})
afterAll(() => rm(root, { recursive: true, force: true }))

it('the same pixels with the request, without what is private', async () => {
  const file = join(root, 'a.png')
  await exportPicture(picture, file, { format: 'png' })
  expect(Buffer.compare(await sharp(file).raw().toBuffer(), pixels)).toBe(0)
  expect(await readRecord(file)).toMatchObject({ request: { word: '学' }, record: null })
})

it('stripped: nothing but pixels', async () => {
  const file = join(root, 'b.png')
  await exportPicture(picture, file, { format: 'png', strip: true })
  expect(Buffer.compare(await sharp(file).raw().toBuffer(), pixels)).toBe(0)
  expect([...(await readPngText(file)).keys()]).toEqual([])
})

it('the word alone', async () => {
  const file = join(root, 'c.webp')
  await exportPicture(picture, file, { format: 'webp', transparent: true })
  const { data } = await sharp(file).raw().toBuffer({ resolveWithObject: true })
  expect([data[3], Math.max(...data.filter((_, i) => i % 4 === 3))]).toEqual([0, 255])
})

it('a picture that cannot be read, a folder that cannot be written', async () => {
  await expect(exportPicture(join(root, 'none.png'), join(root, 'd.png'), { format: 'png' })).rejects.toMatchObject({
    code: 'bad-image',
  })
  await writeFile(join(root, 'file'), '')
  await expect(exportPicture(picture, join(root, 'file', 'x.png'), { format: 'png' })).rejects.toMatchObject({
    code: 'cannot-write',
  })
})
