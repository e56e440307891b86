/** One word of a set, as a list or SET.json has it. */
import { z } from 'zod'
import { requestInputSchema } from '../contract/request.ts'

export const seed = requestInputSchema.shape.seed.unwrap()
export const text = z.string().trim().max(200)

export const wordSchema = z.strictObject({
  word: z.string().min(1),
  translation: text.nullable().optional(),
  /** Otherwise looked up for Chinese words. */
  pinyin: text.optional(),
  /** For this word alone, in place of the set's styles and seeds. */
  style: z.string().optional(),
  seed: seed.optional(),
})
export type SetWord = z.infer<typeof wordSchema>
