import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { StudioError } from '../faults/studio-error.ts'
import { PictureDoor, readAsPng, readLuminance, readPicture, readThumbnail } from './door.ts'
import { formatOf } from './sniff.ts'
import { HOSTILE } from './testing-hostile.ts'

let folder = ''
let good = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zihua-door-'))
  good = join(folder, 'good.png')
  await sharp({ create: { width: 30, height: 20, channels: 3, background: '#f80' } })
    .png()
    .toFile(good)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** The error's sentence; null where the picture was read. */
const sentence = (reading: Promise<unknown>): Promise<string | null> =>
  reading.then(
    () => null,
    error => {
      expect(error).toBeInstanceOf(StudioError)
      expect(error.code).toBe('bad-image')
      return error.message as string
    },
  )

describe('a stranger’s picture is refused in a sentence, or read', () => {
  // Two that are unusual, and harmless once what is not a pixel was left out.
  const READ = new Set(['two billion frames'])
  it.each(Object.keys(HOSTILE))('%s', { timeout: 30_000 }, async name => {
    const bytes = HOSTILE[name]()
    const file = join(folder, 'hostile')
    await writeFile(file, bytes)
    const start = performance.now()
    const answers = [
      await sentence(readAsPng('it', bytes, 'picture')),
      await sentence(readPicture(file, { size: { width: 64, height: 64 } })),
      await sentence(readLuminance(file, 512)),
    ]
    expect(performance.now() - start).toBeLessThan(6000)
    // The text of another library is no sentence of ours.
    for (const answer of answers) expect(answer ?? '').not.toMatch(/undefined|null|Input buffer|VipsJpeg|at .*\.ts/)
    if (!READ.has(name) && !name.startsWith('texts')) expect(answers.every(answer => answer !== null)).toBe(true)
  })
})

describe.skipIf(process.platform === 'win32')('what is no ordinary file (needs Linux or macOS)', () => {
  const pipe = (name: string) => {
    execFileSync('mkfifo', [join(folder, name)])
    return join(folder, name)
  }

  it('a pipe, a device, a folder: at once, in a sentence', { timeout: 10_000 }, async () => {
    for (const path of [pipe('a.png'), '/dev/zero', '/dev/ptmx', folder]) {
      expect(await sentence(readPicture(path)), path).toMatch(/could not be read as a picture: it is not a file/)
      expect(await sentence(readLuminance(path, 512)), path).toMatch(/it is not a file/)
    }
  })

  it('ten of them do not keep a good one waiting', { timeout: 10_000 }, async () => {
    const bad = pipe('b.png')
    const refused = Array.from({ length: 10 }, () => sentence(readPicture(bad)))
    expect(await readPicture(good)).toMatchObject({ width: 30, height: 20 })
    expect((await Promise.all(refused)).every(answer => answer !== null)).toBe(true)
  })
})

describe('time', () => {
  const noise = async (side: number) =>
    sharp(Buffer.alloc(side * side * 3, 7), { raw: { width: side, height: side, channels: 3 } })
      .tiff({ compression: 'none' })
      .toBuffer()

  it('what takes too long is ended, and the next is read', { timeout: 30_000 }, async () => {
    const door = new PictureDoor(1)
    const source = await noise(6000)
    const name = '"slow.tif"'
    await expect(door.run('png', { source, name, use: 'picture' })).rejects.toMatchObject({
      key: 'pictureTakesTooLong',
    })
    await door.close()
    expect(await readPicture(good)).toMatchObject({ width: 30 })
  })

  it('what nobody waits for any more is ended at once, also while it waits for its turn', {
    timeout: 30_000,
  }, async () => {
    const door = new PictureDoor()
    const source = await noise(6000)
    const all = Array.from({ length: 6 }, () => {
      const controller = new AbortController()
      const reading = door.run('png', { source, name: 'x', use: 'picture' }, controller.signal)
      return { controller, reading: reading.catch(error => error) }
    })
    for (const { controller } of all) controller.abort()
    for (const { reading } of all) expect(await reading).toMatchObject({ code: 'cancelled' })
    expect(await door.run('rgb', { source: good, name: 'x', size: null })).toMatchObject({ width: 30 })
    await door.close()
  })
})

describe('what is read', () => {
  it('is as it was', async () => {
    expect(await readPicture(good)).toEqual({
      width: 30,
      height: 20,
      channels: 3,
      data: Uint8Array.from({ length: 1800 }, (_, i) => [255, 136, 0][i % 3]),
    })
    const small = await sharp(await readThumbnail(good, 10)).metadata()
    expect(small).toMatchObject({ format: 'webp', width: 10 })
  })

  it('keeps colours that a profile, gamma or transparency decide, without the texts', async () => {
    const plain = sharp({ create: { width: 4, height: 4, channels: 4, background: '#12345680' } })
    const file = await plain
      .withIccProfile('p3')
      .withExif({ IFD0: { Software: 'x' } })
      .png()
      .toBuffer()
    const wanted = await sharp(file)
      .flatten({ background: '#ffffff' })
      .toColourspace('srgb')
      .removeAlpha()
      .raw()
      .toBuffer()
    await writeFile(join(folder, 'profile.png'), file)
    expect((await readPicture(join(folder, 'profile.png'))).data).toEqual(new Uint8Array(wanted))
  })

  it.each(['png', 'jpeg', 'webp', 'gif', 'tiff', 'avif'] as const)('may be %s, whatever its name', async format => {
    const bytes = await sharp(good).toFormat(format).toBuffer()
    expect(formatOf(bytes)).toBe(format === 'avif' ? 'heif' : format)
    expect(await sentence(readAsPng('x.txt', bytes, 'picture'))).toBeNull()
  })
})
