import { describe, expect, it } from 'vitest'
import { PICTURE_FITS } from '../contract/vocabulary.ts'
import type { Rgb } from '../raster/raster.ts'
import { ownMap } from './own-map.ts'

/** A ground with a square of `ink` from (40, 20) to (60, 40) on 100 × 60 pixels. */
function sheet(ground: number[], ink: number[]): Rgb {
  const data = new Uint8Array(100 * 60 * 3)
  for (let y = 0; y < 60; y++)
    for (let x = 0; x < 100; x++) data.set(x >= 40 && x < 60 && y >= 20 && y < 40 ? ink : ground, 3 * (y * 100 + x))
  return { width: 100, height: 60, channels: 3, data }
}
const WHITE = [255, 255, 255]
const BLACK = [0, 0, 0]
const at = ({ width, data }: Rgb, x: number, y: number) => [
  ...data.subarray(3 * (y * width + x), 3 * (y * width + x) + 3),
]

describe('a picture of one’s own as a map', () => {
  it.each([
    ['black on white becomes white on black', sheet(WHITE, BLACK), 'canny', true],
    ['white on black stays', sheet(BLACK, WHITE), 'scribble', false],
    ['of a depth the ground is far', sheet(WHITE, [90, 90, 90]), 'depth', true],
    ['colours of a segmentation stay', sheet([230, 230, 230], [200, 30, 30]), 'segmentation', false],
  ] as const)('%s', async (_, picture, map, inverted) => {
    const made = await ownMap(picture, { map, width: 100, height: 60, invert: null, fit: 'stretch' })
    expect(made.inverted).toBe(inverted)
    const own = (rgb: number[]) => (inverted ? rgb.map(v => 255 - v) : rgb)
    expect(at(made.image, 2, 2)).toEqual(own(at(picture, 2, 2)))
    expect(at(made.image, 50, 30)).toEqual(own(at(picture, 50, 30)))
  })

  it('what is chosen goes before what was found', async () => {
    const options = { map: 'canny', width: 100, height: 60, fit: 'stretch' } as const
    const { image } = await ownMap(sheet(WHITE, BLACK), { ...options, invert: false })
    expect(at(image, 50, 30)).toEqual(BLACK)
  })

  it('lies wholly in the canvas, over all of it, or pulled to it', async () => {
    const options = { map: 'canny', width: 100, height: 100, invert: null } as const
    const sizes = await Promise.all(
      PICTURE_FITS.map(async fit => {
        const { image } = await ownMap(sheet(WHITE, BLACK), { ...options, fit })
        expect([image.width, image.height]).toEqual([100, 100])
        // The ground goes on where the sheet does not reach.
        expect(at(image, 50, 1)).toEqual(BLACK)
        const light = (along: (i: number) => number[]) =>
          Array.from({ length: 100 }, (_, i) => along(i)[0]).filter(v => v > 127).length
        return [light(x => at(image, x, 50)), light(y => at(image, 50, y))]
      }),
    )
    // A square of 20: as it is, 100 / 60 larger, 100 / 60 higher.
    const wanted = [20, 20, 33, 33, 20, 33]
    for (const [i, side] of sizes.flat().entries()) expect(Math.abs(side - wanted[i])).toBeLessThanOrEqual(1)
  })
})
