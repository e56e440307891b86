/**
 * Does the score reflect the controls? Paints pairs of the same word, style and seed, with the style's own weights and
 * with all weights 0, and counts how often the first is scored higher. Target: 95 % of 200 pairs with the draft model.
 *
 *   node build/launch.mjs build/legibility-pairs.ts [--count 200] [--model draft] [--size 512] [--steps 12]
 */
import { tmpdir } from 'node:os'
import { parseArgs } from 'node:util'
import { MAPS } from '../core/contract/vocabulary.ts'
import { Studio } from '../core/generate/studio.ts'
import { scoreOfPicture } from '../core/legibility/legibility-worker.ts'
import { BUILT_IN_STYLES } from '../core/prompt/styles.ts'
import { several } from './several.ts'

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '200' },
    model: { type: 'string', default: 'draft' },
    size: { type: 'string' },
    steps: { type: 'string' },
  },
})
const words = [...'学习书水火山木人心月龍永和風雪茶', 'love', 'мир', 'おと', 'Ω']
const without = Object.fromEntries(MAPS.map(map => [map, { weight: 0 }]))
const size = values.size ? { width: Number(values.size), height: Number(values.size) } : {}
const steps = values.steps ? { steps: Number(values.steps) } : {}

await using studio = new Studio()
let higher = 0
let done = 0
const scores = await several(Array(Number(values.count)).fill(null), studio.generator, async (_, i) => {
  const style = BUILT_IN_STYLES[i % BUILT_IN_STYLES.length].id
  const request = { word: words[i % words.length], style, seed: i + 1, model: values.model, ...size, ...steps }
  const score = async (controls: object) => {
    const [picture] = await studio.generator.generateFrom(
      { ...request, ...controls },
      { base: tmpdir(), together: true },
    )
    return (await scoreOfPicture(picture))?.score ?? 0
  }
  const pair: [number, number] = [await score({}), await score({ controls: without })]
  if (pair[0] > pair[1]) higher++
  process.stderr.write(`\r${++done} pairs, ${higher} higher   `)
  return pair
})
const mean = (side: 0 | 1) => scores.reduce((sum, pair) => sum + pair[side], 0) / scores.length
console.log(
  `\n${higher} of ${scores.length} pairs (${((100 * higher) / scores.length).toFixed(1)} %): with controls ${mean(0).toFixed(2)}, without ${mean(1).toFixed(2)} on average`,
)
