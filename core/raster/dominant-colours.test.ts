import { describe, expect, it } from 'vitest'
import { dominantColours } from './dominant-colours.ts'
import { bytesOf, hexOf, oklabDistance, oklabOf, rgbOf } from './oklab.ts'
import { blank, type Rgb } from './raster.ts'

/** Bands of colours by their share of 100 rows, each pixel away from it by a little. */
function bands(parts: readonly [hex: string, share: number][], spread = 0): Rgb {
  const picture = blank(100, 100, 3)
  let row = 0
  for (const [hex, share] of parts) {
    const colour = bytesOf(hex)
    for (let end = row + share; row < end; row++)
      for (let x = 0; x < 100; x++)
        for (let c = 0; c < 3; c++) {
          const away = spread * (((x * 7 + row * 13 + c * 5) % 11) - 5)
          picture.data[(row * 100 + x) * 3 + c] = Math.min(255, Math.max(0, colour[c] + away))
        }
  }
  return picture
}

describe('OKLab', () => {
  it.each<[string, [number, number, number]]>([
    // Source: B. Ottosson's table of sRGB primaries.
    ['#ffffff', [1, 0, 0]],
    ['#ff0000', [0.628, 0.2249, 0.1258]],
    ['#00ff00', [0.8664, -0.2339, 0.1795]],
    ['#0000ff', [0.452, -0.0324, -0.3115]],
  ])('of %s', (hex, wanted) => {
    const at = oklabOf(...bytesOf(hex))
    for (const [i, value] of wanted.entries()) expect(at[i]).toBeCloseTo(value, 3)
  })

  it('and back is the same byte', () => {
    for (let i = 0; i < 4096; i++) {
      const rgb = [(i * 37) % 256, (i * 101) % 256, (i * 211) % 256] as const
      expect(rgbOf(oklabOf(...rgb))).toEqual(rgb)
    }
  })
})

describe('the colours of a picture', () => {
  it('are those of its parts with their shares, the commonest first', () => {
    const found = dominantColours(
      bands([
        ['#c0282d', 20],
        ['#f3e4c8', 70],
        ['#14245c', 10],
      ]),
      5,
    )
    expect(found.map(({ colour }) => hexOf(colour))).toEqual(['#f3e4c8', '#c0282d', '#14245c'])
    expect(found.map(({ share }) => Math.round(share * 100))).toEqual([70, 20, 10])
  })

  it('are found through grain', () => {
    const parts: [string, number][] = [
      ['#2463d8', 45],
      ['#f4d81e', 35],
      ['#2f9e44', 20],
    ]
    const found = dominantColours(bands(parts, 3), 3)
    for (const [k, [hex]] of parts.entries())
      expect(Math.sqrt(oklabDistance(oklabOf(...found[k].colour), oklabOf(...bytesOf(hex))))).toBeLessThan(0.03)
  })

  it('are at most as many as are asked for, and one of a plain picture', () => {
    expect(dominantColours(bands([['#808080', 100]]), 5)).toEqual([{ colour: [128, 128, 128], share: 1 }])
    const many = Array.from({ length: 10 }, (_, i): [string, number] => [
      `#${(i * 25).toString(16).padStart(2, '0')}4060`,
      10,
    ])
    expect(dominantColours(bands(many), 5)).toHaveLength(5)
  })
})
