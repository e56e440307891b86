/** Which part of a picture is painted again. */
import { z } from 'zod'

const places = z.array(z.int().min(1).max(10_000)).max(500)

export const repaintSchema = z.strictObject({
  /** Strokes of the words in writing order, the first is 1. */
  strokes: places.default([]),
  /** The radicals of the characters. */
  radical: z.boolean().default(false),
  /** Blocks of the composition, the first is 1. */
  blocks: places.default([]),
  /** All but the ink of words, motifs and drawings. */
  ground: z.boolean().default(false),
  /** A picture file: white is painted again. */
  mask: z.string().nullable().default(null),
  /** How far the area reaches beyond its ink, share of the shorter side: a stroke's edge belongs to it. */
  grow: z.number().min(0).max(0.5).default(0.02),
  /** Over how much more it fades into what stays, share of the shorter side. */
  feather: z.number().min(0).max(0.5).default(0.03),
})
export type Repaint = z.infer<typeof repaintSchema>
