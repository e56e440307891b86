/** A picture that is painted in tiles. */
import { describe, expect, it } from 'vitest'
import { cutTile, latentTiling, TileBlend, tilesOf } from '../engine/tiles.ts'
import type { Rgb } from '../raster/raster.ts'
import { temporaryFolder, writeTensors } from '../weights/testing.ts'
import type { PipelineJob } from './job.ts'
import { difference, paint, tinyJob } from './testing.ts'

const single: PipelineJob = { ...tinyJob, count: 1 }
const init = { image: single.controls[1].image, strength: 0.7 }

describe('tiles that are the whole', () => {
  it.each<[string, Partial<PipelineJob>]>([
    ['with control pictures', {}],
    [
      'from a picture, with a control that acts in a part of the steps',
      { init, controls: [{ ...single.controls[0], end: 0.5 }] },
    ],
    ['several pictures in a batch', { count: 2, controls: [] }],
  ])('are the picture in one piece to the last bit: %s', async (_, changes) => {
    const job = { ...single, ...changes }
    const [[whole], [tiled]] = [
      await paint(job, { batch: 2 }),
      await paint({ ...job, tiling: { side: 128, overlap: 32 } }, { batch: 2 }),
    ]
    expect(tiled.pictures).toEqual(whole.pictures)
  })
})

describe('a step of several tiles', () => {
  const size = { width: 128, height: 96 }
  const tiling = { side: 64, overlap: 16 }
  const sizes = { originalSize: [64, 64], cropTopLeft: [0, 0], targetSize: [64, 64] } as const
  const cropped = (image: Rgb, top: number, left: number, side: number): Rgb => {
    const rows = Array.from({ length: side }, (_, y) =>
      image.data.subarray(((top + y) * image.width + left) * 3, ((top + y) * image.width + left + side) * 3),
    )
    return { width: side, height: side, channels: 3, data: new Uint8Array(Buffer.concat(rows)) }
  }
  const [rows, columns] = [size.height / 8, size.width / 8]
  const latents = Float32Array.from({ length: 4 * rows * columns }, (_, i) => Math.sin(i * i))
  const controls = single.controls.map(control => {
    const data = control.image.data.subarray(0, size.width * size.height * 3)
    return { ...control, image: { ...size, channels: 3 as const, data } }
  })
  // One step of Euler is linear in what is predicted: a mean of predictions is the mean of the pictures.
  const job = { ...single, ...size, controls, sizes, negativeSizes: sizes, steps: 1, sampler: 'euler' } as const

  it('is the mean of what each tile is by itself, by weights that fall to the edges', async () => {
    await using folder = await temporaryFolder()
    const file = `${folder.path}/latents.safetensors`
    const plan = latentTiling(size, tiling)
    const tiles = [...tilesOf(plan)]
    expect(tiles.length).toBe(6)
    const parts = tiles.map(({ at }) => cutTile(latents, [4, rows, columns], at, plan))
    const tensor = (shape: number[], values: Float32Array) =>
      ({ dtype: 'F32', shape, data: new Uint8Array(values.slice().buffer) }) as const
    await writeTensors(
      file,
      new Map([
        ['whole', tensor([1, 4, rows, columns], latents)],
        ...parts.map((values, i) => [`tile${i}`, tensor([1, 4, 8, 8], values)] as const),
      ]),
    )
    const blend = new TileBlend(4, rows, columns, plan)
    for (const [
      i,
      {
        row,
        column,
        at: [top, left],
      },
    ] of tiles.entries()) {
      const own = { width: 64, height: 64, latents: `${file}#tile${i}` }
      const crops = controls.map(each => ({ ...each, image: cropped(each.image, top * 8, left * 8, 64) }))
      const [{ pictures }] = await paint({ ...job, ...own, controls: crops }, {})
      blend.add(row, column, pictures[0].trace!['latents_after_step.0'].data)
    }
    const [{ pictures }, events] = await paint({ ...job, latents: `${file}#whole`, tiling }, {})
    expect(difference(pictures[0].trace!['latents_after_step.0'].data, blend.finish())).toBeLessThan(1e-4)
    const steps = events.flatMap(event => (event.kind === 'step' ? [[event.step, event.steps]] : []))
    expect(steps).toEqual([1, 2, 3, 4, 5, 6].map(step => [step, 6]))
  })
})
