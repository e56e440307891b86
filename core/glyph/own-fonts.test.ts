import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { decompress } from 'wawoff2'
import { DEFAULT_LAYOUT } from '../contract/request.ts'
import { drawWord } from './draw.ts'
import { lackingIn, listFonts } from './font-list.ts'
import { addFont, removeFont } from './own-fonts.ts'

const require = createRequire(import.meta.url)
const packed = join(
  dirname(require.resolve('@fontsource-variable/noto-sans-lao/package.json')),
  'files/noto-sans-lao-lao-wght-normal.woff2',
)
const hostile = (name: string) => readFile(fileURLToPath(new URL(`../../fixtures/hostile/${name}`, import.meta.url)))

let data: string
let lao: Buffer
const earlier = process.env['ZIHUA_DATA']
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'zihua-own-'))
  process.env['ZIHUA_DATA'] = data
  lao = Buffer.from(await decompress(await readFile(packed)))
})
afterAll(async () => {
  if (earlier === undefined) delete process.env['ZIHUA_DATA']
  else process.env['ZIHUA_DATA'] = earlier
  await rm(data, { recursive: true })
})

const files = () => readdir(join(data, 'fonts')).catch(() => [])

it('a font is added once, listed, drawn with, and taken away again', async () => {
  expect(await addFont('My/../Lao.ttf', lao)).toBe('Noto Sans Lao')
  expect(await addFont('again.otf', lao)).toBe('Noto Sans Lao')
  expect(await files()).toEqual([expect.stringMatching(/^Noto Sans Lao [0-9a-f]{12}\.ttf$/)])
  const [own] = (await listFonts()).filter(({ source }) => source === 'own')
  expect(own).toMatchObject({ id: 'Noto Sans Lao', family: 'Noto Sans Lao', weights: [100, 900] })
  const { coverage, characters } = await drawWord('ລາວ', { ...DEFAULT_LAYOUT, font: own.id }, 64, 64)
  expect(coverage.data.some(value => value > 200)).toBe(true)
  expect(characters[0].font.name).toMatch(/^Noto Sans Lao/)
  expect(await removeFont('Noto Sans Lao')).toBe(true)
  expect(await removeFont('Noto Sans Lao')).toBe(false)
  expect(await files()).toEqual([])
  await expect(drawWord('ລາວ', { ...DEFAULT_LAYOUT, font: own.id }, 64, 64)).rejects.toMatchObject({
    code: 'bad-font',
  })
})

it('what a font lacks is counted; one that cannot be read is marked', async () => {
  expect(await lackingIn('学龍é', ['noto-sans-sc', 'ma-shan-zheng', 'lobster', 'Nowhere Grotesk'])).toEqual({
    'noto-sans-sc': 0,
    'ma-shan-zheng': 2,
    lobster: 2,
    'Nowhere Grotesk': null,
  })
})

it.each([
  ['text', async () => Buffer.from('This is no font, whatever its name says.'), 'notAFont'],
  ['packed for the web', () => readFile(packed), 'fontForWeb'],
  ['cut off', async () => lao.subarray(0, 3000), 'fontDamaged'],
  ['a family that the studio has', noto, 'fontIsHere'],
])('%s is refused in words, and nothing stays', async (_, bytes, key) => {
  await expect(addFont('x.ttf', await bytes())).rejects.toMatchObject({ code: 'bad-font', key })
  expect(await files()).toEqual([])
})

async function noto(): Promise<Buffer> {
  const file = join(
    dirname(require.resolve('@fontsource-variable/noto-sans/package.json')),
    'files/noto-sans-latin-wght-normal.woff2',
  )
  return Buffer.from(await decompress(await readFile(file)))
}

it.each(['nested-composites.ttf', 'nested-subroutines.otf'])(
  'hostile/%s is kept or refused in words, and never half',
  async name => {
    const outcome = await addFont(name, await hostile(name)).catch((error: { code: string }) => error.code)
    expect((await files()).filter(file => file.endsWith('.new'))).toEqual([])
    if (outcome !== 'bad-font') await removeFont(outcome)
  },
)
