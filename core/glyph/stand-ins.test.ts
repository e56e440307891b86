import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decompress } from 'wawoff2'
import { DEFAULT_LAYOUT } from '../contract/request.ts'
import { drawWord } from './draw.ts'
import { facesFor, missingGlyphs } from './font-door.ts'
import { standInFiles, standIns } from './stand-ins.ts'
import type { SystemFont } from './system-fonts.ts'

const require = createRequire(import.meta.url)
const subset = (id: string, name: string) =>
  join(dirname(require.resolve(`@fontsource-variable/${id}/package.json`)), 'files', `${id}-${name}-wght-normal.woff2`)

let home: string
const earlier = process.env['XDG_DATA_HOME']
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'zihua-stand-ins-'))
  process.env['XDG_DATA_HOME'] = home
  await mkdir(join(home, 'fonts'))
  for (const [id, name] of [
    ['noto-sans-khmer', 'khmer'],
    ['noto-sans-lao', 'lao'],
  ] as const)
    await writeFile(join(home, 'fonts', `${id}.ttf`), Buffer.from(await decompress(await readFile(subset(id, name)))))
})
afterAll(async () => {
  if (earlier === undefined) delete process.env['XDG_DATA_HOME']
  else process.env['XDG_DATA_HOME'] = earlier
  await rm(home, { recursive: true })
})

const auto = { font: null, weight: 400 }
const font = (family: string, path = family): SystemFont => ({
  ...{ index: 0, family, aliases: [], weights: [400, 400], italic: false, path },
})

describe.skipIf(process.platform !== 'linux')('a script that no bundled font has', () => {
  it('is drawn by a font of the system, and the rest of the word by the bundled ones', async () => {
    const faces = await facesFor('រ love', auto)
    expect(faces.get('រ')?.name).toMatch(/^Noto Sans Khmer/)
    expect(faces.get('l')?.name).toBe('Noto Sans 400')
    const { coverage } = await drawWord('រ', { ...DEFAULT_LAYOUT, margin: 0.1 }, 64, 64)
    expect(coverage.data.some(value => value > 200)).toBe(true)
  })

  it('joins in where a chosen font may be helped, and not where it may not', async () => {
    expect((await facesFor('ab ລ', { font: 'lobster', weight: 400, fallback: true })).get('ລ')?.name).toMatch(/Lao/)
    await expect(facesFor('ab ລ', { font: 'lobster', weight: 400 })).rejects.toMatchObject({ code: 'missing-glyph' })
    expect(await missingGlyphs('aລ', 'lobster')).toEqual(['ລ'])
  })

  it('is refused by name where no font has it', async () => {
    await expect(facesFor('រ\u{10ffff}', auto)).rejects.toMatchObject({ code: 'missing-glyph' })
    expect(await missingGlyphs('រ\u{10ffff}', null)).toEqual(['\u{10ffff}'])
  })
})

describe('fonts that stand in', () => {
  it('plain sans families come first, those for code and signs last; one upright font a family', () => {
    const fonts = [font('Zen Mono'), font('Times'), font('Noto Sans Lao', 'regular'), font('Arial Sans')]
    const bold: SystemFont = { ...font('Noto Sans Lao', 'bold'), weights: [700, 700] }
    const slanted: SystemFont = { ...font('Only Italic'), italic: true }
    expect(standInFiles([...fonts, bold, slanted], 800).map(({ path }) => path)).toEqual([
      'bold',
      'Arial Sans',
      'Times',
      'Zen Mono',
    ])
  })

  it('one that has all missing characters goes before two that have some; damaged ones are passed over', async () => {
    const khmer = { path: join(home, 'fonts', 'noto-sans-khmer.ttf'), name: 'Khmer', index: 0 }
    const lao = { path: join(home, 'fonts', 'noto-sans-lao.ttf'), name: 'Lao', index: 0 }
    const nothing = { path: join(home, 'nothing.ttf'), name: 'Nothing', index: 0 }
    const mixed = await standIns([nothing, khmer, lao], ['រ', 'ລ', '\u{10ffff}'], 400)
    expect([...mixed].map(([cluster, { name }]) => [cluster, /Khmer|Lao/.exec(name)?.[0]])).toEqual([
      ['រ', 'Khmer'],
      ['ລ', 'Lao'],
    ])
    const whole = await standIns([khmer, lao], ['ລ'], 400)
    expect(whole.get('ລ')?.name).toMatch(/Lao/)
  })
})
