/** Printed cards, looked at with poppler's tools, which are not ours. */
import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Card } from './card.ts'
import { cardOptionsSchema, layOutCards } from './card-layout.ts'
import { drawCards } from './cards-pdf.ts'

function hasPoppler(): boolean {
  try {
    execFileSync('pdftotext', ['-v'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

let root = ''
let cards: Card[] = []
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'zihua-cards-'))
  const words: [string, string | null, string | null][] = [
    ['学习', 'xué xí', 'to study'],
    ['Привет', null, 'hello'],
    ['龍馬', 'lóng mǎ', 'a steed with a very long meaning that does not fit the line of a card at its usual size'],
    ['ありがとう', null, 'thanks'],
    ['مرحبا', null, 'welcome'],
  ]
  const png = await sharp({ create: { width: 32, height: 32, channels: 3, background: '#000' } })
    .png()
    .toBuffer()
  cards = await Promise.all(
    words.map(async ([word, reading, meaning], at) => {
      const file = join(root, `${at}.png`)
      await sharp({
        create: { width: 96, height: 96, channels: 3, background: ['#f00', '#0f0', '#00f', '#ff0', '#0ff'][at] },
      })
        .png()
        .toFile(file)
      const maps = ['canny', 'depth', 'segmentation', 'scribble'].map(name => ({ name, png }))
      return { word, reading, meaning, pictures: [file], maps, style: 'comic' }
    }),
  )
})
afterAll(() => rm(root, { recursive: true, force: true }))

const pdf = async (options: object): Promise<string> => {
  const file = join(root, 'cards.pdf')
  await writeFile(file, await drawCards(cards, 'Lesson 1', cardOptionsSchema.parse(options)))
  return file
}
const poppler = (tool: string, ...parts: string[]) => execFileSync(tool, parts, { encoding: 'utf8' })
const textOf = (file: string, page: number) => poppler('pdftotext', '-f', `${page}`, '-l', `${page}`, file, '-')
const mm = (points: string) => (Number(points) / 72) * 25.4

describe.skipIf(!hasPoppler())('cards as poppler sees them (needs poppler)', () => {
  it('have their texts as texts, in every script, in embedded fonts', async () => {
    const file = await pdf({})
    expect(textOf(file, 2)).toContain('学习')
    expect(textOf(file, 2).normalize('NFC')).toContain('xué xí')
    expect(textOf(file, 2)).toContain('to study')
    expect(textOf(file, 4)).toContain('Привет')
    expect(textOf(file, 6)).toMatch(/does\s+not\s+fit\s+the\s+line/)
    expect(textOf(file, 8)).toContain('ありがとう')
    expect(textOf(file, 10)).toMatch(/مرحبا/)
    const fonts = poppler('pdffonts', file).split('\n').slice(2).filter(Boolean)
    expect(fonts.length).toBeGreaterThan(3)
    // Columns from the right: object, subset, embedded.
    for (const font of fonts) expect(font).toMatch(/yes +yes +yes +\d+ +\d+\s*$/)
    expect(poppler('pdfinfo', '-struct-text', file)).toContain('学习')
    expect(poppler('pdfinfo', '-struct', file)).toContain('Figure')
  })

  it.each([
    ['a7', [74, 105]],
    ['a6', [105, 148]],
    ['small', [90, 50]],
    [
      [60, 60],
      [60, 60],
    ],
  ] as const)('of size %j are cut and bleed where they should', async (size, [width, height]) => {
    const file = await pdf({ size, bleed: 2 })
    const boxes = poppler('pdfinfo', '-box', file)
    const box = (name: string) => {
      const [, ...numbers] = new RegExp(`${name}Box: +([\\d.]+) +([\\d.]+) +([\\d.]+) +([\\d.]+)`).exec(boxes)!
      return [mm(numbers[2]) - mm(numbers[0]), mm(numbers[3]) - mm(numbers[1])]
    }
    expect(box('Trim')[0]).toBeCloseTo(width, 1)
    expect(box('Trim')[1]).toBeCloseTo(height, 1)
    expect(box('Bleed')[0]).toBeCloseTo(width + 4, 1)
    expect(box('Media')[0]).toBeCloseTo(width + 4 + 10, 1)
  })

  it('bleed with the colour of the picture, and have nothing but marks outside', async () => {
    const file = await pdf({ size: 'small', bleed: 3 })
    execFileSync('pdftoppm', ['-r', '254', '-f', '1', '-l', '1', '-png', '-singlefile', file, join(root, 'page')])
    const { data, info } = await sharp(join(root, 'page.png')).raw().toBuffer({ resolveWithObject: true })
    const at = (x: number, y: number) => [
      ...data.subarray((y * info.width + x) * info.channels, (y * info.width + x) * info.channels + 3),
    ]
    // 10 pixels a millimetre: 8 mm around the card, of which the inner 3 bleed.
    const red = [254, 0, 0].map(v => expect.closeTo(v, -1))
    expect(at(55, 55)).toEqual(red)
    expect(at(80 + 450, 80 + 250)).toEqual(red)
    expect(at(20, 300)).toEqual([255, 255, 255])
    const black = (x: number, y: number) => [-1, 0, 1].some(d => at(x, y + d)[0] < 200)
    expect(black(20, 80)).toBe(true)
  })

  it('on sheets have each back behind its front, whichever edge the paper is turned over', async () => {
    for (const order of ['long-edge', 'short-edge', 'separate'] as const) {
      const file = await pdf({ size: 'a7', perSheet: true, bleed: 0, order })
      // Four of them on a sheet, and five cards.
      expect(poppler('pdfinfo', file)).toMatch(/Pages: +4\n/)
      const backs = order === 'separate' ? [3, 4] : [2, 4]
      for (const page of [1, 2, 3, 4]) expect(textOf(file, page).trim() !== '').toBe(backs.includes(page))
      for (const { word } of cards.slice(0, 2)) expect(textOf(file, backs[0])).toContain(word)
      expect(textOf(file, backs[1])).not.toContain('Привет')
    }
  })
})

describe('the order of sides', () => {
  const at = (count: number, options: object) => layOutCards(count, cardOptionsSchema.parse(options))

  it('goes front, back, front, back, or all fronts first', () => {
    const sides = (order: string) => at(3, { order }).pages.map(([{ card, side }]) => `${card}${side[0]}`)
    expect(sides('long-edge')).toEqual(['0f', '0b', '1f', '1b', '2f', '2b'])
    expect(sides('separate')).toEqual(['0f', '1f', '2f', '0b', '1b', '2b'])
    expect(at(1, { order: 'short-edge' }).pages[1][0].turned).toBe(true)
  })

  it.each(['long-edge', 'short-edge'] as const)(
    'on a sheet turned over its %s puts each back behind its front',
    order => {
      const { page, card, pages } = at(11, { size: 'a7', perSheet: true, order })
      for (let sheet = 0; sheet < pages.length; sheet += 2) {
        for (const front of pages[sheet]) {
          const back = pages[sheet + 1].find(each => each.card === front.card)!
          // Seen through the paper.
          const [x, y] =
            order === 'long-edge'
              ? [page.width - back.x - card.width, back.y]
              : [back.x, page.height - back.y - card.height]
          expect(x).toBeCloseTo(front.x, 6)
          expect(y).toBeCloseTo(front.y, 6)
        }
      }
      expect(pages.flat().filter(({ side }) => side === 'front')).toHaveLength(11)
    },
  )

  it('gives a card that no sheet holds a page of its own', () => {
    expect(at(2, { size: [300, 300], perSheet: true }).pages).toHaveLength(4)
  })
})
