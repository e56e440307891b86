import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { deflateSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decompress } from 'wawoff2'
import { DEFAULT_LAYOUT } from '../contract/request.ts'
import { StudioError } from '../faults/studio-error.ts'
import { BUNDLED_FONTS, bundledFiles } from './bundled.ts'
import { drawWord } from './draw.ts'
import { FontThread, facesFor } from './font-door.ts'

const fixture = (name: string) => fileURLToPath(new URL(`../../fixtures/${name}`, import.meta.url))

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zihua-door-'))
})
afterAll(() => rm(folder, { recursive: true }))

const draw = (font: string, word = 'AV') => drawWord(word, { ...DEFAULT_LAYOUT, font }, 64, 64)
const outcome = (drawn: Promise<unknown>) =>
  drawn.then(
    () => 'drawn',
    (error: unknown) => (error instanceof StudioError ? error.code : `raw: ${error}`),
  )

/** A WOFF whose tables say how long they are unpacked. */
function woff(tables: { length: number; packed: Buffer }[]): Buffer {
  const header = Buffer.alloc(44 + 20 * tables.length)
  header.write('wOFF', 'latin1')
  header.writeUInt32BE(0x00010000, 4)
  header.writeUInt16BE(tables.length, 12)
  let at = header.length
  for (const [i, { length, packed }] of tables.entries()) {
    header.write(`tb${i}`.padEnd(4), 44 + 20 * i, 'latin1')
    for (const [k, v] of [at, packed.length, length].entries()) header.writeUInt32BE(v, 44 + 20 * i + 4 + 4 * k)
    at += packed.length
  }
  return Buffer.concat([header, ...tables.map(({ packed }) => packed)])
}

describe('a font that is made to do harm', () => {
  it.each(['hostile/nested-composites.ttf', 'hostile/nested-subroutines.otf'])('%s is refused', async name => {
    expect(await outcome(draw(fixture(name), 'a'))).toBe('bad-font')
    expect(await outcome(draw(fixture(name), '学'))).toBe('bad-font')
  })

  const packed = deflateSync(Buffer.alloc(1 << 20))
  it.each([
    ['tables that unpack to too much', Array.from({ length: 6 }, () => ({ length: 400 << 20, packed }))],
    ['a table that is longer than it says', [{ length: packed.length + 1, packed }]],
    ['more tables than there are', Array.from({ length: 300 }, () => ({ length: 1, packed: Buffer.alloc(1) }))],
  ])('WOFF: %s', async (_, tables) => {
    const path = join(folder, 'bomb.woff')
    await writeFile(path, woff(tables))
    expect(await outcome(draw(path))).toBe('bad-font')
  })

  it('what takes too long is ended, and the next font is drawn', async () => {
    const large = join(folder, 'large.woff')
    await writeFile(large, woff([{ length: 100 << 20, packed: deflateSync(Buffer.alloc(100 << 20), { level: 1 }) }]))
    const impatient = new FontThread(1)
    const choice = (path: string) => ({ font: path, weight: 400, file: { path, name: path, index: 0 } })
    for (let again = 0; again < 2; again++)
      await expect(impatient.run('facesFor', ['A', choice(large)])).rejects.toMatchObject({
        code: 'bad-font',
        message: 'The font large.woff takes too long or too much memory to draw.',
      })
    expect((await facesFor('A', choice(fixture('shaping/plain.ttf')))).get('A')?.name).toContain('Plain')
  })

  it('a device or a folder is no font', async () => {
    for (const path of ['/dev/zero', folder]) expect(await outcome(draw(path))).toBe('bad-font')
  })
})

/** Numbers from 0 up to a limit; Numerical Recipes' linear congruential constants. */
function seeded(seed: number) {
  let state = seed
  return (limit: number) => Math.floor(((state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32) * limit)
}

describe('damaged fonts', () => {
  const variable = async () => {
    const [path] = bundledFiles(BUNDLED_FONTS[0], 'A')
    return Buffer.from(await decompress(await readFile(path)))
  }
  it.each([
    ...['shaping/plain.ttf', 'shaping/symbol.ttf', 'shaping/colour.ttf', 'hostile/nested-subroutines.otf'].map(
      name => [name, () => readFile(fixture(name))] as const,
    ),
    ['a variable font', variable] as const,
  ])('%s, 60 times: drawn, or refused in words', async (_, read) => {
    const whole = await read()
    const words: string[] = []
    for (let seed = 1; seed <= 60; seed++) {
      const random = seeded(seed)
      const bytes = Buffer.from(whole)
      for (let i = 0; i <= random(8); i++) bytes[random(seed % 2 ? bytes.length : 300)] = random(256)
      const path = join(folder, `${seed}.ttf`)
      await writeFile(path, seed % 10 ? bytes : bytes.subarray(0, random(bytes.length)))
      words.push(await outcome(draw(path, 'AVx̌')))
    }
    expect(words.filter(word => !['drawn', 'bad-font', 'missing-glyph'].includes(word))).toEqual([])
    expect(new Set(words).size).toBeGreaterThan(1)
  })
})
