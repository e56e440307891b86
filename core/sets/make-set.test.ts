import { execFileSync } from 'node:child_process'
import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { StudioError } from '../faults/studio-error.ts'
import { readPngRequest, readPngText } from '../image/png-text.ts'
import { WordPainter } from '../library/testing.ts'
import { zipEntries } from '../tables/zip-entries.ts'
import type { SetInput } from './definition.ts'
import type { SetOptions, SetProgress } from './make-pictures.ts'
import { makeSet } from './make-set.ts'
import { contentsOf } from './testing-contents.ts'
import { verifySet } from './verify.ts'

let root = ''
let model = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'zihua-set-'))
  model = join(root, 'model.safetensors')
  await writeFile(model, 'weights')
  await make(lesson, 'whole-reference')
})
afterAll(() => rm(root, { recursive: true, force: true }))

const request = { width: 64, height: 64, steps: 2 }
const lesson: SetInput = {
  name: 'Lesson 1',
  words: ['学习', { word: 'love', translation: 'любовь' }, 'Привет'],
  styles: ['comic', 'neon'],
  request,
}
const make = (input: SetInput, folder: string, options: Partial<SetOptions> = {}) =>
  makeSet(input, join(root, folder), { maker: new WordPainter(model), base: root, ...options })

/** Stops a set after so many finished pictures. */
async function stopAfter(count: number, input: SetInput, folder: string): Promise<void> {
  const stop = new AbortController()
  const onProgress = ({ done }: SetProgress) => done >= count && stop.abort()
  await expect(make(input, folder, { signal: stop.signal, onProgress })).rejects.toMatchObject({ code: 'cancelled' })
}

describe('a set', () => {
  it('brings a deck and cards of its words where they are asked for, and writes over nobody else’s', async () => {
    const input: SetInput = { ...lesson, maps: ['canny'], deck: true, cards: { size: 'small' } }
    await mkdir(join(root, 'cards'))
    await writeFile(join(root, 'cards', 'lesson 1.apkg'), 'mine')
    await expect(make(input, 'cards')).rejects.toMatchObject({ message: expect.stringContaining('lesson 1.apkg') })
    await rm(join(root, 'cards', 'lesson 1.apkg'))
    await make(input, 'cards')
    expect(await verifySet(join(root, 'cards'))).toMatchObject({ ok: true, missing: [], changed: [], extra: [] })
    const manifest = JSON.parse(await readFile(join(root, 'cards', 'set.json'), 'utf8'))
    const others = manifest.others.map(({ name }: { name: string }) => name)
    expect(others).toEqual(expect.arrayContaining(['Lesson 1.apkg', 'Lesson 1-cards.pdf']))
    // Three words in two styles are three cards: two pictures and a map each. Media lie in the deck by numbers.
    const deck = await zipEntries(await readFile(join(root, 'cards', 'Lesson 1.apkg')), () => true)
    expect(Object.keys(JSON.parse(deck.get('media')!.toString()))).toHaveLength(9)
    const xmp = (await sharp(join(root, 'cards', '003-love-comic-1.png')).metadata()).xmp?.toString()
    expect(xmp).toContain('love, любовь, comic')
  })

  it('is a folder of pictures, maps, manifest, sheets and ZIP that agree', async () => {
    const files: string[] = []
    const input: SetInput = {
      ...lesson,
      formats: ['png', 'webp', 'jpeg', 'avif', 'tiff'],
      maps: ['canny', 'depth'],
      zip: true,
    }
    const report = await make(input, 'whole', { onProgress: progress => files.push(...progress.files) })
    expect(report).toMatchObject({ total: 6, made: 6, reused: 0, failures: [], complete: true })
    expect(files).toHaveLength(36)
    expect(await verifySet(join(root, 'whole'))).toMatchObject({ ok: true, missing: [], changed: [], extra: [] })
    const text = await readFile(join(root, 'whole', 'set.json'), 'utf8')
    const manifest = JSON.parse(text)
    // Written piece by piece.
    expect(text).toBe(`${JSON.stringify(manifest, null, 1)}\n`)
    expect(manifest.pictures[2]).toMatchObject({
      index: 3,
      word: 'love',
      translation: 'любовь',
      prompt: 'comic love',
      tries: 1,
      request: { word: 'love', style: 'comic', seed: 1, width: 64 },
      legibility: expect.any(Number),
      milliseconds: expect.any(Number),
    })
    const csv = await readFile(join(root, 'whole', 'set.csv'), 'utf8')
    expect(csv.split('\r\n')[1]).toMatch(/^1,001-学习-comic-1\.png,学习,xuéxí,,comic,1,64,64,,,,/)
    const formats = await Promise.all(
      ['png', 'webp', 'jpg', 'avif', 'tif'].map(ending =>
        sharp(join(root, 'whole', `001-学习-comic-1.${ending}`)).metadata(),
      ),
    )
    expect(formats.map(({ format, space }) => [format, space])).toEqual([
      ['png', 'srgb'],
      ['webp', 'srgb'],
      ['jpeg', 'srgb'],
      ['heif', 'srgb'],
      ['tiff', 'srgb'],
    ])
    for (const { icc, format } of formats.slice(1)) expect(icc, format).toBeDefined()
    for (const { xmp, format } of formats) expect(xmp?.toString(), format).toContain('trainedAlgorithmicMedia')
    expect((await readPngRequest(join(root, 'whole', '001-学习-comic-1.png')))?.request).toMatchObject({
      word: '学习',
      seed: 1,
    })
    // End of central directory: the number of files. Source: PKWARE APPNOTE 4.3.16.
    const zip = await readFile(join(root, 'whole', 'Lesson 1.zip'))
    expect(zip.readUInt16LE(zip.length - 12)).toBe(36 + 4)
    const sheet = await sharp(join(root, 'whole', 'contact-sheet-01.png')).metadata()
    expect([sheet.width, sheet.height]).toEqual([1240, 1754])
    expect((await readFile(join(root, 'whole', 'contact-sheet.pdf'))).toString('latin1', 0, 5)).toBe('%PDF-')
  })

  it('made twice is the same to the byte, sheets and grids included', async () => {
    const input = { ...lesson, zip: true, matrix: { x: { field: 'guidanceScale', values: [1, 2] } } }
    await make(input, 'twice-a')
    await make(input, 'twice-b')
    const [a, b] = [await contentsOf(join(root, 'twice-a')), await contentsOf(join(root, 'twice-b'))]
    expect(Object.keys(a)).toContain('grid-01.png')
    expect(b).toEqual(a)
  })

  it('transparent: everything but the word is clear; stripped: no word of how it was made', async () => {
    await make({ words: ['学'], request, transparent: true, strip: true, formats: ['png', 'webp', 'jpeg'] }, 'clear')
    const file = join(root, 'clear', '001-学-comic-1.png')
    const { data, info } = await sharp(file).raw().toBuffer({ resolveWithObject: true })
    expect(info.channels).toBe(4)
    expect([data[3], Math.max(...data.filter((_, i) => i % 4 === 3))]).toEqual([0, 255])
    expect((await sharp(join(root, 'clear', '001-学-comic-1.webp')).metadata()).hasAlpha).toBe(true)
    expect((await readPngText(file)).size).toBe(0)
    const jpeg = await sharp(join(root, 'clear', '001-学-comic-1.jpg')).metadata()
    expect([jpeg.exif, jpeg.xmp, jpeg.hasAlpha]).toEqual([undefined, undefined, false])
  })

  it('keeps the best of several seeds, or raises the weights until the word is legible', async () => {
    const best = new WordPainter(model)
    await make({ words: ['学'], request, keep: { best: 3 }, sheet: false }, 'best', { maker: best })
    expect(best.made).toEqual([1, 2, 3])
    const weak = { ...request, controls: { canny: { weight: 0.1 } } }
    await make({ words: ['学'], request: weak, keep: { legible: { target: 0.9, tries: 5 } } }, 'legible')
    const [{ scale, tries, legibility }] = JSON.parse(
      await readFile(join(root, 'legible', 'set.json'), 'utf8'),
    ).pictures
    expect(scale).toBeGreaterThanOrEqual(1)
    expect(tries).toBeLessThanOrEqual(5)
    expect(legibility).toBeGreaterThan(0)
  })
})

describe('several at once', () => {
  /** Begins so many at once, and lets the later ones end first. */
  function backwards(atOnce: number) {
    const maker = Object.assign(new WordPainter(model), { atOnce })
    const generate = maker.generate.bind(maker)
    const held: (() => void)[] = []
    let most = 0
    maker.generate = async (...args) => {
      const turn = new Promise<void>(resolve => held.push(resolve))
      most = Math.max(most, held.length)
      // Everything that will begin before one of them ends has begun.
      setImmediate(() => held.pop()?.())
      await turn
      return generate(...args)
    }
    return { maker, most: () => most }
  }

  it('in whatever order they end, it is the same set', async () => {
    const { maker, most } = backwards(3)
    const times: (number | null)[] = []
    const report = await make(lesson, 'backwards', { maker, onProgress: ({ timeLeft }) => times.push(timeLeft) })
    expect(report).toMatchObject({ total: 6, made: 6, complete: true })
    expect(most()).toBe(5)
    expect(await contentsOf(join(root, 'backwards'))).toEqual(await contentsOf(join(root, 'whole-reference')))
    expect(times.at(-1)).toBeCloseTo(0)
  })

  it('one that ends the run ends those that are under way, before the folder is free again', async () => {
    const { maker } = backwards(3)
    const generate = maker.generate.bind(maker)
    let under = 0
    maker.generate = async (...args) => {
      under++
      try {
        const pictures = await generate(...args)
        if (pictures[0].request.word === 'love')
          throw new StudioError('cannot-write', 'The disk is full.', 'Make room.')
        return pictures
      } finally {
        under--
      }
    }
    await expect(make(lesson, 'full', { maker })).rejects.toMatchObject({ code: 'cannot-write' })
    expect(under).toBe(0)
    expect(await make(lesson, 'full')).toMatchObject({ complete: true })
    expect(await contentsOf(join(root, 'full'))).toEqual(await contentsOf(join(root, 'whole-reference')))
  })
})

describe('after a stop', () => {
  it('goes on where it was, to the same files', async () => {
    // Two more are under way when one is done: each stop leaves some to the next.
    const long: SetInput = { ...lesson, seeds: [1, 2] }
    await make(long, 'reference')
    const folder = 'stopped'
    for (const count of [1, 5, 9]) await stopAfter(count, long, folder)
    const maker = new WordPainter(model)
    const report = await make(long, folder, { maker })
    expect(report).toMatchObject({ total: 12, complete: true })
    expect(report.reused).toBeGreaterThanOrEqual(9)
    expect(maker.made.length).toBe(12 - report.reused)
    expect(await contentsOf(join(root, folder))).toEqual(await contentsOf(join(root, 'reference')))
    expect(await make(long, folder, { maker })).toMatchObject({ made: 0, reused: 12 })
  })

  it('a torn journal line, a half file, a changed and a deleted picture are made good', async () => {
    await make(lesson, 'torn-reference')
    await make(lesson, 'torn')
    const folder = join(root, 'torn')
    await appendFile(join(folder, '.zihua', 'journal.jsonl'), '{"event":"done","key":"ab')
    await writeFile(join(folder, '.zihua', '.x.incomplete'), 'half')
    await truncate(join(folder, '002-学习-neon-1.png'), 100)
    await rm(join(folder, '003-love-comic-1.png'))
    expect(await verifySet(folder)).toMatchObject({
      ok: false,
      missing: ['003-love-comic-1.png'],
      changed: ['002-学习-neon-1.png'],
    })
    expect(await make(lesson, 'torn')).toMatchObject({ made: 2, reused: 4 })
    expect(await contentsOf(folder)).toEqual(await contentsOf(join(root, 'torn-reference')))
    expect(await readdir(join(folder, '.zihua'))).toEqual(['journal.jsonl', 'lock.db', 'owner.json', 'plan.json'])
  })

  it('a set that has grown makes only what is new', async () => {
    await make(lesson, 'grown')
    expect(await make({ ...lesson, words: [...lesson.words, '水'] }, 'grown')).toMatchObject({
      total: 8,
      made: 2,
      reused: 6,
    })
  })

  it('files that others have put there are not touched', async () => {
    await mkdir(join(root, 'theirs'))
    await writeFile(join(root, 'theirs', '001-学习-comic-1.png'), 'theirs')
    const report = await make(lesson, 'theirs')
    expect(report.notes[0]).toMatch(/^001-学习-comic-1 \(2\).*already there/)
    expect(await readFile(join(root, 'theirs', '001-学习-comic-1.png'), 'utf8')).toBe('theirs')
    expect((await verifySet(join(root, 'theirs'))).extra).toEqual(['001-学习-comic-1.png'])
  })
})

describe('failures', () => {
  const withBad: SetInput = { ...lesson, words: ['学习', '\u{10ffff}', 'love'], styles: ['comic'] }

  it('are listed with their reasons while the others go on, and can be tried again alone', async () => {
    const report = await make(withBad, 'bad')
    expect(report).toMatchObject({
      made: 2,
      complete: false,
      failures: [{ index: 2, code: 'missing-glyph', message: expect.stringContaining('10FFFF') }],
    })
    const check = await verifySet(join(root, 'bad'))
    expect(check).toMatchObject({ ok: false, missing: [], changed: [], failures: [{ index: 2 }] })
    await rm(join(root, 'bad', '001-学习-comic-1.png'))
    const maker = new WordPainter(model)
    expect(await make(withBad, 'bad', { only: 'failed', maker })).toMatchObject({ made: 0, failures: [{ index: 2 }] })
    expect(maker.made).toEqual([])
    expect(await make(withBad, 'bad')).toMatchObject({ made: 1, reused: 1 })
  })

  it('a crash of the inference is tried once more, then listed', async () => {
    const crashes = (times: number) => {
      const maker = new WordPainter(model)
      const generate = maker.generate.bind(maker)
      let left = times
      maker.generate = async (...args) => {
        if (left-- > 0) throw new StudioError('inference-crashed', 'It crashed.', 'Again.')
        return generate(...args)
      }
      return maker
    }
    const one: SetInput = { words: ['学'], request }
    expect(await make(one, 'crash-1', { maker: crashes(1) })).toMatchObject({ made: 1, failures: [] })
    expect(await make(one, 'crash-2', { maker: crashes(2) })).toMatchObject({
      made: 0,
      failures: [{ code: 'inference-crashed' }],
    })
  })

  it('two at once in one folder are refused; a dead one’s lock is taken over', async () => {
    const folder = join(root, 'locked')
    const ends = await Promise.allSettled([make(lesson, 'locked'), make(lesson, 'locked')])
    expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(ends.find(end => end.status === 'rejected')?.reason).toMatchObject({
      code: 'cannot-write',
      message: expect.stringContaining('being made'),
    })
    await writeFile(join(folder, '.zihua', 'lock'), '999999999')
    expect(await make(lesson, 'locked')).toMatchObject({ reused: 6 })
  })

  it('a folder that cannot be written is one clear error', async () => {
    await writeFile(join(root, 'blocked'), '')
    await expect(make(lesson, 'blocked/set')).rejects.toMatchObject({ code: 'cannot-write' })
  })

  it('no manifest, a damaged manifest', async () => {
    await mkdir(join(root, 'empty'))
    await expect(verifySet(join(root, 'empty'))).rejects.toThrow(/no finished set/)
    await writeFile(join(root, 'empty', 'set.json'), '{}')
    await expect(verifySet(join(root, 'empty'))).rejects.toThrow(/damaged/)
  })

  const disk = mountSmallDisk()
  it.skipIf(!disk)(
    'a full disk ends the run; with space it goes on to the same files (needs the right to mount)',
    async () => {
      const folder = join(disk!, 'set')
      const large: SetInput = {
        ...lesson,
        request: { width: 256, height: 256 },
        formats: ['tiff', 'png'],
        sheet: false,
      }
      try {
        const run = () => makeSet(large, folder, { maker: new WordPainter(model), base: root })
        await expect(run()).rejects.toMatchObject({ code: 'cannot-write', message: expect.stringContaining('full') })
        expect((await readdir(folder)).filter(name => name.includes('incomplete'))).toEqual([])
        execFileSync('mount', ['-o', 'remount,size=64m', disk!])
        expect(await run()).toMatchObject({ complete: true })
        await make(large, 'disk-reference')
        expect(await contentsOf(folder)).toEqual(await contentsOf(join(root, 'disk-reference')))
      } finally {
        execFileSync('umount', [disk!])
      }
    },
  )
})

function mountSmallDisk(): string | null {
  const folder = execFileSync('mktemp', ['-d']).toString().trim()
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=48k', 'tmpfs', folder], { stdio: 'ignore' })
    return folder
  } catch {
    return null
  }
}
