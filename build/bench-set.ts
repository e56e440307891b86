/**
 * npm run bench:set: does a set cost more than its pictures? Makes warm single pictures, then a set of 50 through the same
 * studio, and compares the set's time with 50 × denoise + decode. Everything else (maps, scores, encoding, writing, sheets)
 * has to hide behind the next picture.
 *
 *   node build/launch.mjs build/bench-set.ts [--count 50] [--model draft] [--size 512] [--steps 12] [--json]
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Studio } from '../core/generate/studio.ts'
import { makeSet } from '../core/sets/make-set.ts'
import { fixture } from '../core/testing/fixtures.ts'

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '50' },
    model: { type: 'string' },
    size: { type: 'string' },
    steps: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
})
const root = await mkdtemp(join(tmpdir(), 'zihua-bench-set-'))
try {
  await using studio = new Studio({ dataFolder: root })
  const [draft] = await studio.registry.list()
  const model = values.model ?? (draft.present ? 'draft' : fixture('sdxl/pipeline'))
  if (!model) throw new Error('There is no draft model: name one with --model.')
  const request = {
    model,
    ...(values.size ? { width: Number(values.size), height: Number(values.size) } : {}),
    ...(values.steps ? { steps: Number(values.steps) } : {}),
  }
  const count = Number(values.count)

  // What a step and a decode need: everything that is done once for each picture by the networks.
  const denoise = (timings: Record<string, number>) =>
    ['init', 'control', 'step', 'decode'].reduce((sum, stage) => sum + (timings[stage] ?? 0), 0)
  const singles: number[] = []
  for (let i = 0; i < 4; i++) {
    const [picture] = await studio.generator.generateFrom({ word: '学习', seed: 100 + i, ...request }, { base: root })
    if (i > 0) singles.push(denoise(picture.timings))
  }
  const single = singles.sort((a, b) => a - b)[1]

  const words = Array.from({ length: count }, (_, i) => ({
    word: ['学', '习', '水', 'love', 'мир'][i % 5],
    seed: i + 1,
  }))
  const folder = join(root, 'set')
  const start = performance.now()
  const { made, failures } = await makeSet({ words, request }, folder, { maker: studio.generator, base: root })
  const total = performance.now() - start
  const report = {
    model,
    pictures: made,
    failures: failures.length,
    singleSeconds: single / 1000,
    setSeconds: total / 1000,
    ratio: total / (count * single),
  }
  if (values.json) console.log(JSON.stringify(report))
  else {
    console.log(`model ${model}: one warm picture's denoise + decode ${report.singleSeconds.toFixed(3)} s`)
    console.log(
      `set of ${made}: ${report.setSeconds.toFixed(1)} s = ${report.ratio.toFixed(3)} × ${count} single pictures (target 1.1 with the draft model)`,
    )
    for (const { word, message } of failures) console.log(`failed: ${word}: ${message}`)
  }
} finally {
  await rm(root, { recursive: true, force: true })
}
