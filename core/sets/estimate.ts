/** What a set will be, before it is started. */
import type { Phrase } from '../faults/studio-error.ts'
import { freeBytes } from '../files/disk.ts'
import type { Format } from '../image/encode.ts'
import type { PictureMaker } from '../library/maker.ts'
import type { SetInput } from './definition.ts'
import { parseSet } from './definition.ts'
import { costOf } from './make-pictures.ts'
import { type Plan, planSet } from './plan.ts'

export interface SetEstimate {
  /** Pictures, and files with maps and formats. */
  pictures: number
  files: number
  /** null: this machine has not made a picture yet. */
  milliseconds: number | null
  /** An upper estimate. */
  bytes: number
  /** Free on the target's disk; null where it cannot be told. */
  freeBytes: number | null
  /** The first names, as a preview of the template. */
  names: string[]
  /** Names that had to be changed. */
  notes: Phrase[]
  /** Why pictures would fail, with how many would. */
  problems: Plan['problems']
  /** Megapixel steps. */
  cost: number
}

/** Bytes a pixel, the upper end of what pictures of ours have taken; PNG and TIFF of grain come near their raw size. */
const BYTES_PER_PIXEL: Readonly<Record<Format, number>> = { png: 2.2, tiff: 2.6, webp: 0.45, jpeg: 0.9, avif: 0.35 }
/** Maps are flat. */
const MAP_BYTES_PER_PIXEL = 0.1

export interface EstimateOptions {
  base: string
  complete?: PictureMaker['complete']
  /** Milliseconds a megapixel step, as measured on this machine. */
  rate?: number | null
  /** Where the set will lie. */
  folder?: string
  /** The library keeps a PNG of each picture too. */
  inLibrary?: boolean
  signal?: AbortSignal
}

/** @throws StudioError 'bad-request' */
export async function estimateSet(
  input: SetInput,
  { base, complete, rate = null, folder, inLibrary = false, signal }: EstimateOptions,
): Promise<SetEstimate> {
  const definition = parseSet(input)
  const { pictures, notes, problems } = await planSet(definition, {
    base,
    ...(complete && { complete }),
    ...(signal && { signal }),
  })
  const pixels = pictures.map(({ about }) => (about.width ?? 1024) * (about.height ?? 1024))
  const perPixel = definition.formats.reduce(
    (sum, format) => sum + BYTES_PER_PIXEL[format],
    definition.maps.length * MAP_BYTES_PER_PIXEL,
  )
  const each = definition.keep.best ?? definition.keep.legible?.tries ?? 1
  const inFolder = perPixel * (definition.zip ? 2 : 1)
  const bytes = pixels.reduce((sum, n) => sum + n * (inFolder + (inLibrary ? BYTES_PER_PIXEL.png : 0)), 0)
  const cost = pictures.reduce((sum, picture) => sum + costOf(picture), 0) * each
  return {
    pictures: pictures.length,
    files: pictures.reduce((sum, { files }) => sum + files.length, 0),
    milliseconds: rate === null ? null : cost * rate,
    bytes: Math.ceil(bytes),
    freeBytes: folder ? await freeBytes(folder) : null,
    names: pictures.slice(0, 5).map(({ files }) => files[0].name),
    ...{ notes, problems, cost },
  }
}
