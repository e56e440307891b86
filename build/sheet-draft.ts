/**
 * npm run sheet:draft [-- --out draft.png --words 学习,love --styles comic,neon --steps 12 --sketch]: a contact sheet of kept-out
 * words × styles, or with --sketch of their sketches, made by the draft model through the whole studio.
 */
import { parseArgs } from 'node:util'
import sharp, { type OverlayOptions } from 'sharp'
import { Studio } from '../core/generate/studio.ts'
import { QUICK } from '../core/host/sketches.ts'
import { BUILT_IN_STYLES } from '../core/prompt/styles.ts'
import { KEPT_OUT_WORDS } from './draft-words.ts'
import { several } from './several.ts'

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: 'draft.png' },
    words: { type: 'string', default: KEPT_OUT_WORDS.join() },
    styles: { type: 'string', default: BUILT_IN_STYLES.map(({ id }) => id).join() },
    steps: { type: 'string' },
    sketch: { type: 'boolean', default: false },
    side: { type: 'string', default: '256' },
  },
})
const words = values.words.split(',')
const styles = values.styles.split(',')
const side = Number(values.side)

await using studio = new Studio()
const tiles: OverlayOptions[] = []
for (const [row, style] of styles.entries()) {
  await several(words, studio.generator, async (word, column) => {
    const request = {
      word,
      style,
      seed: 1,
      ...(values.sketch && QUICK),
      ...(values.steps && { steps: Number(values.steps) }),
    }
    const [{ image }] = await studio.generator.generateFrom(request, { base: process.cwd(), together: true })
    const { width, height, channels, data } = image
    const tile = await sharp(data, { raw: { width, height, channels } }).resize(side, side).png().toBuffer()
    tiles.push({ input: tile, left: column * side, top: row * side })
  })
  console.error(`${style} (${row + 1} of ${styles.length})`)
}
await sharp({ create: { width: words.length * side, height: styles.length * side, channels: 3, background: '#fff' } })
  .composite(tiles)
  .png()
  .toFile(values.out)
console.log(`${values.out}: columns ${words.join(' ')}; rows ${styles.join(' ')}`)
