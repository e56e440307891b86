/** A designer's own picture in place of a map, made ready and shown before it is used. */
import sharp from 'sharp'
import type { MapName, PictureFit } from '../contract/vocabulary.ts'
import { ownMap } from '../image/own-map.ts'
import type { Library } from '../library/library.ts'
import { readPicture } from '../pictures/door.ts'
import type { MapPool } from '../processes/maps/pool.ts'
import { grayToRgb, type Rgb } from '../raster/raster.ts'
import type { OwnMap } from './api/maps.ts'
import type { Blobs } from './blobs.ts'
import { keepPng } from './uploads.ts'

export interface OwnMapRequest {
  path: string
  map: MapName
  width: number
  height: number
  invert: boolean | null
  clean: boolean
  fit: PictureFit
  keep: boolean
}

/** @throws StudioError 'bad-image', 'cannot-write', 'cancelled' */
export async function ownMapOf(
  { library, blobs, pool }: { library: Library; blobs: Blobs; pool: MapPool },
  request: OwnMapRequest,
  signal?: AbortSignal,
): Promise<OwnMap> {
  const picture = request.clean ? await cleaned(pool, request, signal) : await readPicture(request.path, { signal })
  const { image, inverted } = await ownMap(picture, request)
  if (!request.keep) return { url: await blobs.put(image), inverted, path: null }
  const { width, height, channels, data } = image
  return {
    ...(await keepPng(library, await sharp(data, { raw: { width, height, channels } }).png().toBuffer())),
    inverted,
  }
}

/** Its ink, light on dark, as it lies on the canvas. Cleaning takes its time: in a map thread. */
async function cleaned(pool: MapPool, { path, width, height, fit }: OwnMapRequest, signal?: AbortSignal): Promise<Rgb> {
  const source = { kind: 'picture', picture: path, asIs: false, fit, width, height } as const
  const { glyph } = await pool.run({ source, maps: [] }, { urgent: true, ...(signal && { signal }) })
  return grayToRgb(glyph.coverage)
}
