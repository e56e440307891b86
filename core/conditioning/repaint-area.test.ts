import { describe, expect, it } from 'vitest'
import { compose, draw, motif, UPRIGHT, word } from '../composition/testing.ts'
import { type Repaint, repaintSchema } from '../contract/repaint.ts'
import { DEFAULT_LAYOUT } from '../contract/writing.ts'
import { drawWord } from '../glyph/draw.ts'
import { repaintArea } from './repaint-area.ts'

const asked = (part: object): Repaint => repaintSchema.parse({ grow: 0, feather: 0, ...part }) as Repaint
const glyph = () => drawWord('学', DEFAULT_LAYOUT, 256, 256)
const count = (data: Uint8Array) => data.filter(v => v === 255).length

describe('the area that is painted again', () => {
  it('strokes, each alone, are parts of the ink that add up to all of it; the rest is ground', async () => {
    const word = await glyph()
    const strokes = await Promise.all(
      Array.from({ length: 8 }, (_, i) => repaintArea(asked({ strokes: [i + 1] }), word, null)),
    )
    const ground = await repaintArea(asked({ ground: true }), word, null)
    const sum = strokes.reduce((all, { data }) => all + count(data), count(ground.data))
    expect(sum).toBe(256 * 256)
    for (const { data } of strokes) expect(count(data)).toBeGreaterThan(100)
  })

  it('the radical of 学 is its last three strokes', async () => {
    const word = await glyph()
    const radical = await repaintArea(asked({ radical: true }), word, null)
    const strokes = await repaintArea(asked({ strokes: [6, 7, 8] }), word, null)
    expect(Buffer.from(radical.data).equals(Buffer.from(strokes.data))).toBe(true)
  })

  it('a block of a composition, and no other', async () => {
    const at = (x: number) => ({ ...UPRIGHT, x, scale: [0.4, 0.4] })
    const drawn = await draw(compose(word({ transform: at(0.25) }), motif({ transform: at(0.75) })))
    const { data } = await repaintArea(asked({ blocks: [2] }), drawn, null)
    for (let i = 0; i < data.length; i++) if (data[i]) expect(i % 256).toBeGreaterThanOrEqual(128)
    expect(count(data)).toBe(drawn.composed!.owners.filter(owner => owner === 2).length)
  })

  it('grows and fades in even steps', async () => {
    const data = new Uint8Array(100 * 100)
    for (let y = 0; y < 100; y++) data.fill(255, y * 100, y * 100 + 50)
    const brush = { width: 100, height: 100, channels: 1 as const, data }
    const area = await repaintArea(asked({ grow: 0.1, feather: 0.2 }), null, brush)
    expect([area.data[5059], area.data[5069], area.data[5080]]).toEqual([255, 128, 0])
  })

  it.each([
    ['a stroke that is not there', { strokes: [9] }, 'repaintStrokeUnknown'],
    ['a block where there is only a word', { blocks: [1] }, 'repaintBlockUnknown'],
    ['nothing', {}, 'repaintNothing'],
  ])('%s is refused', async (_, part, key) => {
    await expect(repaintArea(asked(part), await glyph(), null)).rejects.toMatchObject({ key })
  })

  it('the radical of a word without characters that have one is refused', async () => {
    const love = await drawWord('love', DEFAULT_LAYOUT, 128, 128)
    await expect(repaintArea(asked({ radical: true }), love, null)).rejects.toMatchObject({ key: 'repaintNoRadical' })
  })
})
