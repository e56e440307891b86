import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fault } from '../faults/fault.ts'
import { packedStrokes } from '../files/packed-data.ts'
import { openArchive } from '../tables/zip-archive.ts'

const require = createRequire(import.meta.url)

/** Chinese forms first: Japanese kanji are drawn from their own set where the Chinese set has none. */
export const STROKE_SETS = ['hanzi-writer-data', 'hanzi-writer-data-jp'] as const
export type StrokeSet = (typeof STROKE_SETS)[number]

/** One character's file as the sets publish it: a 1024 box, y up, top at 900. */
export interface StrokeFile {
  source: StrokeSet
  /** SVG path data of each stroke's outline, absolute commands. */
  strokes: string[]
  /** Spine of each stroke in writing order. */
  medians: [number, number][][]
  /** Zero-based strokes of the radical, where the set knows them. */
  radStrokes?: number[]
}

const folderOf = (set: StrokeSet) => dirname(require.resolve(`${set}/package.json`))

/** A set's archive, opened at most once; null: the package's own files are there instead. */
const archives = new Map<StrokeSet, ReturnType<typeof openArchive> | null>()

async function readEntry(set: StrokeSet, name: string): Promise<string | null> {
  if (!archives.has(set)) archives.set(set, isPacked(set) ? openArchive(packedStrokes(set)) : null)
  const archive = await archives.get(set)
  if (archive) return (await archive(name))?.toString('utf8') ?? null
  return readFile(join(folderOf(set), name), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
}

/** In an installed studio a set has its archive and no files. */
const isPacked = (set: StrokeSet): boolean =>
  !existsSync(join(folderOf(set), '一.json')) && existsSync(packedStrokes(set))

/** Reads a character's strokes, null where no set has it. */
export async function readStrokeFile(char: string): Promise<StrokeFile | null> {
  // Only one letter, mark or symbol may become a file name.
  if (!/^[\p{L}\p{S}]$/u.test(char)) return null
  for (const source of STROKE_SETS) {
    const text = await readEntry(source, `${char}.json`).catch((cause: unknown) => {
      throw fault('strokeDataUnreadable', { character: char }, { cause })
    })
    if (text !== null) return { ...JSON.parse(text), source }
  }
  return null
}
