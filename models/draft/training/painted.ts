/**
 * Has the draft model paint, and keeps what its decoder was given: the latents that a decoder must do well on are not an
 * encoder's but the denoiser's.
 *
 *   node models/draft/training/painted.ts FOLDER [--count 170] [--kept-out] [--first-seed 1]
 *
 * Words in the order of vocabulary.ts, each in the next style. NAME.latents: float32 (4, 64, 64), little-endian, as the
 * decoder takes them once the scaling factor is divided out; NAME.png: the picture of today's decoder. What is there already is left alone.
 */
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Studio } from '../../../core/generate/studio.ts'
import { encodePicture } from '../../../core/image/encode.ts'
import { BUILT_IN_STYLES } from '../../../core/prompt/styles.ts'
import { tasks, trials } from './vocabulary.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    count: { type: 'string', default: '170' },
    'first-seed': { type: 'string', default: '1' },
    'kept-out': { type: 'boolean', default: false },
  },
})
const [folder] = positionals
if (!folder) throw new Error('Name the folder to paint into.')
mkdirSync(folder, { recursive: true })
const words = values['kept-out'] ? trials() : tasks(Number(values.count))

await using studio = new Studio()
for (let i = 0; i < Number(values.count); i++) {
  const path = join(folder, String(i).padStart(5, '0'))
  if (existsSync(`${path}.latents`)) continue
  const { word, layout } = words[i % words.length]
  const style = BUILT_IN_STYLES[i % BUILT_IN_STYLES.length].id
  const request = { word, layout, style, seed: Number(values['first-seed']) + i }
  const [{ image, trace }] = await studio.generator.generateFrom(request, { base: process.cwd(), trace: true })
  const last = Object.keys(trace!).findLast(name => name.startsWith('latents_after_step.'))!
  const { data } = trace![last]
  writeFileSync(`${path}.png`, await encodePicture(image, 'png', { info: null }))
  writeFileSync(`${path}.part`, new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
  renameSync(`${path}.part`, `${path}.latents`)
}
