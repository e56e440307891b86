/** What an image set is: SET.json or WORDS.csv, read and checked. */
import { readFile } from 'node:fs/promises'
import { basename, dirname, extname, resolve } from 'node:path'
import { z } from 'zod'
import { requestInputSchema } from '../contract/request.ts'
import { MAPS } from '../contract/vocabulary.ts'
import { fault, phrase } from '../faults/fault.ts'
import { parse } from '../faults/parse.ts'
import { expectations } from '../faults/phrases.ts'
import type { Phrase } from '../faults/studio-error.ts'
import { FORMATS } from '../image/encode.ts'
import { cardOptionsSchema } from '../output/card-layout.ts'
import type { LineNote } from '../tables/delimited.ts'
import { decodeText } from '../tables/encoding.ts'
import { LIST_ENDINGS } from '../tables/list-file.ts'
import { seed, text, wordSchema } from './set-word.ts'
import { templateSchema } from './template.ts'
import { insistOnEncoding, type ListFileOptions, readWordsFile, wordsOf } from './word-list.ts'

const axisSchema = z.strictObject({
  /** Any field of the request: "guidanceScale", "controls.canny.weight". */
  field: z.string().regex(/^[a-zA-Z]+(\.[a-zA-Z0-9]+)*$/, expectations.fieldExpected()),
  values: z.array(z.json()).min(1).max(100),
  /** How the values are called in file names and on the grid; default the values themselves. */
  labels: z.array(text).optional(),
})
export type Axis = z.infer<typeof axisSchema>

const sizeSchema = z.union([
  z.tuple([z.int().positive(), z.int().positive()]),
  z
    .string()
    .regex(/^\d+x\d+$/, expectations.sizeExpected())
    .transform(size => size.split('x').map(Number) as [number, number]),
])

export const setSchema = z.strictObject({
  name: z.string().trim().min(1).max(120).default('set'),
  words: z
    .array(
      z.union([
        z
          .string()
          .min(1)
          .transform(word => ({ word })),
        wordSchema,
      ]),
    )
    .min(1)
    .max(20_000),
  /** Empty: the request's own, or the default. */
  styles: z.array(z.string()).max(200).default([]),
  /** Empty: `count` seeds from the request's own on. */
  seeds: z.array(seed).max(10_000).default([]),
  count: z.int().min(1).max(10_000).default(1),
  sizes: z.array(sizeSchema).max(20).default([]),
  /** Named changes to the request, each of which makes its own pictures: "strong" with heavier weights. */
  variants: z
    .array(z.strictObject({ name: text.min(1), request: requestInputSchema }))
    .max(100)
    .default([]),
  matrix: z.strictObject({ x: axisSchema, y: axisSchema.optional() }).nullable().default(null),
  request: requestInputSchema.default({}),
  /** Maps that are saved beside each picture. */
  maps: z.array(z.enum(MAPS)).default([]),
  formats: z.array(z.enum(FORMATS)).min(1).default(['png']),
  /** The word alone, everything else transparent (not in JPEG). */
  transparent: z.boolean().default(false),
  /** Leaves out every word of how the pictures were made. */
  strip: z.boolean().default(false),
  keep: z
    .strictObject({
      best: z.int().min(2).max(64).optional(),
      legible: z.strictObject({ target: z.number().min(0).max(1), tries: z.int().min(1).max(16) }).optional(),
    })
    .refine(({ best, legible }) => !(best && legible), expectations.oneKeepExpected())
    .default({}),
  files: templateSchema.default('{index:3}-{word}-{style}-{seed}'),
  /** Contact sheet as PNG and PDF. */
  sheet: z.boolean().default(true),
  zip: z.boolean().default(false),
  /** An Anki deck of its words, NAME.apkg. Without a default, so that sets of before are the same as they were. */
  deck: z.boolean().optional(),
  /** Cards to print, NAME-cards.pdf. */
  cards: cardOptionsSchema.optional(),
})
export type SetDefinition = z.infer<typeof setSchema>
/** What a caller writes: only the words are needed. */
export type SetInput = z.input<typeof setSchema>

/** More pictures in one set are a slip of a list too many. */
export const MAX_PICTURES = 100_000

/** @throws StudioError 'bad-request' naming the first invalid field */
export function parseSet(value: unknown, what: string | Phrase = phrase('theSet')): SetDefinition {
  const set = parse(setSchema as z.ZodType<SetDefinition>, value, what)
  for (const axis of [set.matrix?.x, set.matrix?.y])
    if (axis?.labels && axis.labels.length !== axis.values.length)
      throw fault('matrixLabelsWrong', {
        ...{ what, field: axis.field, values: axis.values.length, labels: axis.labels.length },
      })
  return set
}

export interface ReadSet {
  definition: SetDefinition
  /** Folder that the set's paths are relative to. */
  base: string
  /** What was left aside in a list, and why. */
  notes: LineNote[]
}

/**
 * Reads SET.json, or a list of words: CSV, TSV, .xlsx or .apkg, whose columns are word and any of translation, pinyin,
 * style, seed.
 * @throws StudioError 'bad-request'
 */
export async function readSet(file: string, options: ListFileOptions = {}): Promise<ReadSet> {
  const bytes = await readFile(file).catch((cause: Error) => {
    throw fault('setUnreadable', { file, reason: cause.message }, { cause })
  })
  return { ...(await readSetBytes(bytes, file, options)), base: dirname(resolve(file)) }
}

/**
 * The same of a file's content. The set.json of a finished set gives the definition that it was made from.
 * @throws StudioError 'bad-request'
 */
export async function readSetBytes(
  bytes: Uint8Array,
  file: string,
  options: ListFileOptions = {},
): Promise<Omit<ReadSet, 'base'>> {
  if (!isList(file)) {
    const value = parseJson(textOf(bytes, file), file)
    return { definition: parseSet(isManifest(value) ? value.definition : value, file), notes: [] }
  }
  const list = await readWordsFile(bytes, file, options)
  insistOnEncoding(list.reading, file)
  return { definition: parseSet({ name: nameOfList(file), words: wordsOf(list, file) }, file), notes: list.notes }
}

/** Whether a file of this name is a list of words, and no description of a set. */
export const isList = (file: string): boolean =>
  (LIST_ENDINGS as readonly string[]).includes(extname(file).toLowerCase())

/** What a set of a list's words is called. */
export const nameOfList = (file: string): string => basename(file, extname(file)).slice(0, 120) || 'set'

const isManifest = (value: unknown): value is { definition: unknown } =>
  typeof value === 'object' && value !== null && 'zihuaSet' in value && 'definition' in value

/** UTF-8, or what a byte order mark says: Windows PowerShell writes UTF-16. Anything else would be other words. */
function textOf(bytes: Uint8Array, file: string): string {
  const isMarked = bytes[0] >= 0xfe && bytes[1] >= 0xfe
  return decodeText(bytes, file, isMarked ? undefined : 'utf-8').text
}

function parseJson(content: string, file: string): unknown {
  try {
    return JSON.parse(content.replace(/^\ufeff/, ''))
  } catch (cause) {
    throw fault('setNotJson', { file }, { cause })
  }
}
