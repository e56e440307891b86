import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fault } from '../faults/fault.ts'

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

/** Reads a character's strokes, null where no set has it: one small file per character. */
export async function readStrokeFile(char: string): Promise<StrokeFile | null> {
  // Only one letter, mark or symbol may become a file name.
  if (!/^[\p{L}\p{S}]$/u.test(char)) return null
  for (const source of STROKE_SETS) {
    const text = await readFile(join(folderOf(source), `${char}.json`), 'utf8').catch(
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return null
        throw fault('strokeDataUnreadable', { character: char }, { cause: error })
      },
    )
    if (text !== null) return { ...JSON.parse(text), source }
  }
  return null
}
