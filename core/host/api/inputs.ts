/** Input schemas that several areas of the contract share. */

import { z } from 'zod'
import { LIMITS } from '../../contract/vocabulary.ts'
import { DICTIONARY_LANGUAGES } from '../../prompt/dictionary.ts'
import { COLUMNS } from '../../tables/columns.ts'

export const id = z.string().min(1).max(100)

export const ids = z.array(id).max(10_000)

/** Larger than the core's own limit, whose error says how long a word may be. */
export const word = z.string().max(1000)

export const prompt = z.string().max(LIMITS.prompt)

export const side = z.int().min(16).max(LIMITS.side)

/** Bytes of a file that was dropped or chosen. */
export const file = z.strictObject({ name: z.string().min(1).max(255), data: z.instanceof(Blob) })

/** Of a word in Chinese characters that is also Japanese; default Chinese. */
export const language = z.enum(DICTIONARY_LANGUAGES).optional()

/** 20,000 words with all they may have. */
export const listText = z.string().max(3_000_000)

/** A file of words: its bytes, or a text that has been decoded already; and how it is to be read. */
export const listFile = z.strictObject({
  name: z.string().min(1).max(255),
  data: z.instanceof(Blob).optional(),
  text: listText.optional(),
  encoding: z.string().max(40).optional(),
  sheet: z.string().max(255).optional(),
  header: z.boolean().optional(),
  /** A column's number from 1, its letter, or its name. */
  columns: z.partialRecord(z.enum(COLUMNS), z.union([z.int().min(1), z.string().min(1).max(255)])).optional(),
})
