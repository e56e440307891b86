/** What all pictures of a set take over from the desk, or from the set that was opened, in one line. */
import { type MapName, SAMPLER_TITLES } from '../../core/contract/vocabulary.ts'
import type { Messages } from '../i18n/index.ts'
import { MAP_ORDER } from '../lists.ts'
import type { sharedOf } from './draft.ts'

export type Settled = ReturnType<typeof sharedOf>
type Field = keyof Settled

/** What the line needs to know of other things. */
interface About {
  t: Messages
  settled: Settled
  /** The model by its name. */
  model: string
  /** The name of a font by its id. */
  fontName(id: string): string
}
type Say<Name extends Field> = (value: NonNullable<Settled[Name]>, about: About) => string | readonly string[]

/** What is meant where nothing is said: the same as in core, whose own constants would bring the schemas along. */
export const USUAL = {
  layout: { weight: 700, slant: 0, direction: 'horizontal', margin: 0.08 },
  ...{ strength: 0.6, longPrompt: 'chunk' },
} as const

const fileOf = (path: string): string => path.split(/[\\/]/).at(-1) ?? path
const nothing = (): string[] => []
/** By the name that it has in a request: it has none on the desk. */
const technical = (field: Field) => (value: unknown) =>
  value === false ? [] : typeof value === 'object' || value === true ? field : `${field} ${fileOf(String(value))}`

/** The words for each field that goes along, in the order of the line. A field that is left out is the default. */
const SAY: { [Name in Field]-?: Say<Name> } = {
  model: (_, { model }) => model,
  controlnet: (path, { t }) => `${t.controlnet} ${fileOf(path)}`,
  vae: path => `VAE ${fileOf(path)}`,
  loras: (loras, { t }) => loras.map(({ path, weight }) => `LoRA ${fileOf(path)} ${t.decimal(weight, 2)}`),
  embeddings: embeddings => embeddings.map(({ path, token }) => token ?? fileOf(path)),
  width: (width, { settled: { height } }) => (height ? `${width} × ${height}` : []),
  height: nothing,
  steps: (steps, { t }) => `${t.steps} ${steps}`,
  guidanceScale: (scale, { t }) => `${t.guidance} ${t.decimal(scale)}`,
  sampler: sampler => SAMPLER_TITLES[sampler],
  controls: (controls, { t }) => MAP_ORDER.flatMap(map => mapLine(map, controls[map], t)),
  controlImages: (images, { t }) => (images.length > 0 ? t.sets.along.controlImages(images.length) : []),
  composition: ({ blocks }, { t }) => {
    const drawings = blocks.filter(({ kind }) => kind === 'drawing').length
    const others = blocks.length - drawings
    return [
      ...(others > 0 ? [t.sets.along.blocks(others)] : []),
      ...(drawings > 0 ? [t.sets.along.drawings(drawings)] : []),
    ]
  },
  layout: layoutLine,
  initImage: (_, { t }) => t.start,
  strength: (strength, { t, settled: { initImage, palette } }) =>
    strength !== USUAL.strength && (initImage || palette?.hold) ? `${t.startChange} ${t.decimal(strength, 2)}` : [],
  repaint: (_, { t }) => t.repaint.title,
  upscale: (_, { t }) => t.upscale.title,
  palette: ({ ground, inks, hold }, { t }) => {
    const colours = [ground, ...inks].filter(colour => colour !== null)
    return [
      ...(colours.length > 0 ? [`${t.palette} ${colours.join(' ')}`] : []),
      ...(hold && colours.length > 0 ? [t.colours.hold] : []),
    ]
  },
  prompt: (prompt, { t }) => (prompt ? `${t.prompt}: ${prompt}` : []),
  negativePrompt: (prompt, { t }) => (prompt ? `${t.negativePrompt}: ${prompt}` : []),
  longPrompt: how => (how === USUAL.longPrompt ? [] : technical('longPrompt')(how)),
  promptWeights: technical('promptWeights'),
  clipSkip: technical('clipSkip'),
  originalSize: technical('originalSize'),
  cropTopLeft: technical('cropTopLeft'),
  targetSize: technical('targetSize'),
  negativeOriginalSize: technical('negativeOriginalSize'),
  negativeCropTopLeft: technical('negativeCropTopLeft'),
  negativeTargetSize: technical('negativeTargetSize'),
  scheduler: technical('scheduler'),
  latents: technical('latents'),
  noise: technical('noise'),
  profile: technical('profile'),
  force: technical('force'),
  // Whose version a picture is changes nothing in it.
  parent: nothing,
}

function mapLine(map: MapName, control: NonNullable<Settled['controls']>[MapName], t: Messages): string[] {
  const { weight, method, start = 0, end = 1, image } = control ?? {}
  const parts = [
    weight !== undefined && t.decimal(weight, 2),
    image ? t.ownMap.title : method && (t.methods as Record<string, string>)[method],
    (start > 0 || end < 1) && `${Math.round(start * 100)}–${Math.round(end * 100)} %`,
  ].filter(part => typeof part === 'string')
  return parts.length > 0 ? [`${t.map[map]} ${parts.join(', ')}`] : []
}

function layoutLine(layout: NonNullable<Settled['layout']>, { t, fontName }: About): string[] {
  const usual = USUAL.layout
  const { font, fallback, weight = usual.weight, slant = usual.slant } = layout
  const { direction = usual.direction, margin = usual.margin } = layout
  return [
    font && `${t.font} ${fontName(font)}`,
    fallback && t.fontFallback,
    direction !== usual.direction && `${t.direction}: ${t.directions[direction]}`,
    weight !== usual.weight && `${t.weight} ${weight}`,
    slant !== usual.slant && `${t.slant} ${slant}°`,
    margin !== usual.margin && `${t.margin} ${Math.round(margin * 100)} %`,
  ].filter(part => typeof part === 'string')
}

/** "Draft · 512 × 512 · Steps 12 · Euler · Edges 0.90 · 2 blocks · Start picture": all that is not the default. */
export function settledLine(settled: Settled, about: Omit<About, 'settled'>): string {
  const said = Object.entries(SAY).flatMap(([field, say]) => {
    const value: unknown = settled[field as Field]
    if (value === null && field === 'controls') return about.t.sets.along.noMaps
    return value == null ? [] : (say as Say<Field>)(value as never, { ...about, settled })
  })
  return said.filter(Boolean).join(' · ')
}
