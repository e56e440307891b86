/** set.json and set.csv: what a finished set consists of, for people, for programs, and for checking it later. */
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { stringify } from 'csv-stringify/sync'
import { z } from 'zod'
import type { ErrorReport } from '../faults/studio-error.ts'
import { writeDurably } from '../files/durable.ts'
import { sha256OfFile } from '../files/hashes.ts'
import { VERSION } from '../files/version.ts'
import type { SetDefinition } from './definition.ts'
import { type Done, doneSchema, errorSchema, fileSchema } from './journal.ts'
import { labelsOf, type PlannedPicture } from './plan.ts'

export interface ManifestEntry {
  picture: PlannedPicture
  /** null: it was not made. */
  done: Done | null
  error: ErrorReport | null
}

const listedSchema = z.object({ name: z.string(), bytes: z.int(), sha256: z.string() })
/** A file of the set and what it must be. */
export type ListedFile = z.infer<typeof listedSchema>

export const manifestSchema = z.object({
  /** Version of this description. */
  zihuaSet: z.literal(1),
  version: z.string(),
  name: z.string(),
  total: z.int(),
  definition: z.record(z.string(), z.unknown()),
  pictures: z.array(
    doneSchema.omit({ files: true }).extend({
      index: z.int(),
      word: z.string(),
      translation: z.string().nullable(),
      pinyin: z.string().nullable(),
      variant: z.string().nullable(),
      x: z.string().nullable(),
      y: z.string().nullable(),
      files: z.array(fileSchema),
    }),
  ),
  failures: z.array(errorSchema.extend({ index: z.int(), word: z.string() })),
  /** set.csv, contact sheets, grids. */
  others: z.array(listedSchema),
})
export type Manifest = z.infer<typeof manifestSchema>

export const MANIFEST = 'set.json'

/** Writes both and gives every file of the set, the manifest itself last. */
export async function writeManifest(
  definition: SetDefinition,
  entries: readonly ManifestEntry[],
  drawn: readonly ListedFile[],
  folder: string,
  staging: string,
): Promise<ListedFile[]> {
  const axes = [definition.matrix?.x, definition.matrix?.y].map(axis => (axis ? labelsOf(axis) : []))
  await writeDurably(join(folder, 'set.csv'), csvOf(entries, axes), staging)
  const others = [await listed(folder, 'set.csv'), ...drawn]
  const manifest: Manifest = {
    ...{ zihuaSet: 1, version: VERSION, name: definition.name, total: entries.length, definition, others },
    pictures: entries.flatMap(({ picture, done }) => (done ? [{ ...describe(picture, axes), ...done }] : [])),
    failures: entries.flatMap(({ picture, error }) =>
      error ? [{ index: picture.index, word: picture.word, ...error }] : [],
    ),
  }
  await writeDurably(join(folder, MANIFEST), `${JSON.stringify(manifest, null, 1)}\n`, staging)
  const pictures = entries.flatMap(({ done }) => done?.files ?? [])
  return [
    ...pictures.map(({ name, bytes, sha256 }) => ({ name, bytes, sha256 })),
    ...others,
    await listed(folder, MANIFEST),
  ]
}

/** A file as it lies there now. */
export async function listed(folder: string, name: string): Promise<ListedFile> {
  const path = join(folder, name)
  return { name, bytes: (await stat(path)).size, sha256: await sha256OfFile(path) }
}

function describe({ index, word, translation, pinyin, variant, x, y }: PlannedPicture, [xs, ys]: readonly string[][]) {
  return { index, word, translation, pinyin, variant, x: x === null ? null : xs[x], y: y === null ? null : ys[y] }
}

const HEADER = 'index,file,word,pinyin,translation,style,seed,width,height,variant,x,y,legibility,prompt'.split(',')

/**
 * RFC 4180 with a byte order mark, without which Excel takes Chinese for something else. What a spreadsheet would calculate
 * ("=1+1", "@SUM") begins with an apostrophe; numbers are left alone.
 */
function csvOf(entries: readonly ManifestEntry[], axes: readonly string[][]): string {
  const rows = entries.flatMap(({ picture, done }) => {
    if (!done) return []
    const { index, word, pinyin, translation, variant, x, y } = describe(picture, axes)
    const { style, seed, width, height } = done.request
    const score = done.legibility?.toFixed(3) ?? null
    const about = [index, done.files[0].name, word, pinyin, translation, style, seed, width, height]
    return [[...about, variant, x, y, score, done.prompt].map(guarded)]
  })
  return stringify([HEADER, ...rows], { bom: true, record_delimiter: '\r\n', quoted_match: /[\r\n]/ })
}

function guarded(value: string | number | null): string {
  const text = String(value ?? '')
  const isNumber = text.trim() !== '' && Number.isFinite(Number(text))
  return CALCULATED.test(text) && !isNumber ? `'${text}` : text
}

/** Also with the full-width signs that some spreadsheets take for the others. */
const CALCULATED = /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/
