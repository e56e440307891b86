/**
 * A complete request → the job of the inference process: paths made absolute, pictures read and resized, maps drawn.
 */
import { isAbsolute, resolve } from 'node:path'
import type { Repaint } from '../contract/repaint.ts'
import type { Request } from '../contract/request.ts'
import { LATENT_STRIDE, type TileSize } from '../engine/tiles.ts'
import { fault } from '../faults/fault.ts'
import { readPicture } from '../pictures/door.ts'
import type {
  ControlPicture,
  MicroConditioning,
  ModelFiles,
  Pair,
  PipelineJob,
  PipelinePreparation,
  PlannedControl,
} from '../pipeline/job.ts'
import type { LatentPreview } from '../pipeline/preview.ts'
import { type Gray, grayToRgb, type Rgb } from '../raster/raster.ts'
import { flatColours, startOf } from './flat-colours.ts'
import { drawnMaps, plannedControls } from './planned-controls.ts'
import type { DrawnWord, WordMaps } from './word-maps.ts'

export interface PrepareOptions {
  /** Folder that relative paths of the request start from. */
  base: string
  files: ModelFiles
  /** As built, or as the request gives them. */
  prompts: { prompt: string; negativePrompt: string | null }
  preview: LatentPreview | null
  trace: boolean
  signal?: AbortSignal | undefined
}

/** @param word its maps, as drawWord() gives them */
export async function prepareJob(
  request: Request,
  word: DrawnWord | null,
  { base, files, prompts, preview, trace, signal }: PrepareOptions,
): Promise<PipelineJob> {
  const { width, height } = request
  const path = (file: string) => (isAbsolute(file) ? file : resolve(base, file))
  const reference = (text: string | null) =>
    text && `${path(text.slice(0, text.lastIndexOf('#')))}${text.slice(text.lastIndexOf('#'))}`
  const picture = (file: string) => readPicture(path(file), { size: { width, height }, signal })

  const start = startOf(request)
  const init = start && {
    image: start.from === 'picture' ? await picture(request.initImage!) : flatColours(request.palette!, request, word),
    strength: start.strength,
  }
  const { repaint } = request
  if (repaint && request.initImage === null) throw fault('repaintNeedsPicture')
  // An area that a brush painted needs no word.
  const area = repaint && (word?.area ?? (await brushedArea(repaint, await brushOf(request, { base, signal }))))
  const controls: ControlPicture[] = []
  for (const { source, ...control } of plannedControls(request)) {
    if (source === 'repaint') {
      controls.push({ ...control, image: blackened(init!.image, area!) })
      continue
    }
    if (source === 'tile') {
      controls.push({ ...control, image: init!.image })
      continue
    }
    const drawn = () => word!.maps.find(made => made.map === source.map)!.image
    controls.push({ ...control, image: source.image === null ? toRgb(drawn()) : await picture(source.image) })
  }
  const { seed, count } = request
  return {
    ...preparationOf(request, files, prompts),
    seed,
    count,
    controls,
    init,
    ...(area && { repaint: area }),
    preview,
    trace,
    latents: reference(request.latents),
    noise: reference(request.noise),
  }
}

/** What the inference process can begin with while the maps are drawn. */
export function preparationOf(
  request: Request,
  files: ModelFiles,
  prompts: PrepareOptions['prompts'],
): PipelinePreparation {
  const {
    width,
    height,
    steps,
    sampler,
    scheduler,
    guidanceScale,
    count,
    longPrompt,
    clipSkip,
    promptWeights = false,
  } = request
  const [sizes, negativeSizes] = microConditioning(request)
  const start = startOf(request)
  const controls = plannedControls(request).map(({ source, ...control }): PlannedControl => control)
  return {
    files,
    prompt: prompts.prompt,
    negativePrompt: prompts.negativePrompt,
    width,
    height,
    steps,
    sampler,
    scheduler,
    guidanceScale,
    count,
    init: start && { strength: start.strength },
    longPrompt,
    clipSkip,
    sizes,
    negativeSizes,
    promptWeights,
    controls,
    ...(request.upscale && { tiling: tileSizeOf(request.upscale) }),
  }
}

/** Whole latents: a multiple of 8 pixels. */
export function tileSizeOf(upscale: Request['upscale']): TileSize | null {
  if (upscale?.method !== 'tiled') return null
  return { side: upscale.tile, overlap: Math.round((upscale.tile * upscale.overlap) / LATENT_STRIDE) * LATENT_STRIDE }
}

/** ProMax's picture for repainting: what stays, and black where it is painted again (xinsir, controlnet-union promax). */
function blackened({ data, ...size }: Rgb, area: Gray): Rgb {
  return { ...size, data: data.map((value, i) => (area.data[Math.floor(i / 3)] > 0 ? 0 : value)) }
}

interface DrawOptions {
  /** Folder that relative paths start from. */
  base: string
  maps: Pick<WordMaps, 'draw'>
  signal: AbortSignal
}

/**
 * The word with the maps that the request wants drawn of it, and the area that it wants painted again; null where it wants
 * none. Throws StudioError.
 */
export async function drawWord(request: Request, { base, maps, signal }: DrawOptions): Promise<DrawnWord | null> {
  const choices = drawnMaps(request)
  const { repaint } = request
  const written = request.word || request.composition
  const colours = request.initImage === null && request.palette?.hold
  if (!written || (choices.length === 0 && !repaint && !colours)) return null
  const area = repaint ? { area: repaint, brush: await brushOf(request, { base, signal }) } : undefined
  return maps.draw(request, choices, signal, area)
}

/** Strokes and radicals come with what draws them, which the host does without until a picture is repainted. */
async function brushedArea(repaint: Repaint, brush: Gray | null): Promise<Gray> {
  const { repaintArea } = await import('../conditioning/repaint-area.ts')
  return repaintArea(repaint, null, brush)
}

/** The mask that a user has brushed: its luminance, at the picture's size. */
async function brushOf(
  { repaint, width, height }: Request,
  { base, signal }: { base: string; signal?: AbortSignal | undefined },
): Promise<Gray | null> {
  if (!repaint?.mask) return null
  const { data } = await readPicture(resolve(base, repaint.mask), { size: { width, height }, signal })
  const out = new Uint8Array(width * height)
  // It is black and white: every channel says the same.
  for (let i = 0; i < out.length; i++) out[i] = data[3 * i + 1]
  return { width, height, channels: 1, data: out }
}

function toRgb(image: Gray | Rgb): Rgb {
  return image.channels === 3 ? image : grayToRgb(image)
}

/** SDXL's size conditioning, [height, width]; the default is the own size of a picture, or of its tiles, not cropped. */
function microConditioning(request: Request): [MicroConditioning, MicroConditioning] {
  const side = request.upscale?.method === 'tiled' ? request.upscale.tile : Infinity
  const own: Pair = [Math.min(side, request.height), Math.min(side, request.width)]
  const sizes = {
    originalSize: request.originalSize ?? own,
    cropTopLeft: request.cropTopLeft ?? [0, 0],
    targetSize: request.targetSize ?? own,
  } as const
  // As in diffusers, the negative ones count only together.
  if (!request.negativeOriginalSize || !request.negativeTargetSize) return [sizes, sizes]
  const negative = {
    originalSize: request.negativeOriginalSize,
    cropTopLeft: request.negativeCropTopLeft ?? [0, 0],
    targetSize: request.negativeTargetSize,
  } as const
  return [sizes, negative]
}
