import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { contours, simplified } from './contours.ts'
import type { Gray } from './raster.ts'

/** An SVG shape, antialiased, white on black. */
async function drawn(shape: string, side = 64): Promise<Gray> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}"><rect width="100%" height="100%"/>${shape}</svg>`
  const data = await sharp(Buffer.from(svg)).extractChannel(0).raw().toBuffer()
  return { width: side, height: side, channels: 1, data: new Uint8Array(data) }
}
const area = (line: number[]) => {
  let sum = 0
  for (let i = 0; i < line.length; i += 2) {
    const j = (i + 2) % line.length
    sum += line[i] * line[j + 1] - line[j] * line[i + 1]
  }
  return sum / 2
}

describe('contours', () => {
  it('a disc’s edge comes back to an eighth of a pixel', async () => {
    const [line, ...others] = contours(await drawn('<circle cx="31.3" cy="30.8" r="20.4" fill="#fff"/>'))
    expect(others).toEqual([])
    for (let i = 0; i < line.length; i += 2)
      expect(Math.abs(Math.hypot(line[i] - 31.3, line[i + 1] - 30.8) - 20.4)).toBeLessThan(0.125)
    expect(area(line)).toBeCloseTo(Math.PI * 20.4 ** 2, -1)
  })

  it('a hole runs the other way round', async () => {
    const ring = '<circle cx="32" cy="32" r="18" fill="none" stroke="#fff" stroke-width="8"/>'
    const areas = contours(await drawn(ring)).map(area)
    expect(areas).toHaveLength(2)
    expect(areas.toSorted((a, b) => a - b)[0]).toBeCloseTo(-Math.PI * 14 ** 2, -1)
    expect(Math.max(...areas)).toBeCloseTo(Math.PI * 22 ** 2, -1)
  })

  it('ink that touches the border is closed there; two squares that touch at a corner stay two', async () => {
    expect(contours(await drawn('<rect width="64" height="64" fill="#fff"/>')).map(area)).toEqual([
      expect.closeTo(64 * 64, -1.5),
    ])
    const squares = '<path fill="#fff" d="M10 10h10v10h-10z M20 20h10v10h-10z"/>'
    expect(contours(await drawn(squares))).toHaveLength(2)
  })

  it('is simplified within its tolerance', async () => {
    const [line] = contours(await drawn('<rect x="10" y="12" width="30" height="20" fill="#fff"/>'))
    const simple = simplified(line, 0.3)
    expect(simple.length).toBeLessThanOrEqual(24)
    expect(area(simple)).toBeGreaterThan(590)
  })
})
