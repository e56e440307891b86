/**
 * npm run sheet:depth [-- --out FOLDER --words 永,龙,茶,Ж --styles gold-foil,embroidery,paper-cut --steps 6 --weight 0.9 --minutes 8]:
 * depth by the ink's local thickness beside depth by each stroke's own width, in pictures of the draft model: a row a word,
 * first both maps, then each style in both, from the same seed. Whoever decides which one styles use looks at it.
 *
 * Pictures that lie in FOLDER already are kept: after --minutes it stops, and goes on when it is started again.
 */
import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import sharp, { type OverlayOptions } from 'sharp'
import { DEFAULT_LAYOUT } from '../core/contract/writing.ts'
import { Studio } from '../core/generate/studio.ts'
import { several } from './several.ts'

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: 'depth' },
    words: { type: 'string', default: '永,龙,茶,Ж' },
    styles: { type: 'string', default: 'gold-foil,embroidery,paper-cut' },
    steps: { type: 'string', default: '6' },
    /** Of the depth map in place of the style's own. */
    weight: { type: 'string' },
    minutes: { type: 'string', default: '1000' },
  },
})
const METHODS = ['stroke_thickness_depth', 'stroke_width_depth'] as const
const [SIDE, TILE] = [512, 200]
const [words, styles] = [values.words.split(','), values.styles.split(',')]
const until = performance.now() + 60_000 * Number(values.minutes)
const columns = METHODS.length * (1 + styles.length)
const cells = words.flatMap((word, row) =>
  [null, ...styles].flatMap((style, i) =>
    METHODS.map((method, j) => {
      const file = join(values.out, `${word}-${style ?? 'map'}-${method}.png`)
      return { word, style, method, file, left: (METHODS.length * i + j) * TILE, top: row * TILE }
    }),
  ),
)
type Cell = (typeof cells)[number]

await mkdir(values.out, { recursive: true })
await using studio = new Studio()
const missing = cells.filter(({ file }) => !existsSync(file))
await several(missing, studio.generator, async (cell, at) => {
  if (performance.now() > until) return
  const { width, height, channels, data } = await pictureOf(cell)
  await sharp(data, { raw: { width, height, channels } }).resize(TILE, TILE).png().toFile(cell.file)
  console.error(`${at + 1} of ${missing.length}: ${cell.word}, ${cell.style ?? 'map'}, ${cell.method}`)
})
await sharp({ create: { width: columns * TILE, height: words.length * TILE, channels: 3, background: '#fff' } })
  .composite(
    cells
      .filter(({ file }) => existsSync(file))
      .map(({ file, left, top }): OverlayOptions => ({ input: file, left, top })),
  )
  .png()
  .toFile(join(values.out, 'sheet.png'))
console.log(join(values.out, 'sheet.png'))

async function pictureOf({ word, style, method }: Cell) {
  if (style === null) {
    const source = { kind: 'word', word, layout: DEFAULT_LAYOUT, width: SIDE, height: SIDE } as const
    return (await studio.maps.run({ source, maps: [{ map: 'depth', method }] })).maps[0].image
  }
  const depth = { method, ...(values.weight && { weight: Number(values.weight) }) }
  const request = { word, style, seed: 1, steps: Number(values.steps), controls: { depth } }
  const [made] = await studio.generator.generateFrom(request, { base: process.cwd(), together: true })
  return made.image
}
