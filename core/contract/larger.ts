/** A larger version of a picture. No zod: the renderer imports it at run time. */
import type { Request, RequestInput } from './request.ts'
import { LIMITS } from './vocabulary.ts'

/** Lengths of the longer side that the studio offers, pixels. */
export const LARGER_SIDES = [1024, 2048, 4096] as const
/** Where nobody says another. */
export const LARGER_SIDE = 2048

/** How a larger version is made: painted again in tiles, or resampled. */
export const UPSCALE_METHODS = ['tiled', 'lanczos'] as const
export type UpscaleMethod = (typeof UPSCALE_METHODS)[number]

/** What of the steps is run where nobody says another: enough for sharp strokes, too little for another picture. */
export const UPSCALE_STRENGTH = 0.35

/** Whole latents. */
const GRAIN = 8

/** The sides of a picture of that shape whose longer side is `side`, or the longest there is. */
export function sidesAt(
  { width, height }: { width: number; height: number },
  side: number,
): { width: number; height: number } {
  // Limited before both sides are made of it, so that the picture keeps its shape.
  const longer = Math.min(LIMITS.side, side)
  const scaled = (length: number) => Math.round((length * longer) / Math.max(width, height) / GRAIN) * GRAIN
  return { width: scaled(width), height: scaled(height) }
}

/**
 * The request of a picture's larger version. Whatever decided the picture's own noise and size is left out.
 * @param picture the request that made it, with its prompts as they were built
 * @param initImage the picture's file
 */
export function largerRequest(
  picture: RequestInput & Pick<Request, 'width' | 'height'>,
  initImage: string,
  { side, method = 'tiled', strength }: { side: number; method?: UpscaleMethod; strength?: number },
): RequestInput {
  // Models of one or two steps run one at least.
  const least = Math.max(UPSCALE_STRENGTH, 1 / (picture.steps ?? Infinity))
  return {
    ...picture,
    ...sidesAt(picture, side),
    ...{ initImage, strength: strength ?? least, count: 1, upscale: { method } },
    ...{ repaint: null, latents: null, noise: null },
    ...{ originalSize: null, cropTopLeft: null, targetSize: null },
    ...{ negativeOriginalSize: null, negativeCropTopLeft: null, negativeTargetSize: null },
  }
}

/** Of a version that is painted again at the same size: a picture that was painted in tiles still is. */
export const tilesOfVersion = ({ upscale }: Pick<RequestInput, 'upscale'>): Pick<RequestInput, 'upscale'> =>
  upscale === undefined ? {} : { upscale: upscale?.method === 'tiled' ? upscale : null }
