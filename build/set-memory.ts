/**
 * How much memory a long set holds in its host: makes a set of small pictures with a painter that needs no weights (the
 * written word in two colours) and prints every 100 pictures the process's resident set and its array buffers, both
 * after a
 * garbage collection. A flat curve means that finished pictures are let go of.
 *
 *   node build/launch.mjs build/set-memory.ts [--count 2000] [--side 64] [--every 100] [--json]
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { WordPainter } from '../core/library/testing.ts'
import { makeSet } from '../core/sets/make-set.ts'

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '2000' },
    side: { type: 'string', default: '64' },
    every: { type: 'string', default: '100' },
    json: { type: 'boolean', default: false },
  },
})
const [count, side, every] = [values.count, values.side, values.every].map(Number)
setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** Megabytes after a collection. */
function memory() {
  collectGarbage()
  const { rss, arrayBuffers, heapUsed } = process.memoryUsage()
  const megabytes = (bytes: number) => Number((bytes / 1e6).toFixed(1))
  return { rss: megabytes(rss), heap: megabytes(heapUsed), arrayBuffers: megabytes(arrayBuffers) }
}

const root = await mkdtemp(join(tmpdir(), 'zihua-set-memory-'))
try {
  const model = join(root, 'model.safetensors')
  await writeFile(model, 'weights')
  const words = Array.from({ length: count }, (_, i) => ({
    word: ['学', '习', '水', 'love', 'мир'][i % 5],
    seed: i + 1,
  }))
  const curve: ({ pictures: number } & ReturnType<typeof memory>)[] = []
  if (!values.json) console.log('pictures     RSS    heap  array buffers (MB)')
  const note = (pictures: number) => {
    const now = { pictures, ...memory() }
    curve.push(now)
    if (values.json) return
    const cells = [now.rss, now.heap, now.arrayBuffers].map(value => value.toFixed(1).padStart(8)).join('')
    console.log(`${String(pictures).padStart(8)}${cells}`)
  }
  const { signal } = new AbortController()
  const { made, failures } = await makeSet(
    { words, maps: ['canny'], sheet: false, request: { width: side, height: side, steps: 2 } },
    join(root, 'set'),
    {
      maker: new WordPainter(model),
      base: root,
      signal,
      // Several pictures are under way at once, so that the count may skip a number.
      onProgress: ({ done }) => {
        if (done - (curve.at(-1)?.pictures ?? 0) >= every || (done === count && curve.at(-1)?.pictures !== count))
          note(done)
      },
    },
  )
  if (values.json) console.log(JSON.stringify({ made, failures: failures.length, side, curve }))
  else if (failures.length) console.log(`${failures.length} of ${count} failed: ${failures[0].message}`)
} finally {
  await rm(root, { recursive: true, force: true })
}
