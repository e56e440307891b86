import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { caption } from './caption.ts'
import { drawGrid, drawPage, layOutSheet, PAGE } from './sheet.ts'
import { drawPdf } from './sheet-pdf.ts'

let root = ''
let red = ''
let wide = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'zihua-sheet-'))
  red = join(root, 'red.png')
  wide = join(root, 'wide.png')
  const picture = (width: number, height: number, background: string) =>
    sharp({ create: { width, height, channels: 4, background } })
      .png()
      .toBuffer()
  await writeFile(red, await picture(64, 64, '#ff0000'))
  await writeFile(wide, await picture(300, 100, '#0000ff80'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

describe('a caption', () => {
  it.each(['学习 xuéxí', 'Привет', 'שלום', 'مرحبا', 'ありがとう', 'love & peace'])(
    '%s has ink and a width',
    async text => {
      const { path, width } = await caption(text, 10, 1000)
      expect(path).toMatch(/^M/)
      expect(width).toBeGreaterThan(10)
    },
  )

  it('too long ends in an ellipsis within its room', async () => {
    const { width } = await caption('学'.repeat(100), 10, 95)
    expect(width).toBeLessThanOrEqual(95)
    expect(width).toBeGreaterThan(80)
  })

  it('what no font has becomes a box; controls and halves do no harm', async () => {
    const box = await caption('□', 10, 100)
    expect((await caption('\u{10ffff}', 10, 100)).path).toBe(box.path)
    expect((await caption('a\u0000\u001b\nb', 10, 100)).path).toBe((await caption('a b', 10, 100)).path)
    expect((await caption('\ud800', 10, 100)).path).toMatch(/^M/)
    expect(await caption(' ', 10, 100)).toEqual({ path: '', width: 0 })
    expect((await caption('👩‍🎨', 10, 100)).path).toMatch(/^M/)
  })
})

it('pages hold twelve cells, pictures keep their proportions and stay on the page', async () => {
  const entries = Array.from({ length: 13 }, (_, i) => ({
    file: i % 2 ? red : wide,
    lines: [`学 ${i}`, 'comic', 'x'.repeat(200)],
  }))
  const pages = await layOutSheet(entries, { title: 'Урок' })
  expect(pages.map(page => page.filter(({ kind }) => kind === 'picture').length)).toEqual([12, 1])
  for (const item of pages.flat()) {
    if (item.kind !== 'picture') continue
    expect(item.width / item.height).toBeCloseTo(item.file === red ? 1 : 3, 6)
    expect(item.x).toBeGreaterThanOrEqual(PAGE.margin)
    expect(item.x + item.width).toBeLessThanOrEqual(PAGE.width - PAGE.margin + 1e-6)
    expect(item.y + item.height).toBeLessThanOrEqual(PAGE.height - PAGE.margin)
  }
  const { data, info } = await sharp(Buffer.from(await drawPage(pages[1])))
    .raw()
    .toBuffer({ resolveWithObject: true })
  expect([info.width, info.height, info.channels]).toEqual([1240, 1754, 3])
  // A half transparent blue on white paper, in the middle of the first cell.
  const at =
    3 * (Math.round((pages[1][2].y + 10) * (150 / 72)) * info.width + Math.round((PAGE.margin + 80) * (150 / 72)))
  expect(Math.abs(data[at] - 127)).toBeLessThan(3)
  expect(data[at + 2]).toBe(255)
  const pdf = Buffer.from(await drawPdf(pages, 'Урок'))
  expect(pdf.toString('latin1', 0, 8)).toBe('%PDF-1.7')
  expect(pdf.toString('latin1').match(/\/Type \/Page\b/g)).toHaveLength(2)
  expect(Buffer.compare(pdf, Buffer.from(await drawPdf(pages, 'Урок')))).toBe(0)
})

it('an empty sheet is one page', async () => {
  expect(await layOutSheet([], { title: '' })).toHaveLength(1)
})

it('a grid shows every cell at its place; one that could not be made stays grey', async () => {
  const cells = [
    { column: 0, row: 0, file: red },
    { column: 1, row: 0, file: null },
    { column: 0, row: 1, file: red },
    { column: 1, row: 1, file: red },
  ]
  const png = await drawGrid(cells, { title: '学', subtitle: 'steps', columns: ['1', '2'], rows: ['a', 'b'] })
  const { data, info } = await sharp(Buffer.from(png)).raw().toBuffer({ resolveWithObject: true })
  const colour = (x: number, y: number) => [...data.subarray(3 * (y * info.width + x), 3 * (y * info.width + x) + 3)]
  expect([colour(130 + 30, 96 + 30), colour(130 + 72 + 30, 96 + 30), colour(130 + 72 + 30, 96 + 72 + 30)]).toEqual([
    [255, 0, 0],
    [204, 204, 204],
    [255, 0, 0],
  ])
})
