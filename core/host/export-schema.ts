/** What a selection of pictures can be exported as. */
import { z } from 'zod'
import { phrase } from '../faults/fault.ts'
import type { Phrase } from '../faults/studio-error.ts'
import { FORMATS } from '../image/encode.ts'
import { cardOptionsSchema } from '../output/card-layout.ts'
import { templateSchema } from '../sets/template.ts'

const title = z.string().trim().min(1).max(120)

const whatSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('pictures'),
    format: z.enum(FORMATS),
    /** 'word': everything but its ink becomes transparent; 'glow': what differs from the ground stays. */
    transparent: z.enum(['none', 'word', 'glow']),
    /** Leaves out every word of how they were made. */
    strip: z.boolean(),
    names: templateSchema,
  }),
  z.strictObject({ kind: z.literal('sheet'), title, pages: z.enum(['pdf', 'png']) }),
  z.strictObject({ kind: z.literal('deck'), title, maps: z.boolean() }),
  z.strictObject({ kind: z.literal('cards'), title, maps: z.boolean(), options: cardOptionsSchema }),
  z.strictObject({ kind: z.literal('psd'), names: templateSchema }),
  z.strictObject({ kind: z.literal('svg'), names: templateSchema }),
])
export type ExportChoice = z.infer<typeof whatSchema>

export const exportSchema = z.strictObject({
  ids: z.array(z.string().min(1).max(100)).min(1).max(5000),
  what: whatSchema,
})

/** What the screen calls a field of an export, for an error; other fields are known by their path alone. */
export function exportLabel(path: string): Phrase | undefined {
  if (path === 'ids') return phrase('labelPictures')
  if (path === 'what.names') return phrase('labelNames')
  if (path === 'what.title') return phrase('labelTitle')
  if (path === 'what.options.bleed') return phrase('labelBleed')
  // A size of one's own is two numbers: what.options.size.0 and .1.
  return path.startsWith('what.options.size') ? phrase('labelSize') : undefined
}

/** A file that can be fetched for an hour. */
export interface Exported {
  url: string
  name: string
  bytes: number
}
