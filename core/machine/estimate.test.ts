import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ModelLoader } from '../weights/loader.ts'
import type { Model } from '../weights/types.ts'
import { draftFolder } from './draft-folder.ts'
import { estimatePicture } from './estimate.ts'
import { factorsFrom } from './factors.ts'

let model: Model
beforeAll(async () => {
  model = await new ModelLoader().open({ model: draftFolder, controlnet: join(draftFolder, 'controlnet') })
})
afterAll(() => model.dispose())

/** What the draft model took, by bench:memory --steps 1 (models/PERFORMANCE.md has the machine). */
const MEASURED = [
  { side: 1024, memory: 25.2e9, tiles: 1, peak: 1534e6 },
  { side: 2048, memory: 25.2e9, tiles: 1, peak: 5126e6 },
  { side: 2048, memory: 6.3e9, tiles: 2, peak: 4178e6 },
  { side: 3072, memory: 12.5e9, tiles: 2, peak: 9797e6 },
]

it.each(MEASURED)(
  '$side² on a machine of $memory bytes is within a tenth of what was measured',
  ({ side, memory, tiles, peak }) => {
    const options = { provider: 'cpu', threads: 2, workingBytes: 0.3 * memory } as const
    const shape = { width: side, height: side, tokens: 77, guided: true, controls: 4, windowed: false, init: false }
    const estimate = estimatePicture(model, options, { budgetBytes: 0.6 * memory }, shape, factorsFrom())
    expect(estimate.tiles).toBe(tiles)
    expect(Math.abs(estimate.total / peak - 1)).toBeLessThan(0.1)
  },
)
