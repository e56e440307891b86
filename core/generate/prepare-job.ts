/**
 * A complete request → the job of the inference process: paths made absolute, pictures read and resized, maps drawn.
 */
import { isAbsolute, resolve } from 'node:path'
import { repaintArea } from '../conditioning/repaint-area.ts'
import type { Request } from '../contract/request.ts'
import { MAPS, type Method, UNION_MODES } from '../contract/vocabulary.ts'
import { fault } from '../faults/fault.ts'
import type { ControlPicture, MicroConditioning, ModelFiles, Pair, PipelineJob } from '../pipeline/job.ts'
import type { LatentPreview } from '../pipeline/preview.ts'
import { type Gray, grayToRgb, type Rgb } from '../raster/raster.ts'
import { readPicture } from '../raster/read.ts'
import { resample } from '../raster/resample.ts'
import type { DrawnWord, WordMaps } from './word-maps.ts'

export interface PrepareOptions {
  /** Folder that relative paths of the request start from. */
  base: string
  files: ModelFiles
  /** As built, or as the request gives them. */
  prompts: { prompt: string; negativePrompt: string | null }
  preview: LatentPreview | null
  trace: boolean
  maps: Pick<WordMaps, 'draw'>
  signal?: AbortSignal
}

export async function prepareJob(
  request: Request,
  options: PrepareOptions,
): Promise<{ job: PipelineJob; word: DrawnWord | null }> {
  const { base, files, prompts, preview, trace } = options
  const { width, height } = request
  const path = (file: string) => (isAbsolute(file) ? file : resolve(base, file))
  const reference = (text: string | null) =>
    text && `${path(text.slice(0, text.lastIndexOf('#')))}${text.slice(text.lastIndexOf('#'))}`
  const picture = async (file: string) => resample(await readPicture(path(file)), width, height, 'lanczos')

  const repaint = request.repaint ?? null
  const brush = repaint?.mask ? toGray(await picture(repaint.mask)) : null
  const word = await drawWord(request, options, repaint && { area: repaint, brush })
  // An area that a brush painted needs no word.
  const area = repaint && (word?.area ?? (await repaintArea(repaint, null, brush)))
  const controls: ControlPicture[] = []
  for (const { type, image, ...window } of request.controlImages ?? []) {
    controls.push({ mode: UNION_MODES[type], image: await picture(image), ...window })
  }
  for (const map of MAPS) {
    const control = request.controls?.[map]
    // A weight of 0 switches a drawn map off; in a replay it is an explicit 0.
    if (!control || control.weight === 0) continue
    const drawn = word?.maps.find(made => made.map === map)?.image
    const image = control.image === null ? toRgb(drawn!) : await picture(control.image)
    controls.push({ mode: UNION_MODES[map], image, weight: control.weight, start: control.start, end: control.end })
  }
  const init =
    request.initImage === null ? null : { image: await picture(request.initImage), strength: request.strength }
  if (repaint && !init) throw fault('repaintNeedsPicture')
  if (area && init) controls.push({ ...repaintControl(init.image, area), start: 0, end: 1 })
  const { seed, count, steps, guidanceScale, sampler, scheduler, longPrompt, clipSkip } = request
  const [sizes, negativeSizes] = microConditioning(request)
  const job: PipelineJob = {
    files,
    ...prompts,
    width,
    height,
    seed,
    count,
    steps,
    guidanceScale,
    sampler,
    scheduler,
    longPrompt,
    clipSkip,
    controls,
    init,
    ...(area && { repaint: area }),
    sizes,
    negativeSizes,
    preview,
    trace,
    promptWeights: request.promptWeights ?? false,
    latents: reference(request.latents),
    noise: reference(request.noise),
  }
  return { job, word }
}

type Area = Parameters<WordMaps['draw']>[3]

/** ProMax's own picture for repainting: what stays, and black where it is painted again (xinsir, controlnet-union promax). */
function repaintControl({ data, ...size }: Rgb, area: Gray): Omit<ControlPicture, 'start' | 'end'> {
  const image = { ...size, data: data.map((value, i) => (area.data[Math.floor(i / 3)] > 0 ? 0 : value)) }
  return { mode: UNION_MODES.repaint, image, weight: 1, optional: true }
}

/** Luminance of a black and white picture. */
function toGray({ width, height, data }: Rgb): Gray {
  const out = new Uint8Array(width * height)
  for (let i = 0; i < out.length; i++) out[i] = data[3 * i + 1]
  return { width, height, channels: 1, data: out }
}

async function drawWord(
  request: Request,
  { maps, signal }: PrepareOptions,
  area: Area | null,
): Promise<DrawnWord | null> {
  const choices = MAPS.flatMap(map => {
    const control = request.controls?.[map]
    return control && control.image === null && control.weight > 0 ? [{ map, method: control.method as Method }] : []
  })
  const written = request.word || request.composition
  return written && (choices.length > 0 || area) ? maps.draw(request, choices, signal, area ?? undefined) : null
}

function toRgb(image: Gray | Rgb): Rgb {
  return image.channels === 3 ? image : grayToRgb(image)
}

/** SDXL's size conditioning, [height, width]; the default is the picture's own size, not cropped. */
function microConditioning(request: Request): [MicroConditioning, MicroConditioning] {
  const own: Pair = [request.height, request.width]
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
