/** Sentences that travel between machines: with key and values, so that each reader has them in its own language. */
import { z } from 'zod'
import { ERROR_CODES } from '../faults/studio-error.ts'

const LONGEST = 4000

export const phraseSchema = z.object({
  message: z.string().max(LONGEST),
  key: z.string().max(100).optional(),
  values: z.record(z.string(), z.unknown()).optional(),
})
export const reportSchema = phraseSchema.extend({ code: z.enum(ERROR_CODES), hint: z.string().max(LONGEST) })
