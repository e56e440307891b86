/**
 * Draws the training words and their four default maps with the studio's own code.
 *
 *   node models/draft/training/glyphs.ts FOLDER [--count 3600] [--kept-out] [--part 0/2]
 *
 * Files of a word, 512²: NAME.gray.png, four squares below each other (coverage, depth, scribble, canny); NAME.seg.png in
 * colour, for every third word (labelling strokes takes most of the time); NAME.things.png, for a third of them: the ink of
 * motifs. NAME.json says what is written and what things are seen. What is there already is left alone, so it can be resumed,
 * and `--part i/n` shares the work among n processes.
 */
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import sharp from 'sharp'
import { DEFAULT_CHOICES, makeMaps } from '../../../core/conditioning/make-map.ts'
import { StudioError } from '../../../core/faults/studio-error.ts'
import { drawWord } from '../../../core/glyph/draw.ts'
import { drawScene, hasThings } from './scenes.ts'
import { type Task, tasks, trials } from './vocabulary.ts'

const SIDE = 512

async function writePng(path: string, data: Uint8Array, height: number, channels: 1 | 3): Promise<void> {
  await sharp(data, { raw: { width: SIDE, height, channels } })
    .png({ compressionLevel: 3 })
    .toFile(`${path}.part`)
  renameSync(`${path}.part`, path)
}

async function drawTask(task: Task, i: number, path: string, keptOut: boolean): Promise<void> {
  const scene = !keptOut && hasThings(i) ? await drawScene(task, i, SIDE) : null
  const glyph = scene?.glyph ?? (await drawWord(task.word, task.layout, SIDE, SIDE))
  const withSegments = keptOut || i % 3 === 0
  const choices = DEFAULT_CHOICES.filter(({ map }) => withSegments || map !== 'segmentation')
  const maps = Object.fromEntries((await makeMaps(glyph, choices)).map(({ map, image }) => [map, image.data]))
  const gray = Buffer.concat([glyph.coverage.data, maps['depth'], maps['scribble'], maps['canny']])
  await writePng(`${path}.gray.png`, gray, 4 * SIDE, 1)
  if (withSegments) await writePng(`${path}.seg.png`, maps['segmentation'], SIDE, 3)
  if (scene) await writePng(`${path}.things.png`, scene.things, SIDE, 1)
  const about = scene ? { word: scene.word, things: scene.names } : { word: task.word }
  writeFileSync(`${path}.json`, JSON.stringify({ ...about, layout: task.layout }))
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    count: { type: 'string', default: '3600' },
    part: { type: 'string', default: '0/1' },
    'kept-out': { type: 'boolean', default: false },
  },
})
const [folder] = positionals
if (!folder) throw new Error('Name the folder to draw into.')
mkdirSync(folder, { recursive: true })
const [part, parts] = values.part.split('/').map(Number)
const list = values['kept-out'] ? trials() : tasks(Number(values.count))
let drawn = 0
for (const [i, task] of list.entries()) {
  const path = join(folder, String(i).padStart(5, '0'))
  if (i % parts !== part || existsSync(`${path}.json`)) continue
  try {
    await drawTask(task, i, path, values['kept-out'])
    if (++drawn % 100 === 0) console.error(`${i + 1} of ${list.length}`)
  } catch (error) {
    // A font that lacks a character of the list: the picture is left out, the others go on.
    if (!(error instanceof StudioError && ['missing-glyph', 'bad-request'].includes(error.code))) throw error
  }
}
console.error(`${drawn} drawn into ${folder}`)
