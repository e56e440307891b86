import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createNoise } from '../sampler/noise.ts'
import { openNetwork } from '../weights/folder.ts'
import { toComponent } from '../weights/network.ts'
import { chooseTiling, cutTile, TileBlend } from './tiles.ts'
import { VaeNetwork } from './vae-network.ts'

describe('a tiling', () => {
  it('is the whole where the whole may be', () =>
    expect(chooseTiling(65, 40, 1)).toEqual({ height: 65, width: 40, tops: [0], lefts: [0] }))

  it.each([
    [128, 128, 0.5],
    [128, 128, 0.1],
    [256, 64, 0.3],
    [104, 152, 0.26],
    [64, 64, 0.01],
    [40, 300, 0.2],
  ])('of %i × %i at a share of %f covers all, overlaps, keeps the size', (height, width, share) => {
    const tiling = chooseTiling(height, width, share)
    for (const [length, tile, starts] of [
      [height, tiling.height, tiling.tops],
      [width, tiling.width, tiling.lefts],
    ] as const) {
      expect(starts[0]).toBe(0)
      expect(starts.at(-1)! + tile).toBe(length)
      for (let i = 1; i < starts.length; i++) expect(starts[i - 1] + tile - starts[i]).toBeGreaterThanOrEqual(8)
    }
    // Below three overlaps a side a tile gets no smaller, however little is allowed.
    if (share >= 0.2) expect(tiling.height * tiling.width).toBeLessThanOrEqual(share * height * width)
    else expect(Math.max(tiling.height, tiling.width)).toBeLessThanOrEqual(48)
  })

  it('cut and put together is what it was', () => {
    const [channels, height, width] = [2, 104, 152]
    const planes = createNoise(1, 0).next(channels * height * width)
    const tiling = chooseTiling(height, width, 0.2)
    expect(tiling.tops.length * tiling.lefts.length).toBeGreaterThan(4)
    const blend = new TileBlend(channels, height, width, tiling)
    for (const [row, top] of tiling.tops.entries())
      for (const [column, left] of tiling.lefts.entries())
        blend.add(row, column, cutTile(planes, [channels, height, width], [top, left], tiling))
    const whole = blend.finish()
    expect(Math.max(...whole.map((value, i) => Math.abs(value - planes[i])))).toBeLessThan(1e-6)
  })
})

describe('the draft model’s decoder', () => {
  const size = { height: 80, width: 48 }
  const open = async (workingBytes?: number) => {
    const vae = toComponent(await openNetwork('vae', join(import.meta.dirname, '../../models/draft/vae')))
    const options = { provider: 'cpu', threads: 1, ...(workingBytes ? { workingBytes } : {}) } as const
    return VaeNetwork.plan(vae, options, size, 'decoder')
  }
  /** Smooth latents: noise would be no picture, and its statistics differ from tile to tile. */
  const latents = Float32Array.from({ length: 4 * 80 * 48 }, (_, i) => {
    const [c, y, x] = [Math.floor(i / 3840), Math.floor(i / 48) % 80, i % 48]
    return Math.sin((x * (c + 1)) / 9) + Math.cos((y * (4 - c)) / 11)
  })

  it('in tiles needs less and gives the same picture but for what it sees of the whole; in one tile exactly the same', async () => {
    const untold = await open()
    const [whole, one] = await Promise.all([untold.load(), (await open(untold.workingBytes)).load()])
    const picture = await whole.decode(latents)
    expect(await one.decode(latents)).toEqual(picture)

    const plan = await open(untold.workingBytes * 0.65)
    expect(plan.workingBytes).toBeLessThanOrEqual(untold.workingBytes * 0.65)
    const tiled = await plan.load()
    expect(tiled.tiling.tops.length * tiled.tiling.lefts.length).toBeGreaterThan(1)
    const pieced = await tiled.decode(latents)
    expect(pieced.length).toBe(picture.length)
    const error = picture.reduce((sum, value, i) => sum + (value - pieced[i]) ** 2, 0) / picture.length
    const psnr = 10 * Math.log10(4 / error)
    console.log(`tiled: ${psnr.toFixed(1)} dB`)
    expect(psnr).toBeGreaterThan(25)
    for (const network of [whole, one, tiled]) await network.release()
  })
})
