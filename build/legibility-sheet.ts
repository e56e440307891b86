/**
 * The sheet by which legibility was calibrated: painter pictures under growing distortion, each with its score. Look at it,
 * find in each row where you begin to hesitate, and compare with 0.5: core/legibility/legibility.md.
 *
 *   node build/launch.mjs build/legibility-sheet.ts FOLDER OUT.png [--words 学,龍] [--kinds blur,blend]
 *
 * FOLDER holds STYLE-WORD.png and mask-WORD.png of the painter (models/draft/training/painter).
 */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import sharp from 'sharp'
import { legibility } from '../core/legibility/legibility.ts'
import { readPicture } from '../core/pictures/door.ts'
import { DISTORTIONS, type Distortion, spearman } from '../core/raster/distortions.ts'
import type { Gray } from '../core/raster/raster.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { words: { type: 'string' }, kinds: { type: 'string' }, levels: { type: 'string', default: '10' } },
})
const [folder, out] = positionals
if (!folder || !out) throw new Error('Usage: legibility-sheet.ts FOLDER OUT.png')

const TILE = 112
const names = (await readdir(folder)).filter(name => /^(?!mask-).+-[^-]+\.png$/.test(name)).sort()
const kinds = (values.kinds?.split(',') ?? Object.keys(DISTORTIONS)) as Distortion[]
const levels = Array.from({ length: Number(values.levels) + 1 }, (_, i) => i / Number(values.levels))
const tiles: { input: Buffer; left: number; top: number }[] = []
const correlations: Record<string, number[]> = {}
let row = 0
for (const [n, name] of names.entries()) {
  const word = /-([^-]+)\.png$/.exec(name)![1]
  if (values.words && !values.words.split(',').includes(word)) continue
  const mask = await maskOf(join(folder, `mask-${word}.png`))
  const picture = await readPicture(join(folder, name))
  // One distortion a picture, in turn: every kind meets every style over the words.
  const kind = kinds[n % kinds.length]
  const scores: number[] = []
  for (const [i, level] of levels.entries()) {
    const distorted = await DISTORTIONS[kind](picture, level, n)
    const { score } = legibility(distorted, mask)
    scores.push(score)
    const { width, height, channels, data } = distorted
    const label = Buffer.from(
      `<svg width="${TILE}" height="16"><rect width="100%" height="16" fill="#fff"/><text x="3" y="13" font-size="13">${score.toFixed(2)}</text></svg>`,
    )
    const input = await sharp(data, { raw: { width, height, channels } })
      .resize(TILE, TILE)
      .extend({ top: 16 })
      .composite([{ input: label, left: 0, top: 0 }])
      .png()
      .toBuffer()
    tiles.push({ input, left: i * (TILE + 2), top: row * (TILE + 18) })
  }
  ;(correlations[kind] ??= []).push(spearman(levels, scores))
  console.log(`${name} ${kind}: ${scores.map(score => score.toFixed(2)).join(' ')}`)
  row++
}
for (const [kind, list] of Object.entries(correlations))
  console.log(`${kind}: Spearman, worst of ${list.length} pictures ${Math.max(...list).toFixed(2)}`)
await sharp({
  create: { width: levels.length * (TILE + 2), height: row * (TILE + 18), channels: 3, background: '#888888' },
})
  .composite(tiles)
  .png()
  .toFile(out)

async function maskOf(file: string): Promise<Gray> {
  const { data, info } = await sharp(file)
    .toColourspace('b-w')
    .extractChannel(0)
    .threshold(128)
    .raw()
    .toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, channels: 1, data: new Uint8Array(data) }
}
