/** Units of A1111's ControlNet extension as control pictures of ours, and its preprocessors as our methods. */
import { z } from 'zod'
import type { MapChoice } from '../../conditioning/make-map.ts'
import type { RequestInput } from '../../contract/request.ts'
import { LIMITS, MAPS, METHODS, UNION_MODES, type UnionMode } from '../../contract/vocabulary.ts'
import { fault, phrase } from '../../faults/fault.ts'
import { parse } from '../../faults/parse.ts'
import { encodeFast } from '../../host/blobs.ts'
import type { ServiceParts } from '../service/generate.ts'
import { asDataUrl } from '../service/own-request.ts'
import { lax } from './lax.ts'

const imageSchema = z.union([z.string(), z.looseObject({ image: z.string() })]).nullish()

const unitSchema = z.looseObject({
  enabled: z.boolean().nullish(),
  image: imageSchema,
  input_image: imageSchema,
  module: z.string().max(100).nullish(),
  model: z.string().max(300).nullish(),
  weight: lax(z.number().min(0).max(2).nullish()),
  guidance_start: lax(z.number().min(0).max(1).nullish()),
  guidance_end: lax(z.number().min(0).max(1).nullish()),
})
export const unitsSchema = z.array(unitSchema).max(16)
type Unit = z.infer<typeof unitSchema>

type ControlImages = NonNullable<RequestInput['controlImages']>

/** Side of a picture that a method is run on, where the client names none. */
export const DEFAULT_SIDE = 512

/** @throws StudioError for a unit whose kind is not known, or whose picture cannot be read */
export async function controlImagesOf(
  parts: ServiceParts,
  units: readonly Unit[],
  { width, height }: { width?: number | null | undefined; height?: number | null | undefined },
): Promise<ControlImages> {
  const found: ControlImages = []
  for (const unit of units) {
    const picture = pictureOf(unit)
    if (unit.enabled === false || picture === null) continue
    const { module = 'none', weight, guidance_start: start, guidance_end: end } = unit
    const choice = choiceOf(module ?? 'none')
    const size = { width: width ?? DEFAULT_SIDE, height: height ?? DEFAULT_SIDE }
    const image = choice
      ? `data:image/png;base64,${await mapOf(parts, picture, choice, size)}`
      : asDataUrl('image', picture)
    found.push({
      type: choice?.map ?? kindOf(`${module} ${unit.model ?? ''}`),
      image,
      weight: weight ?? 1,
      start: start ?? 0,
      end: end ?? 1,
    })
  }
  return found
}

const detectSchema = z.looseObject({
  controlnet_module: z.string().max(100),
  controlnet_input_images: z.array(z.string()).min(1).max(16),
  /** Below the smallest side, as the extension's own -1: no wish. */
  controlnet_processor_res: lax(z.int().max(2048).nullish()),
})

/** POST /controlnet/detect: one of our methods on pictures of the client's. @throws StudioError */
export async function detect(
  parts: ServiceParts,
  body: unknown,
  signal: AbortSignal,
): Promise<{ images: string[]; info: string }> {
  const read = parse(detectSchema, body, phrase('theRequest'))
  const choice = choiceOf(read.controlnet_module)
  if (!choice) throw fault('notWithThis', { field: 'controlnet_module' })
  const wish = read.controlnet_processor_res ?? 0
  const side = wish >= LIMITS.smallestSide ? wish : DEFAULT_SIDE
  const images: string[] = []
  for (const picture of read.controlnet_input_images)
    images.push(await mapOf(parts, picture, choice, { width: side, height: side }, signal))
  return { images, info: 'Success' }
}

async function mapOf(
  { host, own }: ServiceParts,
  picture: string,
  choice: MapChoice,
  size: { width: number; height: number },
  signal?: AbortSignal,
): Promise<string> {
  const path = await own.picture('image', asDataUrl('image', picture))
  const source = { kind: 'picture', picture: path, asIs: false, ...size } as const
  const { maps } = await host.studio.maps.run({ source, maps: [choice] }, signal ? { signal } : {})
  return (await encodeFast(maps[0].image)).toString('base64')
}

function pictureOf({ image, input_image }: Unit): string | null {
  const picture = image ?? input_image ?? null
  return typeof picture === 'object' && picture !== null ? picture.image : picture
}

/** One of our methods by its name. */
function choiceOf(module: string): MapChoice | null {
  for (const map of MAPS)
    if ((METHODS[map] as readonly string[]).includes(module)) return { map, method: module } as MapChoice
  return null
}

/** The kind of a finished control picture, from the names of its preprocessor and model: "control_v11f1p_sd15_depth". */
function kindOf(names: string): UnionMode {
  const text = names.toLowerCase()
  const kinds = Object.keys(UNION_MODES) as UnionMode[]
  const kind = kinds.find(name => text.includes(name)) ?? (/\bseg|_seg/.test(text) ? 'segment' : undefined)
  if (!kind) throw fault('notWithThis', { field: 'alwayson_scripts.controlnet.args.model' })
  return kind
}
