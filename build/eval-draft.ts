/**
 * npm run eval:draft: what the draft model can do, on characters kept out of its training, fixed seeds.
 *
 *   npm run eval:draft [-- --characters 64] [--styles comic,neon] [--only retrieval,scale,single,seeds,colour] [--json]
 *
 * retrieval  the right glyph is the nearest of 500 glyph masks by |normalised cross-correlation| over the picture's best
 *            channel (R, G, B, L, a, b), with default weights and with all weights 0
 * scale      the margin of the right glyph over the best wrong one, at a common weight scale 0, 0.25, 0.5, 0.75, 1
 * single     retrieval with each control alone at weight 1
 * seeds      mean absolute difference of two seeds outside the glyph, share of range
 * colour     a colour word moves the dominant hue towards it
 */
import { parseArgs } from 'node:util'
import { DEFAULT_LAYOUT, MAPS, type MapName, type RequestInput } from '../core/contract.ts'
import { drawWord } from '../core/glyph/draw.ts'
import { CHANNELS, type Plane, shrink, sixPlanes } from '../core/image/planes.ts'
import type { Rgb } from '../core/image/raster.ts'
import type { GeneratedPicture } from '../core/pipeline/ai-image-generator.ts'
import { BUILT_IN_STYLES } from '../core/prompt/styles.ts'
import { Studio } from '../core/studio.ts'
import { KEPT_OUT_CHARACTERS } from './draft-words.ts'

const PARTS = ['retrieval', 'scale', 'single', 'seeds', 'colour'] as const
const { values } = parseArgs({
  options: {
    characters: { type: 'string', default: '64' },
    styles: { type: 'string', default: BUILT_IN_STYLES.map(({ id }) => id).join() },
    only: { type: 'string', default: PARTS.join() },
    json: { type: 'boolean', default: false },
  },
})
const characters = KEPT_OUT_CHARACTERS.slice(0, Number(values.characters))
const styles = values.styles.split(',')
const wanted = (part: (typeof PARTS)[number]) => values.only.split(',').includes(part)

/** Side of the pictures that are compared. */
const SIDE = 64
const GALLERY = 500
const HUES: Record<string, number> = { red: 0, yellow: 60, green: 120, blue: 220, purple: 280 }

await using studio = new Studio()
const gallery = await glyphGallery()

async function paint(request: RequestInput): Promise<GeneratedPicture> {
  return (await studio.generator.generate(request, { base: process.cwd() }))[0]
}

/** The kept-out characters first, then others, as zero-mean unit-length masks. */
async function glyphGallery(): Promise<{ char: string; mask: Float64Array }[]> {
  const others: string[] = []
  for (let code = 0x4e00; others.length < GALLERY - characters.length; code += 37) {
    const char = String.fromCodePoint(code)
    if (!characters.includes(char)) others.push(char)
  }
  const all: { char: string; mask: Float64Array }[] = []
  for (const char of [...characters, ...others]) {
    const drawn = await drawWord(char, DEFAULT_LAYOUT, 512, 512).catch(() => null)
    if (drawn) all.push({ char, mask: unit(shrink(drawn.coverage, SIDE)[0]) })
  }
  return all
}

function unit({ data }: Plane): Float64Array {
  const mean = data.reduce((a, b) => a + b, 0) / data.length
  const centred = Float64Array.from(data, value => value - mean)
  const length = Math.sqrt(centred.reduce((sum, value) => sum + value * value, 0)) || 1
  return centred.map(value => value / length)
}

/** Each glyph's best |correlation| over the channels, and the margin of the right one over the best wrong one. */
function rank(picture: Rgb, right: string): { hit: boolean; margin: number } {
  const planes = sixPlanes(picture, SIDE)
  const channels = CHANNELS.map(channel => unit(planes[channel]))
  let [own, other] = [0, 0]
  for (const { char, mask } of gallery) {
    const score = Math.max(
      ...channels.map(channel => Math.abs(channel.reduce((sum, value, i) => sum + value * mask[i], 0))),
    )
    if (char === right) own = score
    else other = Math.max(other, score)
  }
  return { hit: own > other, margin: own - other }
}

const weights = (value: (map: MapName) => number) => ({
  controls: Object.fromEntries(MAPS.map(map => [map, { weight: value(map) }])) as NonNullable<RequestInput['controls']>,
})
const share = (flags: boolean[]) => flags.filter(Boolean).length / flags.length
const mean = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0) / numbers.length
const percent = (value: number) => `${(100 * value).toFixed(0)} %`

const report: Record<string, unknown> = { characters: characters.length, gallery: gallery.length }
const say = (line: string) => (values.json ? undefined : console.log(line))

if (wanted('retrieval')) {
  const perStyle: Record<string, { default: number; zero: number }> = {}
  for (const style of styles) {
    const hits: boolean[] = []
    const zero: boolean[] = []
    for (const word of characters) {
      hits.push(rank((await paint({ word, style })).image, word).hit)
      zero.push(rank((await paint({ word, style, ...weights(() => 0) })).image, word).hit)
    }
    perStyle[style] = { default: share(hits), zero: share(zero) }
    say(
      `retrieval  ${style.padEnd(14)} ${percent(share(hits))} with default weights, ${percent(share(zero))} with weights 0`,
    )
  }
  const all = Object.values(perStyle)
  report['retrieval'] = perStyle
  say(
    `retrieval  ${'in all'.padEnd(14)} ${percent(mean(all.map(one => one.default)))} with default weights (aim 95 %), ${percent(mean(all.map(one => one.zero)))} with weights 0 (aim 5 %)`,
  )
}

if (wanted('scale')) {
  const margins: number[] = []
  for (const scale of [0, 0.25, 0.5, 0.75, 1]) {
    const all: number[] = []
    for (const [i, word] of characters.entries()) {
      const style = BUILT_IN_STYLES.find(({ id }) => id === styles[i % styles.length])!
      const { image } = await paint({ word, style: style.id, ...weights(map => style.controls[map].weight * scale) })
      all.push(rank(image, word).margin)
    }
    margins.push(mean(all))
  }
  report['scale'] = margins
  say(`scale      margin at 0, 0.25, 0.5, 0.75, 1: ${margins.map(margin => margin.toFixed(3)).join(', ')}`)
}

if (wanted('single')) {
  const single: Record<string, number> = {}
  for (const map of MAPS) {
    const hits: boolean[] = []
    for (const [i, word] of characters.entries()) {
      const { image } = await paint({
        word,
        style: styles[i % styles.length],
        ...weights(other => (other === map ? 1 : 0)),
      })
      hits.push(rank(image, word).hit)
    }
    single[map] = share(hits)
    say(`single     ${map.padEnd(14)} ${percent(single[map])} (aim 60 %)`)
  }
  report['single'] = single
}

if (wanted('seeds')) {
  const differences: number[] = []
  for (const [i, word] of characters.entries()) {
    const request = { word, style: styles[i % styles.length] }
    const [a, b] = [await paint({ ...request, seed: 1 }), await paint({ ...request, seed: 2 })]
    let [sum, count] = [0, 0]
    a.mask!.data.forEach((ink, pixel) => {
      if (ink) return
      for (let c = 0; c < 3; c++) sum += Math.abs(a.image.data[pixel * 3 + c] - b.image.data[pixel * 3 + c])
      count += 3
    })
    differences.push(sum / count / 255)
  }
  report['seeds'] = mean(differences)
  say(`seeds      differ by ${mean(differences).toFixed(3)} of range outside the glyph (aim 0.05)`)
}

if (wanted('colour')) {
  const moved: boolean[] = []
  for (const [i, word] of characters.entries()) {
    const style = BUILT_IN_STYLES.find(({ id }) => id === styles[i % styles.length])!
    const [name, hue] = Object.entries(HUES)[i % Object.keys(HUES).length]
    const paintIn = async (colour: string) => {
      const prompt = `${style.template.replaceAll('{meaning}', 'a word').replaceAll('{character}', word)}${colour}`
      return distance(
        dominantHue((await paint({ word, style: style.id, prompt, negativePrompt: style.negativePrompt })).image),
        hue,
      )
    }
    moved.push((await paintIn(`, ${name}`)) < (await paintIn('')))
  }
  report['colour'] = share(moved)
  say(`colour     ${percent(share(moved))} move towards the colour (aim 80 %)`)
}
if (values.json) console.log(JSON.stringify(report))

/** Mean direction of the hues, weighed by saturation, degrees. */
function dominantHue({ data }: Rgb): number {
  let [x, y] = [0, 0]
  for (let i = 0; i < data.length; i += 3) {
    const [r, g, b] = [data[i], data[i + 1], data[i + 2]]
    // Two axes of the colour plane, a third of a turn between red, green and blue.
    x += r - g / 2 - b / 2
    y += (Math.sqrt(3) / 2) * (g - b)
  }
  return (Math.atan2(y, x) * 180) / Math.PI
}

function distance(a: number, b: number): number {
  const difference = Math.abs(a - b) % 360
  return Math.min(difference, 360 - difference)
}
