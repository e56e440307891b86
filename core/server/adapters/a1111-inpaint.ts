/**
 * A1111's inpainting as a repaint of ours.
 * Source: its modules/processing.py, StableDiffusionProcessingImg2Img; wiki, Features, Inpainting.
 */
import { z } from 'zod'
import { fault } from '../../faults/fault.ts'
import { asDataUrl, type OwnRequests } from '../service/own-request.ts'
import { DEFAULT_SIDE } from './a1111-control.ts'
import { lax } from './lax.ts'
import { type Masked, masked } from './mask.ts'

const blur = lax(z.number().min(0).max(512).nullish())
const flag = z.union([z.boolean(), z.literal(0), z.literal(1)]).nullish()

export const inpaintFields = {
  mask: z.string().nullish(),
  /** Gaussian sigma, pixels. */
  mask_blur: blur,
  mask_blur_x: blur,
  mask_blur_y: blur,
  inpainting_mask_invert: flag,
  /** 0 the colours around, 1 what stands there, 2 noise, 3 nothing. */
  inpainting_fill: lax(z.int().min(0).max(3).nullish()),
  inpaint_full_res: flag,
  inpaint_full_res_padding: lax(z.int().min(0).max(4096).nullish()),
}
const inpaintSchema = z.object(inpaintFields)
type Inpaint = z.infer<typeof inpaintSchema> & { width?: number | null | undefined; height?: number | null | undefined }

/** As its own API has it where a client leaves it out. */
const DEFAULT_BLUR = 4
/** A soft edge that is straight and as wide as this many sigmas looks like the Gaussian one. */
const SIGMAS = 4

/**
 * @param picture a file of ours. @returns null where there is no mask
 * @throws StudioError naming the field that a repaint cannot express
 */
export async function inpaintOf(own: OwnRequests, body: Inpaint, picture: string): Promise<Masked | null> {
  if (!body.mask) return null
  const { mask_blur_x: across, mask_blur_y: down, inpainting_fill: fill } = body
  if (across != null && down != null && across !== down) throw fault('notWithThis', { field: 'mask_blur_x' })
  // Noise in latents that otherwise keep the picture: our pipeline begins with a picture.
  if (fill === 2 || fill === 3) throw fault('notWithThis', { field: 'inpainting_fill' })
  const url = asDataUrl('mask', body.mask)
  const { width, height, inpaint_full_res: whole, inpaint_full_res_padding: padding } = body
  return masked(own, {
    ...{ picture, mask: Buffer.from(url.slice(url.indexOf(',') + 1), 'base64'), open: 'white' },
    invert: Boolean(body.inpainting_mask_invert),
    edge: SIGMAS * (body.mask_blur ?? across ?? down ?? DEFAULT_BLUR),
    place: 'across',
    fill: (fill ?? 0) === 0,
    closeUp:
      (whole ?? true) ? { padding: padding ?? 0, width: width ?? DEFAULT_SIDE, height: height ?? DEFAULT_SIDE } : null,
  })
}
