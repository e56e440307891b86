/**
 * Completes a request: fills in fields that were left out, from the model's manifest, the style and the other fields.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { wordsOf } from '../composition/texts.ts'
import { DEFAULT_LAYOUT, paintableSchema, type Request, type RequestInput } from '../contract/request.ts'
import { TILE_OVERLAP } from '../contract/upscale.ts'
import { LIMITS, MAPS, type MapName } from '../contract/vocabulary.ts'
import { fault, phrase } from '../faults/fault.ts'
import { parse } from '../faults/parse.ts'
import { DRAFT } from '../machine/draft-folder.ts'
import type { Manifest } from '../machine/registry.ts'
import type { StyleDefinition } from '../prompt/style.ts'

/** Defaults for SDXL, where neither the model nor the style has its own. */
const SDXL_DEFAULTS = { width: 1024, height: 1024, steps: 30, guidanceScale: 5, sampler: 'dpmpp_2m_karras' } as const

const NOTHING: Omit<Request, 'style' | 'model' | keyof typeof SDXL_DEFAULTS | 'layout' | 'controls' | 'controlImages'> =
  {
    word: null,
    translation: null,
    controlnet: null,
    vae: null,
    loras: [],
    prompt: null,
    negativePrompt: null,
    longPrompt: 'chunk',
    clipSkip: null,
    seed: 1,
    count: 1,
    initImage: null,
    strength: 0.6,
    originalSize: null,
    cropTopLeft: null,
    targetSize: null,
    negativeOriginalSize: null,
    negativeCropTopLeft: null,
    negativeTargetSize: null,
    scheduler: null,
    latents: null,
    noise: null,
  }

export interface DefaultSources {
  style: StyleDefinition
  /** The model's own manifest, if it has one. */
  manifest: Manifest | null
  /** Pixels a side that the UNet was trained at, where its config says so. */
  trainedSize: number | null
}

/** The complete request. Throws StudioError('bad-request' or 'bad-word'). */
export function completeRequest(given: RequestInput, { style, manifest, trainedSize }: DefaultSources): Request {
  const input = withWord(given)
  const side = trainedSize ?? SDXL_DEFAULTS.width
  const fromStyle = manifest ? {} : { steps: style.steps, guidanceScale: style.guidance, sampler: style.sampler }
  const written: RequestInput = {
    ...NOTHING,
    ...SDXL_DEFAULTS,
    width: side,
    height: side,
    ...fromStyle,
    ...manifest?.defaults,
    style: style.id,
    model: DRAFT,
    ...input,
  }
  const request = parse(
    paintableSchema,
    {
      ...written,
      layout: { ...DEFAULT_LAYOUT, ...input.layout },
      controls: completeControls(input, style),
      ...(input.upscale && { upscale: completeUpscale(input.upscale, trainedSize ?? manifest?.defaults?.width) }),
      controlImages: input.controlImages?.map(control => ({ weight: 1, start: 0, end: 1, ...control })) ?? null,
    },
    phrase('theRequest'),
  )
  checkSense(request)
  return request
}

/** A composition says what its words say, where the request names no word itself. */
function withWord(input: RequestInput): RequestInput {
  if (!input.composition || input.word) return input
  return { ...input, word: wordsOf(input.composition, { word: null }).trim() || null }
}

/** Maps are drawn from the word unless the request brings its own pictures, or says null. */
function completeControls(input: RequestInput, style: StyleDefinition): Request['controls'] {
  if (input.controls === null || (!input.controls && (!(input.word || input.composition) || input.controlImages)))
    return null
  const complete = (map: MapName) => ({ image: null, ...style.controls[map], ...input.controls?.[map] })
  return Object.fromEntries(MAPS.map(map => [map, complete(map)])) as Request['controls']
}

/** @param side what the model was trained at, pixels */
function completeUpscale(
  upscale: NonNullable<RequestInput['upscale']>,
  side: number = SDXL_DEFAULTS.width,
): NonNullable<Request['upscale']> {
  if (upscale.method === 'lanczos') return upscale
  return { method: 'tiled', tile: upscale.tile ?? side, overlap: upscale.overlap ?? TILE_OVERLAP }
}

function checkSense(request: Request): void {
  for (const [name, pixels] of [
    ['width', request.width],
    ['height', request.height],
  ] as const) {
    if (pixels % 8 !== 0 || pixels < LIMITS.smallestSide) {
      throw fault('sideWrong', {
        side: name,
        pixels,
        least: LIMITS.smallestSide,
        most: LIMITS.side,
        nearest: Math.max(LIMITS.smallestSide, Math.round(pixels / 8) * 8),
      })
    }
  }
  if (request.upscale && request.initImage === null) throw fault('upscaleNeedsPicture')
  if (request.prompt === null && !request.word) {
    throw fault('noWordNorPrompt')
  }
  const drawn = MAPS.some(map => request.controls?.[map].image === null && request.controls[map].weight > 0)
  if (drawn && !request.word && !request.composition) {
    throw fault('noWordForMaps')
  }
}

/** The side that a model folder's UNet was trained at, pixels; null for a single file. */
export async function trainedSizeOf(modelPath: string): Promise<number | null> {
  const text = await readFile(join(modelPath, 'unet', 'config.json'), 'utf8').catch(() => null)
  if (text === null) return null
  try {
    const { sample_size: side } = JSON.parse(text) as { sample_size?: unknown }
    return typeof side === 'number' && Number.isInteger(side) ? side * 8 : null
  } catch {
    return null // the loader throws the error
  }
}
