/**
 * npm run samples:styles: makes a picture of each built-in style with the draft model, for the style gallery. To be run
 * after
 * the model's weights change; its output is part of the repository.
 */
import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import sharp from 'sharp'
import { Studio } from '../core/generate/studio.ts'
import { BUILT_IN_STYLES } from '../core/prompt/styles.ts'

const WORD = '字'
/** Twice the size of a cell, for dense screens. */
const SIDE = 144
const folder = resolve(import.meta.dirname, '../renderer/public/styles')

await using studio = new Studio()
await mkdir(folder, { recursive: true })
for (const { id } of BUILT_IN_STYLES) {
  const [{ image }] = await studio.generator.generateFrom({ word: WORD, style: id, seed: 1 }, { base: process.cwd() })
  const { width, height, channels, data } = image
  const picture = sharp(data, { raw: { width, height, channels } }).resize(SIDE, SIDE)
  await picture.webp({ quality: 80, effort: 6 }).toFile(join(folder, `${id}.webp`))
  console.log(id)
}
