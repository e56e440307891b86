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
import { labelsOf } from './file-names.ts'
import { type Done, type DoneFiles, doneSchema, errorSchema, fileSchema } from './journal.ts'
import type { PlannedPicture } from './planned.ts'

export interface ManifestEntry {
  picture: PlannedPicture
  /** null: it was not made. */
  done: DoneFiles | null
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

export interface Entries {
  entries: readonly ManifestEntry[]
  /** All that is known of a picture that was made: read one by one, as a long set's do not fit into memory. */
  read: (picture: PlannedPicture) => Promise<Done>
}

/** Writes both and gives every file of the set, the manifest itself last. */
export async function writeManifest(
  definition: SetDefinition,
  { entries, read }: Entries,
  drawn: readonly ListedFile[],
  { folder, staging }: { folder: string; staging: string },
): Promise<ListedFile[]> {
  const axes = [definition.matrix?.x, definition.matrix?.y].map(axis => (axis ? labelsOf(axis) : []))
  const made = entries.filter(({ done }) => done)
  async function* pictures() {
    for (const { picture } of made) yield { ...describe(picture, axes), ...(await read(picture)) }
  }
  await writeDurably(join(folder, 'set.csv'), csvOf(pictures()), staging)
  const others = [await listed(folder, 'set.csv'), ...drawn]
  const failures = entries.flatMap(({ picture, error }) =>
    error ? [{ index: picture.index, word: picture.word, ...error }] : [],
  )
  const about: Partial<Manifest> = {
    zihuaSet: 1,
    version: VERSION,
    name: definition.name,
    total: entries.length,
    definition,
    others,
  }
  await writeDurably(join(folder, MANIFEST), jsonOf(about, pictures(), failures), staging)
  return [
    ...made.flatMap(({ done }) => done!.files.map(({ name, bytes, sha256 }) => ({ name, bytes, sha256 }))),
    ...others,
    await listed(folder, MANIFEST),
  ]
}

/** What JSON.stringify(…, null, 1) would give of { ...about, pictures, failures }, piece by piece. */
async function* jsonOf(
  about: Partial<Manifest>,
  pictures: AsyncIterable<Manifest['pictures'][number]>,
  failures: Manifest['failures'],
): AsyncGenerator<string> {
  const indented = (value: unknown, by: string) => JSON.stringify(value, null, 1).replaceAll('\n', `\n${by}`)
  const field = (name: string, value: unknown) => ` "${name}": ${indented(value, ' ')}`
  yield '{\n'
  for (const [name, value] of Object.entries(about)) yield `${field(name, value)},\n`
  let before = ' "pictures": ['
  for await (const picture of pictures) {
    yield `${before}\n  ${indented(picture, '  ')}`
    before = ','
  }
  yield before === ',' ? '\n ],\n' : `${before}],\n`
  yield `${field('failures', failures)}\n}\n`
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
async function* csvOf(pictures: AsyncIterable<Manifest['pictures'][number]>): AsyncGenerator<string> {
  const how = { record_delimiter: '\r\n', quoted_match: /[\r\n]/ } as const
  yield stringify([HEADER], { bom: true, ...how })
  for await (const { index, word, pinyin, translation, variant, x, y, request, files, ...made } of pictures) {
    const { style, seed, width, height } = request
    const score = made.legibility?.toFixed(3) ?? null
    const about = [index, files[0].name, word, pinyin, translation, style, seed, width, height]
    yield stringify([[...about, variant, x, y, score, made.prompt].map(guarded)], how)
  }
}

function guarded(value: string | number | null): string {
  const text = String(value ?? '')
  const isNumber = text.trim() !== '' && Number.isFinite(Number(text))
  return CALCULATED.test(text) && !isNumber ? `'${text}` : text
}

/** Also with the full-width signs that some spreadsheets take for the others. */
const CALCULATED = /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/
