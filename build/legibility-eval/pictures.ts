/** Makes the pictures of the evaluation in a folder; what is there already is not made again. */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import sharp from 'sharp'
import { DEFAULT_LAYOUT } from '../../core/contract/request.ts'
import { MAPS } from '../../core/contract/vocabulary.ts'
import { Studio } from '../../core/generate/studio.ts'
import { drawWord } from '../../core/glyph/draw.ts'
import { encodePicture } from '../../core/image/encode.ts'
import { readPicture } from '../../core/pictures/door.ts'
import { DISTORTIONS } from '../../core/raster/distortions.ts'
import type { Rgb } from '../../core/raster/raster.ts'
import { several } from '../several.ts'
import type { PlannedPicture } from './plan.ts'

/** The painter's own side; its pictures are seen smaller, never drawn smaller. */
const PAINTER_SIDE = 512
const run = promisify(execFile)

export const fileOf = (folder: string, { id }: PlannedPicture) => join(folder, `${id}.png`)

/** @param python a Python with numpy and OpenCV, for the painter */
export async function makePictures(plan: readonly PlannedPicture[], folder: string, python: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  const missing = plan.filter(one => !existsSync(fileOf(folder, one)))
  await paint(
    missing.filter(({ source }) => source === 'painter'),
    folder,
    python,
  )
  await generate(
    missing.filter(({ source }) => source === 'draft'),
    folder,
  )
}

async function save(folder: string, one: PlannedPicture, picture: Rgb): Promise<void> {
  const distorted = await DISTORTIONS[one.distortion](picture, one.level, one.seed)
  await writeFile(fileOf(folder, one), await encodePicture(distorted, 'png', { info: null }))
}

async function paint(plan: readonly PlannedPicture[], folder: string, python: string): Promise<void> {
  if (plan.length === 0) return
  const raw = join(folder, 'painter')
  await mkdir(raw, { recursive: true })
  const tasks = []
  for (const { id, word, style, seed } of plan) {
    const coverage = join(raw, `${id}-coverage.png`)
    const { coverage: ink } = await drawWord(word, DEFAULT_LAYOUT, PAINTER_SIDE, PAINTER_SIDE)
    await sharp(ink.data, { raw: { width: ink.width, height: ink.height, channels: 1 } }).toFile(coverage)
    tasks.push({ coverage, style, seed, out: join(raw, `${id}.png`) })
  }
  await writeFile(join(raw, 'tasks.json'), JSON.stringify(tasks))
  await run(python, [join(import.meta.dirname, 'paint.py'), join(raw, 'tasks.json')])
  for (const one of plan) {
    const file = join(raw, `${one.id}.png`)
    const small = await sharp(file).resize(one.width, one.height).removeAlpha().raw().toBuffer()
    const { width, height } = one
    const seen: Rgb = width === PAINTER_SIDE ? await readPicture(file) : { width, height, channels: 3, data: small }
    await save(folder, one, seen)
  }
}

async function generate(plan: readonly PlannedPicture[], folder: string): Promise<void> {
  await using studio = new Studio()
  await several(plan, studio.generator, async (one, i) => {
    const { word, style, seed, width, height } = one
    const controls = Object.fromEntries(MAPS.map(map => [map, { weight: one.weight }]))
    const request = { word, style, seed, width, height, model: 'draft', steps: 8, controls }
    const [made] = await studio.generator.generateFrom(request, { base: tmpdir(), together: true })
    await save(folder, one, made.image)
    process.stderr.write(`\r${i + 1} of ${plan.length} pictures of the draft   `)
  })
}
