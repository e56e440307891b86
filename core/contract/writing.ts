/** How a word is written and laid out. */
import { z } from 'zod'

/** How the word is written and laid out on the canvas. */
export const layoutSchema = z.strictObject({
  /** A bundled font's id, a system font's family name, or a path to a font file; null picks by script. */
  font: z.string().nullable(),
  /** true: characters that the font lacks are drawn by the bundled fonts; false or left out: the word is refused. */
  fallback: z.boolean().optional(),
  weight: z.int().min(100).max(900),
  /** Degrees, positive leans right. */
  slant: z.number().min(-30).max(30),
  direction: z.enum(['horizontal', 'vertical', 'grid']),
  /** Share of the shorter side left free on every edge. */
  margin: z.number().min(0).max(0.4),
})
export type Layout = z.infer<typeof layoutSchema>
export const DEFAULT_LAYOUT: Layout = { font: null, weight: 700, slant: 0, direction: 'horizontal', margin: 0.08 }
