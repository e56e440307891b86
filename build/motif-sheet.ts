/**
 * npm run sheet:motifs [-- --out FOLDER --steps 6 --styles comic,ink-wash --layout beside --form line --motifs 1 --minutes 4]: 24 words in
 * four styles, each without and with motifs of its meaning, on one sheet; and of how many pictures the word is read.
 *
 * The sheet is looked at: of how many words could a stranger guess the meaning from the pictures with motifs? At least 20, and
 * 95 % of the pictures read, are the aim. Pictures that lie in FOLDER already are kept: after --minutes it stops, and goes on when
 * it is started again.
 */
import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import sharp, { type OverlayOptions } from 'sharp'
import type { Composition } from '../core/contract/composition.ts'
import type { RequestInput } from '../core/contract/request.ts'
import type { MotifForm, MotifLayout } from '../core/contract/vocabulary.ts'
import { DEFAULT_LAYOUT } from '../core/contract/writing.ts'
import { Studio } from '../core/generate/studio.ts'
import { arrangeMotifs, motifsFor } from '../core/host/motifs.ts'
import { isSameWord } from '../core/legibility/edit-distance.ts'
import { judgeInWorker } from '../core/legibility/legibility-worker.ts'
import { isCovered } from '../core/legibility/recogniser.ts'
import { several } from './several.ts'

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: 'motifs' },
    steps: { type: 'string', default: '6' },
    styles: { type: 'string', default: 'comic,ink-wash,paper-cut,neon' },
    layout: { type: 'string', default: 'beside' },
    form: { type: 'string', default: 'line' },
    motifs: { type: 'string', default: '1' },
    minutes: { type: 'string', default: '1000' },
  },
})

/** Things, beings and ideas in three scripts; the meaning that a dictionary does not give is written beside. */
const WORDS: readonly (readonly [word: string, meaning: string | null])[] = [
  ...['猫', '鱼', '龙', '书', '花', '树', '雨', '月亮', '火', '山', '学习', '音乐'].map(word => [word, null] as const),
  ['Кофе', 'coffee'],
  ['Дом', 'house'],
  ['Собака', 'dog'],
  ['Поезд', 'train'],
  ['Любовь', 'love'],
  ['Привет', 'hello'],
  ...['star', 'apple', 'bird', 'rain', 'bicycle', 'birthday'].map(word => [word, word] as const),
]
const TILE = 160
/** From this score on a word is plain where its script is not read. */
const PLAIN = 0.75
const motifLayout = values.layout as MotifLayout
const form = values.form as MotifForm
const styles = values.styles.split(',')
const until = performance.now() + 60_000 * Number(values.minutes)

interface Cell {
  word: string
  style: string
  hasMotifs: boolean
  /** Of its tile, without its ending. */
  file: string
  request: RequestInput
}
interface Verdict {
  read: string | null
  score: number | null
}

await mkdir(values.out, { recursive: true })
await using studio = new Studio()
const cells: Cell[] = []
for (const [word, translation] of WORDS) {
  const composition = await withMotifs(word, translation)
  for (const style of styles)
    for (const hasMotifs of [false, true]) {
      const request = {
        ...{ word, translation, style, seed: 1, steps: Number(values.steps) },
        ...(hasMotifs && { composition }),
      }
      const file = join(values.out, `${word}-${style}${hasMotifs ? '-motifs' : ''}`)
      cells.push({ word, style, hasMotifs, file, request })
    }
}
// A style after the other, those with motifs first, so that a sheet that is not finished shows all words.
const inTurn = [true, false].flatMap(motifs =>
  styles.flatMap(style => cells.filter(cell => cell.style === style && cell.hasMotifs === motifs)),
)
const missing = inTurn.filter(({ file }) => !existsSync(`${file}.json`))
await several(missing, studio.generator, async ({ word, file, request }, at) => {
  if (performance.now() > until) return
  const [made] = await studio.generator.generateFrom(request, { base: process.cwd(), together: true })
  const { width, height, channels, data } = made.image
  const { read, score } = await judgeInWorker(made.image, {
    ...{ word, layout: made.request.layout, mask: made.mask },
    ...{ composition: made.request.composition, composed: made.word?.composed ?? null },
  })
  await sharp(data, { raw: { width, height, channels } }).resize(TILE, TILE).png().toFile(`${file}.png`)
  // Written last: a cell counts as made once its verdict is there.
  await writeFile(`${file}.json`, JSON.stringify({ read, score } satisfies Verdict))
  console.error(`${at + 1} of ${missing.length}: ${word}, read as ${read}`)
})
const made = cells.filter(({ file }) => existsSync(`${file}.json`))
await sheet()
for (const hasMotifs of [false, true]) await tell(hasMotifs)
if (made.length < cells.length) console.log(`${cells.length - made.length} pictures are missing: start it again.`)

async function withMotifs(word: string, translation: string | null): Promise<Composition> {
  const found = await motifsFor(studio, { text: '', word, translation })
  const plain = { warp: null, control: 1, prompt: null } as const
  const alone = { x: 0.5, y: 0.5, scale: [0.84, 0.84] as [number, number], rotation: 0 }
  return arrangeMotifs(studio.maps, {
    composition: {
      blocks: [{ kind: 'word', source: { text: null, writing: {} }, transform: alone, ...plain }],
      gap: 0.012,
    },
    ...{ word, layout: DEFAULT_LAYOUT, motifLayout, seed: 1, width: 512, height: 512 },
    motifs: found.slice(0, Number(values.motifs)).map(({ emoji, names }) => ({
      source: { emoji, form, weight: 400 },
      name: names.en,
    })),
  })
}

/** A row a word: each style without and with motifs. */
async function sheet(): Promise<void> {
  const columns = 2 * styles.length
  const tiles = made.map(({ file }): OverlayOptions => {
    const at = cells.findIndex(cell => cell.file === file)
    return { input: `${file}.png`, left: (at % columns) * TILE, top: Math.floor(at / columns) * TILE }
  })
  await sharp({ create: { width: columns * TILE, height: WORDS.length * TILE, channels: 3, background: '#fff' } })
    .composite(tiles)
    .png()
    .toFile(join(values.out, 'sheet.png'))
}

async function tell(hasMotifs: boolean): Promise<void> {
  const own = made.filter(cell => cell.hasMotifs === hasMotifs)
  const verdicts = await Promise.all(
    own.map(async cell => ({ ...cell, ...(JSON.parse(await readFile(`${cell.file}.json`, 'utf8')) as Verdict) })),
  )
  const [known, others] = [true, false].map(is => verdicts.filter(({ word }) => isCovered(word) === is))
  const wrong = known.filter(({ word, read }) => read === null || !isSameWord(read, word))
  const percent = known.length === 0 ? 0 : Math.round((1000 * (known.length - wrong.length)) / known.length) / 10
  const plain = others.filter(({ score }) => (score ?? 0) >= PLAIN)
  console.log(
    `${hasMotifs ? 'with' : 'without'} motifs: ${known.length - wrong.length} of ${known.length} read, ${percent} %; ` +
      `of ${others.length} in a script that the reader does not know ${plain.length} are plain by their outline`,
  )
  for (const { word, style, read } of wrong) console.log(`  ${word} in ${style}: ${read ?? 'nothing'}`)
  for (const { word, style, score } of others)
    if ((score ?? 0) < PLAIN) console.log(`  ${word} in ${style}: score ${score?.toFixed(2)}`)
}
