/**
 * All twelve methods for a few words, one PNG a font, to be looked at: `node build/launch.mjs build/maps-sheet.ts [FOLDER]`
 * (default: the working folder). A method whose model is missing shows an empty cell that says so. AI models are looked for
 * in the data folder, or in ZIHUA_MODELS.
 */
import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import sharp, { type OverlayOptions } from 'sharp'
import { encodePng } from '../core/cli/maps/save-maps.ts'
import type { MapChoice } from '../core/conditioning/make-map.ts'
import { ALL_CHOICES } from '../core/conditioning/make-map.ts'
import type { ConditioningMap } from '../core/conditioning/types.ts'
import { DEFAULT_LAYOUT } from '../core/contract/request.ts'
import { StudioError } from '../core/faults/studio-error.ts'
import { drawWord } from '../core/glyph/draw.ts'
import { MapPool } from '../core/processes/maps/pool.ts'

const WORDS = ['学习', '永', '龍', 'あ', 'Ж', 'g', '&']
const FONTS = ['noto-sans-sc', 'noto-serif-sc']
/** Maps are made at 1024² and shown at this. */
const SIDE = 1024
const CELL = 200
const GAP = 6
const LABEL = { width: 250, height: 22 }
const MISSING = 'model not installed'

const pool = new MapPool()

/** A line of text as a picture, drawn by the studio itself: no system font is needed. */
async function caption(text: string, width: number, height: number): Promise<Buffer> {
  const layout = { ...DEFAULT_LAYOUT, weight: 400, margin: 0 }
  const { coverage } = await drawWord(text, layout, width, height)
  const data = coverage.data.map(value => 255 - value)
  return Buffer.from(await encodePng({ ...coverage, data }))
}

async function make(word: string, font: string, choice: MapChoice): Promise<ConditioningMap | null> {
  const layout = { ...DEFAULT_LAYOUT, font }
  const modelsFolder = process.env['ZIHUA_MODELS']
  const options = modelsFolder ? { modelsFolder } : {}
  try {
    const source = { kind: 'word', word, layout, width: SIDE, height: SIDE } as const
    return (await pool.run({ source, maps: [choice], options })).maps[0]
  } catch (error) {
    if (error instanceof StudioError && error.code === 'missing-model') return null
    throw error
  }
}

/** Left edge of a column and top edge of a row of cells. */
const left = (column: number) => LABEL.width + 2 * GAP + column * (CELL + GAP)
const top = (row: number) => LABEL.height + 2 * GAP + row * (CELL + GAP)
/** Where a line of text stands in the middle of a row. */
const labelTop = (row: number) => top(row) + Math.floor((CELL - LABEL.height) / 2)

async function cell(word: string, font: string, column: number, row: number): Promise<OverlayOptions> {
  const made = await make(word, font, ALL_CHOICES[row])
  if (!made) return { input: await caption(MISSING, CELL, LABEL.height), left: left(column), top: labelTop(row) }
  const small = sharp(Buffer.from(await encodePng(made.image))).resize(CELL, CELL)
  // One-pixel edges fade when scaled down, so their contrast is raised.
  const input = await (made.map === 'canny' ? small.linear(SIDE / CELL, 0) : small).png().toBuffer()
  return { input, left: left(column), top: top(row) }
}

async function sheet(font: string, file: string): Promise<void> {
  const labels = ALL_CHOICES.map(async ({ method }, row) => ({
    input: await caption(method, LABEL.width, LABEL.height),
    left: GAP,
    top: labelTop(row),
  }))
  const heads = WORDS.map(async (word, column) => ({
    input: await caption(word, CELL, LABEL.height),
    left: left(column),
    top: GAP,
  }))
  const cells = WORDS.flatMap((word, column) => ALL_CHOICES.map((_, row) => cell(word, font, column, row)))
  const background = { r: 255, g: 255, b: 255 }
  const canvas = { width: left(WORDS.length), height: top(ALL_CHOICES.length), channels: 3, background } as const
  await sharp({ create: canvas })
    .composite(await Promise.all([...labels, ...heads, ...cells]))
    .png()
    .toFile(file)
  process.stdout.write(`${file}\n`)
}

const folder = resolve(process.argv[2] ?? '.')
await mkdir(folder, { recursive: true })
for (const font of FONTS) await sheet(font, join(folder, `maps-${font}.png`))
await pool.close()
