/** The colours that a picture is asked to have. */
import { z } from 'zod'
import { expectations } from '../faults/phrases.ts'

const colour = z.string().regex(/^#[0-9a-f]{6}$/, expectations.colourExpected())

export const paletteSchema = z.strictObject({
  /** What lies around the ink; null: whatever the style paints. */
  ground: colour.nullable().default(null),
  /** Of words and motifs; blocks of a composition take them by turns. */
  inks: z.array(colour).max(4).default([]),
  /** The picture begins as flat colours under much noise, which holds the palette better than words do. */
  hold: z.boolean().default(false),
})
export type Palette = z.infer<typeof paletteSchema>
