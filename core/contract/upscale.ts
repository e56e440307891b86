/** A picture painted again larger, under maps that are drawn anew at that size; or only resampled. */
import { z } from 'zod'

export const upscaleSchema = z.discriminatedUnion('method', [
  z.strictObject({
    method: z.literal('tiled'),
    /** Side of a tile, pixels: what the model paints best. */
    tile: z.int().min(64).max(2048).multipleOf(64),
    /** What neighbours share at least, part of a tile. */
    overlap: z.number().min(0).max(0.5),
  }),
  /** Lanczos' filter: nothing is painted. */
  z.strictObject({ method: z.literal('lanczos') }),
])
export type Upscale = z.infer<typeof upscaleSchema>

/** As a caller may give it: the model says the tile's side. */
export const upscaleInputSchema = z.discriminatedUnion('method', [
  upscaleSchema.options[0].partial({ tile: true, overlap: true }),
  upscaleSchema.options[1],
])

/** The part of a tile that neighbours share where nobody says another. */
export const TILE_OVERLAP = 0.125
