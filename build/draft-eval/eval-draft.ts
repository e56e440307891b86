/**
 * npm run eval:draft: what the draft model can do, on characters kept out of its training, fixed seeds.
 *
 *   npm run eval:draft [-- --characters 64] [--styles comic,neon] [--only retrieval,words,scale,single,seeds,colour,grid]
 *                      [--steps N] [--sketch] [--model draft@HASH] [--painter FOLDER] [--keep FOLDER] [--json]
 *
 * retrieval  the right glyph is the nearest of 500 glyph masks by |normalised cross-correlation| over the picture's best
 *            channel (R, G, B, L, a, b), with default weights and with all weights 0; and, of the same pictures:
 * legible    pairs in which the picture with default weights is more legible than the one with all weights 0
 * overlap    glyph IoU (best-channel Otsu) over that of the painter's own pictures of the same glyph and style, median
 * read       pictures in which the studio's reader reads the word as it was written, sure of it or not
 * contrast   pictures whose word has at least 3:1 with the ground beside it
 * style      pictures whose style is named right by a classifier that learnt from the painter's pictures
 * words      read and contrast of the kept-out words (hanzi, Latin, Cyrillic, kana, digits) in every style
 * scale      the margin of the right glyph over the best wrong one, at a common weight scale 0, 0.25, 0.5, 0.75, 1
 * single     retrieval with each control alone at weight 1
 * seeds      mean absolute difference of two seeds outside the glyph, share of range
 * colour     a colour word moves the dominant hue towards it
 * grid       power of the decoder's grid at the period of a latent and its harmonics, beside the frequencies around each;
 *            pixel art is left out, as its pixels are a grid of their own
 *
 * --sketch: of sketches, as the studio paints them while one types, instead of pictures.
 * overlap and style need the painter's pictures: models/draft/training/paint_kept.py makes them (Python). All of it takes
 * hours on two cores: with --model the former weights are measured; with --keep a later run takes the pictures that an earlier one has painted.
 */
import { parseArgs } from 'node:util'
import { DEFAULT_LAYOUT, type RequestInput } from '../../core/contract/request.ts'
import { MAPS, type MapName } from '../../core/contract/vocabulary.ts'
import { Studio } from '../../core/generate/studio.ts'
import { drawWord } from '../../core/glyph/draw.ts'
import { QUICK } from '../../core/host/sketches.ts'
import { isSameWord } from '../../core/legibility/edit-distance.ts'
import { judge } from '../../core/legibility/judge.ts'
import { legibility } from '../../core/legibility/legibility.ts'
import { BUILT_IN_STYLES } from '../../core/prompt/styles.ts'
import type { Gray, Rgb } from '../../core/raster/raster.ts'
import { KEPT_OUT_CHARACTERS, KEPT_OUT_WORDS } from '../draft-words.ts'
import { several } from '../several.ts'
import { contrastOf, FLOOR } from './contrast.ts'
import { distance, dominantHue } from './dominant-hue.ts'
import { glyphGallery, overlap, rank } from './glyph-match.ts'
import { type Grid, gridOf, PERIODS } from './grid.ts'
import { keeping } from './kept.ts'
import { openPainted } from './painted.ts'
import { features } from './style-classifier.ts'

const PARTS = ['retrieval', 'words', 'scale', 'single', 'seeds', 'colour', 'grid'] as const
const { values } = parseArgs({
  options: {
    characters: { type: 'string', default: '64' },
    styles: { type: 'string', default: BUILT_IN_STYLES.map(({ id }) => id).join() },
    only: { type: 'string', default: PARTS.join() },
    steps: { type: 'string' },
    sketch: { type: 'boolean', default: false },
    model: { type: 'string' },
    painter: { type: 'string' },
    keep: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
})
const characters = KEPT_OUT_CHARACTERS.slice(0, Number(values.characters))
const styles = values.styles.split(',').map(id => {
  const style = BUILT_IN_STYLES.find(one => one.id === id)
  if (!style) throw new Error(`There is no style "${id}".`)
  return style
})
/** Each character in one style, all styles in turn: for what would take too long in all. */
const inTurn = characters.map((word, i) => ({ word, style: styles[i % styles.length] }))
const HUES: Record<string, number> = { red: 0, yellow: 60, green: 120, blue: 220, purple: 280 }

await using studio = new Studio()
const gallery = await glyphGallery(characters, 500)

const kept = keeping(values.keep ?? null, async (request: RequestInput): Promise<Rgb> => {
  return (await studio.generator.generateFrom(request, { base: process.cwd(), together: true }))[0].image
})
const chosen = {
  ...(values.sketch && QUICK),
  ...(values.model && { model: values.model }),
  ...(values.steps && { steps: Number(values.steps) }),
}
const paint = (request: RequestInput) => kept({ ...request, ...chosen })
const coverageOf = async (word: string, { width, height }: Rgb) =>
  (await drawWord(word, DEFAULT_LAYOUT, width, height)).coverage

const weights = (value: (map: MapName) => number) => ({
  controls: Object.fromEntries(MAPS.map(map => [map, { weight: value(map) }])) as NonNullable<RequestInput['controls']>,
})
/** Whether the word is read as it was written, in whatever script variant, and whether it stands out from its ground. */
async function seen(word: string, picture: Rgb, coverage: Gray): Promise<{ read: boolean; contrast: boolean }> {
  const { read } = await judge(picture, { word, layout: DEFAULT_LAYOUT, mask: null })
  return {
    read: isSameWord(read ?? '', word),
    contrast: (contrastOf(picture, coverage) ?? 0) >= FLOOR,
  }
}
const share = (flags: boolean[]) => flags.filter(Boolean).length / flags.length
const mean = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0) / numbers.length
const median = (numbers: number[]) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]
const percent = (value: number) => `${(100 * value).toFixed(0)} %`

const report: Record<string, unknown> = { characters: characters.length, gallery: gallery.length }
function say(part: string, name: string, line: string): void {
  if (!values.json) console.log(`${part.padEnd(10)} ${name.padEnd(14)} ${line}`)
}

function tellSeen(name: string, { read, contrast }: { read: number; contrast: number }): void {
  say('read', name, `${percent(read)} read as written (aim 97 % of hanzi and Latin)`)
  say('contrast', name, `${percent(contrast)} of at least ${FLOOR}:1 (aim 98 %)`)
}

const parts: Record<(typeof PARTS)[number], () => Promise<void>> = {
  async retrieval() {
    const painted = values.painter ? await openPainted(values.painter, characters) : null
    if (!painted)
      say('overlap', 'and style', 'skipped: --painter names the folder that training/paint_kept.py has filled')
    const all: {
      hit: boolean
      zero: boolean
      clearer: boolean
      read: boolean
      contrast: boolean
      overlap: number
      style: string
      named: string
    }[] = []
    const perStyle: Record<string, ReturnType<typeof sum>> = {}
    const sum = (of: typeof all) => ({
      default: share(of.map(one => one.hit)),
      zero: share(of.map(one => one.zero)),
      clearer: share(of.map(one => one.clearer)),
      read: share(of.map(one => one.read)),
      contrast: share(of.map(one => one.contrast)),
      ...(painted && {
        overlap: median(of.map(one => one.overlap)),
        named: share(of.map(one => one.named === one.style)),
        others: [...new Set(of.filter(one => one.named !== one.style).map(one => one.named))],
      }),
    })
    const tell = (name: string, sums: ReturnType<typeof sum>) => {
      const { default: hit, zero, clearer, overlap, named, others } = sums
      say(
        'retrieval',
        name,
        `${percent(hit)} with default weights (aim 98 %), ${percent(zero)} with weights 0 (aim 5 %)`,
      )
      say('legible', name, `${percent(clearer)} more legible than without weights (aim 95 %)`)
      tellSeen(name, sums)
      if (overlap === undefined || named === undefined) return
      say('overlap', name, `${overlap.toFixed(2)} of the painter's (aim 0.85)`)
      const mistaken = name !== 'in all' && others?.length ? `; otherwise ${others.join(', ')}` : ''
      say('style', name, `${percent(named)} named right (aim 95 % in all, 85 % each)${mistaken}`)
    }
    for (const { id: style } of styles) {
      const own = await several(characters, studio.generator, async word => {
        const [made, without] = [await paint({ word, style }), await paint({ word, style, ...weights(() => 0) })]
        const coverage = await coverageOf(word, made)
        return {
          hit: rank(made, word, gallery).hit,
          zero: rank(without, word, gallery).hit,
          ...(await seen(word, made, coverage)),
          clearer: legibility(made, coverage).score > legibility(without, coverage).score,
          overlap: painted ? overlap(made, coverage) / painted.overlap(style, word) : Number.NaN,
          style,
          named: painted?.nameStyle(features(made)) ?? '',
        }
      })
      perStyle[style] = sum(own)
      tell(style, sum(own))
      all.push(...own)
    }
    report['retrieval'] = { ...perStyle, all: sum(all), pairs: all.length }
    tell('in all', sum(all))
    if (painted)
      say(
        'style',
        'the painter’s',
        `${percent(painted.ceiling)} of its own pictures (kept from the classifier) named right`,
      )
  },

  async words() {
    const found: Record<string, { read: number; contrast: number }> = {}
    for (const word of KEPT_OUT_WORDS) {
      const all = await several(styles, studio.generator, async ({ id: style }) => {
        const picture = await paint({ word, style })
        return seen(word, picture, await coverageOf(word, picture))
      })
      found[word] = { read: share(all.map(one => one.read)), contrast: share(all.map(one => one.contrast)) }
      tellSeen(word, found[word])
    }
    report['words'] = found
  },

  async scale() {
    const margins: number[] = []
    for (const scale of [0, 0.25, 0.5, 0.75, 1]) {
      const all = await several(inTurn, studio.generator, async ({ word, style }) => {
        const image = await paint({ word, style: style.id, ...weights(map => style.controls[map].weight * scale) })
        return rank(image, word, gallery).margin
      })
      margins.push(mean(all))
    }
    report['scale'] = margins
    say(
      'scale',
      '',
      `margin at 0, 0.25, 0.5, 0.75, 1: ${margins.map(margin => margin.toFixed(3)).join(', ')} (aim: it rises)`,
    )
  },

  async single() {
    const single: Record<string, number> = {}
    for (const map of MAPS) {
      const hits = await several(inTurn, studio.generator, async ({ word, style }) => {
        const image = await paint({ word, style: style.id, ...weights(other => (other === map ? 1 : 0)) })
        return rank(image, word, gallery).hit
      })
      single[map] = share(hits)
      say('single', map, `${percent(single[map])} (aim 60 %)`)
    }
    report['single'] = single
  },

  async seeds() {
    const differences = await several(inTurn, studio.generator, async ({ word, style }) => {
      const [a, b] = [await paint({ word, style: style.id, seed: 1 }), await paint({ word, style: style.id, seed: 2 })]
      let [sum, count] = [0, 0]
      const coverage = await coverageOf(word, a)
      coverage.data.forEach((ink, pixel) => {
        if (ink > 127) return
        for (let c = 0; c < 3; c++) sum += Math.abs(a.data[pixel * 3 + c] - b.data[pixel * 3 + c])
        count += 3
      })
      return sum / count / 255
    })
    report['seeds'] = mean(differences)
    say('seeds', '', `differ by ${mean(differences).toFixed(3)} of range outside the glyph (aim 0.2)`)
  },

  async colour() {
    const moved = await several(inTurn, studio.generator, async ({ word, style }, i) => {
      const [name, hue] = Object.entries(HUES)[i % Object.keys(HUES).length]
      const paintIn = async (colour: string) => {
        const prompt = `${style.template.replaceAll('{meaning}', 'a word').replaceAll('{character}', word)}${colour}`
        const image = await paint({ word, style: style.id, prompt, negativePrompt: style.negativePrompt })
        return distance(dominantHue(image), hue)
      }
      return (await paintIn(`, ${name}`)) < (await paintIn(''))
    })
    report['colour'] = share(moved)
    say('colour', '', `${percent(share(moved))} move towards the colour (aim 80 %)`)
  },

  async grid() {
    const smooth = inTurn.filter(({ style }) => style.id !== 'pixel-art')
    const grids = await several(smooth, studio.generator, async ({ word, style }) =>
      gridOf(await paint({ word, style: style.id, seed: 1 })),
    )
    for (const way of ['across', 'down'] as const satisfies (keyof Grid)[]) {
      const ratios = PERIODS.map((_, i) => Math.exp(mean(grids.map(grid => Math.log(grid[way][i])))))
      report[`grid ${way}`] = ratios
      const line = PERIODS.map((period, i) => `${ratios[i].toFixed(1)} at ${period} pixels`)
      say('grid', way, `${line.join(', ')} (1: none)`)
    }
  },
}

const wanted = values.only.split(',')
for (const name of PARTS) if (wanted.includes(name)) await parts[name]()
if (values.json) console.log(JSON.stringify(report))
