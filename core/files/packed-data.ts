/**
 * Data of packages that an installed studio has compressed (build/compressed-data.ts makes it, and leaves the package's own
 * files out); in the repository the packages' files are there.
 */
import { join, resolve } from 'node:path'

export const PACKED_DATA = resolve(import.meta.dirname, '../../out/data')

/** The ZIP of a set of strokes. */
export const packedStrokes = (set: string, folder = PACKED_DATA): string => join(folder, `${set}.zip`)

/** CC-CEDICT's JSON, compressed with Brotli. */
export const packedCedict = (folder = PACKED_DATA): string => join(folder, 'cedict.json.br')
