import { describe, expect, it } from 'vitest'
import { typeOfShape } from './stroke-types.ts'
import { STROKE_BOX, strokesOf } from './strokes.ts'

const types = async (char: string) => (await strokesOf(char))?.strokes.map(({ type }) => type).join(' ')
const radicalOf = async (char: string) => {
  const known = await strokesOf(char)
  return [known?.radical?.char ?? null, known?.strokes.flatMap(({ radical }, i) => (radical ? [i] : []))]
}

describe('types, in writing order', () => {
  it.each([
    ['永', 'dian gou zhe pie na'],
    ['学', 'dian dian pie dian gou zhe gou heng'],
    ['汉', 'dian dian ti zhe na'],
    ['口', 'shu zhe heng'],
    ['凹', 'shu zhe shu zhe heng'],
    ['愛', 'pie dian dian pie dian gou dian gou dian dian pie zhe na'],
  ])('%s is %s', async (char, expected) => {
    expect(await types(char)).toBe(expected)
  })

  it('every stroke of 永 has a type of its own', async () => {
    expect(new Set((await types('永'))?.split(' ')).size).toBe(5)
  })

  it('a character that no order table has is judged by the shape of its strokes', async () => {
    expect((await strokesOf('丼'))?.types).toBe('shape')
    expect(await types('丼')).toBe('heng heng pie shu dian')
  })

  it('shapes are told apart by bends, direction and length', () => {
    const line = (...points: [number, number][]) => typeOfShape(points, STROKE_BOX)
    expect(line([100, 500], [900, 480])).toBe('heng')
    expect(line([500, 100], [505, 900])).toBe('shu')
    expect(line([600, 100], [300, 700])).toBe('pie')
    expect(line([300, 100], [700, 500])).toBe('na')
    expect(line([300, 100], [400, 200])).toBe('dian')
    expect(line([100, 600], [400, 400])).toBe('ti')
    expect(line([100, 100], [700, 100], [700, 700])).toBe('zhe')
    expect(line([500, 100], [500, 900], [400, 820])).toBe('gou')
    expect(line([500, 500], [500, 500])).toBe('dian')
  })
})

describe('radicals', () => {
  it.each([
    ['学', ['子', [5, 6, 7]]],
    ['汉', ['水', [0, 1, 2]]],
    ['永', ['水', [1, 2, 3, 4]]],
    ['口', ['口', [0, 1, 2]]],
    ['愛', ['心', [6, 7, 8, 9]]],
  ])('%s: %j', async (char, expected) => {
    expect(await radicalOf(char)).toEqual(expected)
  })

  it('strokes that the data marks but Unihan does not count for its radical keep no radical name', async () => {
    expect(await radicalOf('习')).toEqual([null, [1, 2]])
  })

  it('a radical whose strokes nothing tells stays unknown', async () => {
    const known = await strokesOf('凹')
    expect(known?.radicalKnown).toBe(false)
    expect(known?.strokes.some(({ radical }) => radical)).toBe(false)
  })
})

describe('data', () => {
  it('lies in a square of 1024, y down: 学 begins at its top', async () => {
    const { strokes, source } = (await strokesOf('学'))!
    expect(source).toBe('hanzi-writer-data')
    const [first, last] = [strokes[0], strokes[7]].map(({ median }) => median[0][1])
    expect(first).toBeLessThan(last)
    for (const { path, median } of strokes) {
      expect(path).toMatch(/^M [\d.-]+ [\d.-]+ /)
      for (const v of median.flat()) expect(v).toBeGreaterThan(-130)
      for (const v of median.flat()) expect(v).toBeLessThan(STROKE_BOX + 130)
    }
  })

  it('Japanese kanji come from their own set where the Chinese set has none', async () => {
    expect((await strokesOf('働'))?.source).toBe('hanzi-writer-data-jp')
  })

  it.each(['あ', 'A', '!', '/', '..', '学习', '', '\0'])('%j has none', async char => {
    expect(await strokesOf(char)).toBeNull()
  })
})
