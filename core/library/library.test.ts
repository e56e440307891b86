import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { internationalChunk } from '../image/png-chunks.ts'
import { requestText } from '../image/png-metadata.ts'
import { Library, type Notes } from './library.ts'
import type { GeneratedPicture } from './maker.ts'
import { NO_NOTES } from './sidecar.ts'
import { WordPainter } from './testing.ts'

let root = ''
let model = ''
let sample: GeneratedPicture
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'zihua-library-'))
  model = join(root, 'model.safetensors')
  await writeFile(model, 'weights')
  ;[sample] = await new WordPainter(model).generate({ word: '学习', translation: 'study', width: 64, height: 64 })
})
afterAll(() => rm(root, { recursive: true, force: true }))

const variant = (seed: number, request: Partial<GeneratedPicture['request']> = {}): GeneratedPicture => ({
  ...sample,
  request: { ...sample.request, seed, ...request },
})
async function filled(name: string, count: number) {
  const library = await Library.open(join(root, name))
  for (let i = 0; i < count; i++) await library.add(variant(i), { base: root, legibility: i / count })
  return library
}
/** Everything that lists and details show. */
const contentOf = (library: Library) =>
  [false, true].map(trashed => library.list({ trashed, limit: 1000 }).pictures.map(({ id }) => library.get(id)))

describe('a picture in the library', () => {
  it('is a PNG that knows its making, and a row that says the same', async () => {
    const library = await filled('one', 0)
    const added = await library.add(sample, { base: root })
    expect(added).toMatchObject({ word: '学习', seed: 1, rating: 0, tags: [], draft: true, width: 64 })
    expect(added.file).toMatch(/^\d{4}-\d\d\/\d{8}-\d{6}-学习-[a-z0-9]{12}\.png$/)
    expect(added.legibility).toBeGreaterThan(0.8)
    expect(added.request).toEqual(sample.request)
    expect(added.record).toMatchObject({
      prompt: 'comic 学习',
      timings: { unet: 1 },
      weights: [{ role: 'model', path: model, files: [{ name: 'model.safetensors', bytes: 7 }] }],
      fonts: [{ name: expect.any(String), sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }],
      maps: [{ map: 'canny', method: 'opencv_canny' }],
    })
    const pixels = await sharp(library.pathOf(added.id)).raw().toBuffer()
    expect(Buffer.compare(pixels, sample.image.data)).toBe(0)
    const [month] = added.file.split('/')
    expect(await readdir(join(library.folder, month))).toHaveLength(1)
    library.close()
  })

  it('of a job is added once', async () => {
    const library = await filled('job', 0)
    const first = await library.add(sample, { base: root, job: 'a:0', legibility: null })
    expect((await library.add(sample, { base: root, job: 'a:0', legibility: null })).id).toBe(first.id)
    expect(library.list().total).toBe(1)
    library.close()
  })

  it('has a thumbnail of at most 256 pixels, made once', async () => {
    const library = await filled('thumbnail', 0)
    const data = new Uint8Array(512 * 300 * 3).fill(200)
    const image = { width: 512, height: 300, channels: 3, data } as const
    const { id } = await library.add({ ...sample, image }, { base: root, legibility: null })
    const [small, again] = await Promise.all([library.thumbnail(id), library.thumbnail(id)])
    expect(again).toBe(small)
    expect(await sharp(small).metadata()).toMatchObject({ format: 'webp', width: 256, height: 150 })
    library.close()
  })

  it('keeps copies of what its request names by path', async () => {
    const library = await filled('assets', 0)
    const control = join(root, 'control.PNG')
    await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
      .png()
      .toFile(control)
    const controlImages = [{ type: 'depth', image: 'control.PNG', weight: 1, start: 0, end: 1 }] as const
    const { record } = await library.add(variant(1, { controlImages: [...controlImages], initImage: control }), {
      base: root,
    })
    expect(record?.assets.map(({ field }) => field)).toEqual(['controlImages.0.image', 'initImage'])
    const copy = library.assets.pathOf(record!.assets[0])
    expect(Buffer.compare(await readFile(copy), await readFile(control))).toBe(0)
    await expect(library.add(variant(1, { initImage: 'gone.png' }), { base: root })).rejects.toThrow(
      /"initImage".*gone\.png/,
    )
    library.close()
  })
})

describe('rating, tags, notes, trash', () => {
  it('are set apart, searched, and undone', async () => {
    const library = await filled('notes', 3)
    const [a, b] = library.list({ order: 'ascending' }).pictures
    await library.annotate(a.id, { rating: 4, tags: ['Урок 1', 'red', ' red '] })
    await library.annotate(a.id, { notes: 'for the ＣＯＶＥＲ' })
    expect(library.get(a.id)).toMatchObject({ rating: 4, tags: ['red', 'Урок 1'], notes: 'for the ＣＯＶＥＲ' })
    expect(library.list({ text: 'cover УРОК' }).pictures.map(({ id }) => id)).toEqual([a.id])
    expect(library.list({ tags: ['red', 'Урок 1'], rating: 4 }).total).toBe(1)
    expect(library.list({ text: '%' }).total).toBe(0)
    for (const tag of ['red', 'Урок 1']) expect(library.list({ tags: [tag] }).total).toBe(1)
    await library.trash([a.id, b.id])
    expect([library.list().total, library.list({ trashed: true }).total]).toEqual([1, 2])
    await library.restore([a.id])
    expect(library.get(a.id)).toMatchObject({ rating: 4, trashed: null, tags: ['red', 'Урок 1'] })
    expect(await library.purge([a.id])).toBe(0)
    expect(await library.purge()).toBe(1)
    expect(library.list().total).toBe(2)
    expect(() => library.get(b.id)).toThrow(/no such picture/)
    library.close()
  })

  it('are all kept when they come at once', async () => {
    const library = await filled('notes-at-once', 1)
    const [{ id }] = library.list().pictures
    const refused = library.annotate(id, { rating: 6 })
    const changes: Notes[] = [{ tags: ['cover'] }, { notes: 'second lesson' }, { rating: 5 }]
    const made = Promise.all(changes.map(change => library.annotate(id, change)))
    await expect(refused).rejects.toThrow(/"rating"/)
    await made
    expect(library.get(id)).toMatchObject({ tags: ['cover'], notes: 'second lesson', rating: 5 })
    library.close()
  })

  it('refuses a rating of 6', async () => {
    const library = await filled('rating', 1)
    const [{ id }] = library.list().pictures
    await expect(library.annotate(id, { rating: 6 })).rejects.toThrow(/"rating"/)
    expect(library.get(id)).toMatchObject(NO_NOTES)
    library.close()
  })
})

describe('searching', () => {
  it('by word, style, date, draft; sorted and paged', async () => {
    const library = await filled('search', 0)
    for (const [i, word] of ['学习', 'love', 'Привет', '学校'].entries())
      await library.add(
        { ...variant(i, { word, style: i % 2 ? 'neon' : 'comic' }), prompt: 'p' },
        { base: root, legibility: [0.2, 0.9, null, 0.5][i] },
      )
    const seeds = (query: Parameters<Library['list']>[0]) => library.list(query).pictures.map(({ seed }) => seed)
    expect(seeds({ order: 'ascending' })).toEqual([0, 1, 2, 3])
    expect(seeds({ text: '学', order: 'ascending' })).toEqual([0, 3])
    expect(seeds({ text: 'прив' })).toEqual([2])
    expect(seeds({ word: 'love' })).toEqual([1])
    expect(seeds({ style: 'neon' })).toEqual([3, 1])
    expect(seeds({ sort: 'legibility' })).toEqual([1, 3, 0, 2])
    expect(seeds({ sort: 'legibility', order: 'ascending' })).toEqual([0, 3, 1, 2])
    expect(seeds({ order: 'ascending', offset: 1, limit: 2 })).toEqual([1, 2])
    expect(library.list({ limit: 1 }).total).toBe(4)
    expect(seeds({ until: '2020-01-01' })).toEqual([])
    expect(seeds({ draft: false })).toEqual([])
    expect(() => library.list({ limit: 0 })).toThrow(/"limit"/)
    library.close()
  })

  it('10,000 pictures are paged through without a gap', async () => {
    const library = await filled('many', 1)
    const [{ id }] = library.list().pictures
    const entry = { ...library.get(id), notes: NO_NOTES, fileMtime: 0, sidecarMtime: null, record: null }
    library.index.putAll(
      Array.from({ length: 9999 }, (_, i) => {
        const created = new Date(1.7e12 + 1000 * Math.floor(i / 3)).toISOString()
        return { ...entry, id: String(i).padStart(12, '0'), file: `x/${i}.png`, created }
      }),
    )
    const seen = new Set<string>()
    for (let offset = 0; offset < 10_000; offset += 1000)
      for (const picture of library.list({ offset, limit: 1000 }).pictures) seen.add(picture.id)
    expect(seen.size).toBe(10_000)
    library.close()
  })
})

describe('the index is made again from the files', () => {
  it('2,000 pictures with their notes; truncated, foreign and copied ones are reported', async () => {
    const data = join(root, 'rebuild')
    const library = await filled('rebuild', 20)
    const ids = library.list({ limit: 1000 }).pictures.map(({ id }) => id)
    // The rest by hand, as fast as files are written: each with a record of its own.
    const folder = join(library.folder, '2020-01')
    await mkdir(folder, { recursive: true })
    const first = library.get(ids[0])
    const plain = await sharp(library.pathOf(ids[0])).png().toBuffer()
    for (let i = 0; i < 1980; i++) {
      const record = {
        ...first.record!,
        id: `z${String(i).padStart(11, '0')}`,
        created: new Date(1.6e12 + i).toISOString(),
      }
      const info = { ...record, request: { ...sample.request, seed: i }, version: '0.1.0', record }
      const text = internationalChunk('zihua', requestText(info))
      await writeFile(join(folder, `${i}.png`), Buffer.concat([plain.subarray(0, 33), text, plain.subarray(33)]))
    }
    library.close()

    const reopened = await Library.open(data)
    expect(reopened.list().total).toBe(2000)
    await reopened.annotate(ids[3], { rating: 5, tags: ['keep'], notes: 'n' })
    await reopened.trash([ids[4], 'z00000000007'])
    const before = contentOf(reopened)
    await truncate(join(folder, '11.png'), 900)
    await sharp({ create: { width: 9, height: 9, channels: 3, background: 'red' } })
      .png()
      .toFile(join(folder, 'foreign.png'))
    await writeFile(join(folder, 'text.png'), 'no picture')
    await cp(join(folder, '12.png'), join(folder, '12 copy.png'))
    await writeFile(`${reopened.pathOf(ids[3])}.json`, await readFile(`${reopened.pathOf(ids[3])}.json`))
    reopened.close()
    for (const ending of ['', '-wal', '-shm']) await rm(join(data, `library.db${ending}`), { force: true })

    const fresh = await Library.open(data)
    const report = await fresh.rebuild()
    expect(report).toMatchObject({ pictures: 1999, notesLost: [] })
    expect(
      report.skipped.map(
        ({ file, reason }) =>
          `${file}: ${reason
            .replace(/^It is a copy of /, '')
            .split(' ')
            .slice(-2)
            .join(' ')}`,
      ),
    ).toEqual([
      '2020-01/11.png: is truncated.',
      '2020-01/12.png: 2020-01/12 copy.png.',
      '2020-01/foreign.png: the studio.',
      '2020-01/text.png: PNG file.',
    ])
    const expected = before.map(list => list.filter(picture => picture.id !== 'z00000000011'))
    const now = contentOf(fresh).map(list =>
      list.map(p => (p.file.endsWith('12 copy.png') ? { ...p, file: '2020-01/12.png' } : p)),
    )
    expect(now).toEqual(expected)
    expect(fresh.integrity()).toBe('ok')
    fresh.close()
  })

  it('damaged notes do not hide their picture', async () => {
    const library = await filled('damaged-notes', 1)
    const [{ id }] = library.list().pictures
    await library.annotate(id, { rating: 3 })
    await writeFile(`${library.pathOf(id)}.json`, '{"rating": 3,')
    const report = await library.rebuild()
    expect(report).toMatchObject({
      pictures: 1,
      skipped: [],
      notesLost: [{ reason: expect.stringContaining('cannot be read') }],
    })
    library.close()
  })

  it('at every start what came, went or was annotated elsewhere is noticed', async () => {
    const library = await filled('reconcile', 3)
    const [a, b, c] = library.list({ order: 'ascending' }).pictures
    const path = library.pathOf(a.id)
    library.close()
    const folder = dirname(path)
    await rm(join(dirname(folder), b.file))
    await rename(join(dirname(folder), c.file), join(folder, 'renamed.png'))
    await writeFile(`${path}.json`, JSON.stringify({ rating: 2, tags: ['x'], notes: '', trashed: null }))
    const again = await Library.open(join(root, 'reconcile'))
    expect(
      again.list({ order: 'ascending' }).pictures.map(({ id, rating, file }) => [id, rating, file.split('/')[1]]),
    ).toEqual([
      [a.id, 2, a.file.split('/')[1]],
      [c.id, 0, 'renamed.png'],
    ])
    again.close()
  })

  it('a damaged database is put aside', async () => {
    const library = await filled('damaged', 2)
    library.close()
    await writeFile(join(root, 'damaged', 'library.db'), 'x'.repeat(5000))
    const again = await Library.open(join(root, 'damaged'))
    expect(again.list().total).toBe(2)
    again.close()
  })

  it('an index that is too large to be checked whole is made anew where its damage shows', async () => {
    const library = await filled('damaged-large', 2)
    const [a, b] = library.list({ order: 'ascending' }).pictures
    library.index.database.exec('CREATE TABLE filler (bytes BLOB); INSERT INTO filler VALUES (zeroblob(17000000))')
    library.close()
    const file = join(root, 'damaged-large', 'library.db')
    const bytes = await readFile(file)
    // In the row or in one of its indices: the row cannot be taken out of those that say something else.
    const at = bytes.indexOf(b.created)
    expect(at).toBeGreaterThan(0)
    bytes.write('~', at)
    await writeFile(file, bytes)
    await rm(join(root, 'damaged-large', 'pictures', b.file))
    const again = await Library.open(join(root, 'damaged-large'))
    expect(again.damaged).toMatch(/library\.db\.damaged-/)
    expect(again.list().pictures.map(({ id }) => id)).toEqual([a.id])
    again.close()
  })
})

it('two hosts share a library', async () => {
  const one = await filled('shared', 1)
  const two = await Library.open(join(root, 'shared'))
  await Promise.all(
    [0, 1, 2, 3].flatMap(i => [one, two].map(host => host.add(variant(i), { base: root, legibility: null }))),
  )
  const [{ id }] = one.list().pictures
  await one.annotate(id, { rating: 1 })
  await two.annotate(id, { notes: 'two' })
  expect(one.get(id)).toMatchObject({ rating: 1, notes: 'two' })
  expect([one.list().total, two.list().total]).toEqual([9, 9])
  one.close()
  two.close()
})
