/** A set's pictures and maps are let go of as soon as they are on disk, however long the set and its signal live. */
import { getEventListeners } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import type { RequestInput } from '../contract/request.ts'
import { WordPainter } from '../library/testing.ts'
import { MapPool } from '../processes/maps/pool.ts'
import { makeSet } from './make-set.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** Before it paints it has a map drawn in a worker thread under the set's signal, as the real generator does. */
class MapPainter extends WordPainter {
  readonly #pool: MapPool
  /** The run's own signal, which all its pictures share. */
  signal: AbortSignal | undefined
  constructor(model: string, pool: MapPool) {
    super(model)
    this.#pool = pool
  }

  override async generate(input: RequestInput, options: { signal?: AbortSignal } = {}) {
    this.signal = options.signal
    const { word, layout, width, height } = await this.complete(input)
    const source = { kind: 'word', word: word!, layout, width, height } as const
    const { maps } = await this.#pool.run({ source, maps: [{ map: 'canny', method: 'opencv_canny' }] }, options)
    const pictures = await super.generate(input, options)
    return pictures.map(picture => ({ ...picture, word: { ...picture.word!, maps } }))
  }
}

it('200 pictures under one signal leave the host’s array buffers as they were', async () => {
  const root = await mkdtemp(join(tmpdir(), 'zihua-set-memory-'))
  const pool = new MapPool({ workers: 1 })
  try {
    const model = join(root, 'model.safetensors')
    await writeFile(model, 'weights')
    const { signal } = new AbortController()
    const words = Array.from({ length: 200 }, (_, i) => ({ word: ['学', '习', 'love'][i % 3], seed: i + 1 }))
    const maker = new MapPainter(model, pool)
    let kept = 0
    const held = () => {
      collectGarbage()
      return process.memoryUsage().arrayBuffers
    }
    let before = 0
    const report = await makeSet(
      { words, maps: ['canny'], sheet: false, request: { width: 128, height: 128, steps: 2 } },
      join(root, 'set'),
      {
        maker,
        base: root,
        signal,
        onProgress: ({ done }) => {
          // Caches of fonts and words are filled by the first pictures.
          if (done >= 20) before ||= held()
          if (done >= 195) kept = held() - before
        },
      },
    )
    expect(report).toMatchObject({ made: 200, failures: [] })
    // One picture with its mask and map has 80 kB here: 180 of them would be 14 MB.
    expect(kept).toBeLessThan(1e6)
    expect(getEventListeners(maker.signal!, 'abort')).toHaveLength(0)
  } finally {
    await pool.close()
    await rm(root, { recursive: true, force: true })
  }
})
