/** The colours that a picture is asked to have. */
import { z } from 'zod'
import { expectations } from '../faults/phrases.ts'
import { PALETTE_COLOURS } from './vocabulary.ts'

const colour = z.string().regex(/^#[0-9a-f]{6}$/, expectations.colourExpected())

export const paletteSchema = z.strictObject({
  /** What lies around the ink; null: whatever the style paints. */
  ground: colour.nullable().default(null),
  /** Of words and motifs; blocks of a composition take them by turns. */
  inks: z
    .array(colour)
    .max(PALETTE_COLOURS - 1)
    .default([]),
  /** The picture begins as flat colours under much noise, which holds the palette better than words do. */
  hold: z.boolean().default(false),
})
export type Palette = z.infer<typeof paletteSchema>

/** Colours as styles list them, the ground first; what is beyond the most is left out. */
export const paletteFrom = ([ground, ...inks]: readonly string[], hold: boolean): Palette => ({
  ground: ground ?? null,
  hold,
  inks: inks.slice(0, PALETTE_COLOURS - 1),
})
