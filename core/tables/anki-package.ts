/**
 * Notes of an Anki package (.apkg, .colpkg): a ZIP with a SQLite collection, packed with Zstandard since Anki 2.1.50. Its
 * cards, media and schedules are not looked at. Format: rslib/src/import_export/package in ankitects/anki.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { zstdDecompressSync } from 'node:zlib'
import type { Sheet } from './workbook.ts'
import { MOST_BYTES, zipEntries } from './zip-entries.ts'

/** The newest first: a new package also holds an old collection that only says "please update". */
const COLLECTIONS = ['collection.anki21b', 'collection.anki21', 'collection.anki2']

/** A sheet for each type of note that has any, the one with the most notes first. @throws Error: no package, damaged */
export async function readAnkiPackage(bytes: Buffer): Promise<Sheet[]> {
  const entries = await zipEntries(bytes, name => COLLECTIONS.includes(name))
  const name = COLLECTIONS.find(collection => entries.has(collection))
  if (name === undefined) throw new Error('it has no collection')
  const packed = entries.get(name)!
  const collection = name.endsWith('b') ? zstdDecompressSync(packed, { maxOutputLength: MOST_BYTES }) : packed
  // node:sqlite opens files only.
  const folder = await mkdtemp(join(tmpdir(), 'zihua-anki-'))
  try {
    const file = join(folder, 'collection')
    await writeFile(file, withKnownCollation(collection))
    return notesIn(file)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/**
 * Anki sorts names by a collation of its own, without which SQLite plans no query on them. In this copy they are sorted by
 * one that SQLite has: its name is as long, and nothing here asks for an order.
 */
function withKnownCollation(collection: Buffer): Buffer {
  const [own, known] = [Buffer.from('COLLATE unicase'), Buffer.from('COLLATE nocase ')]
  const copy = Buffer.from(collection)
  for (let at = copy.indexOf(own); at !== -1; at = copy.indexOf(own, at)) known.copy(copy, at)
  return copy
}

function notesIn(file: string): Sheet[] {
  const database = new DatabaseSync(file, { readOnly: true, allowExtension: false })
  try {
    const notes = database.prepare('SELECT CAST(mid AS TEXT) AS type, flds FROM notes ORDER BY id').all()
    const types = typesIn(database)
    const groups = Map.groupBy(notes, ({ type }) => String(type))
    return [...groups]
      .toSorted(([, a], [, b]) => b.length - a.length)
      .map(([id, group]) => ({
        name: types.get(id)?.name ?? id,
        names: types.get(id)?.fields ?? null,
        rows: group.map(({ flds }, at) => ({ line: at + 1, cells: String(flds).split('\x1f') })),
      }))
  } finally {
    database.close()
  }
}

/** Types of notes with the names of their fields, by id. */
function typesIn(database: DatabaseSync): Map<string, { name: string; fields: string[] }> {
  const has = database.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'fields'").get()
  if (!has) return oldTypesIn(database)
  const names = database.prepare('SELECT CAST(id AS TEXT) AS id, name FROM notetypes').all()
  const fields = database.prepare('SELECT CAST(ntid AS TEXT) AS id, ord, name FROM fields').all()
  const byType = Map.groupBy(fields, ({ id }) => String(id))
  return new Map(
    names.map(({ id, name }) => {
      const of = (byType.get(String(id)) ?? []).toSorted((a, b) => Number(a['ord']) - Number(b['ord']))
      return [String(id), { name: String(name), fields: of.map(field => String(field['name'])) }]
    }),
  )
}

/** Before 2.1.28 they are JSON in the collection's one row. */
function oldTypesIn(database: DatabaseSync): Map<string, { name: string; fields: string[] }> {
  const models: unknown = JSON.parse(String(database.prepare('SELECT models FROM col').get()?.['models'] ?? '{}'))
  const types = Object.entries((models ?? {}) as Record<string, { name?: unknown; flds?: { name?: unknown }[] }>)
  return new Map(
    types.map(([id, { name, flds }]) => {
      const fields = Array.isArray(flds) ? flds.map(field => String(field?.name ?? '')) : []
      return [id, { name: String(name ?? id), fields }]
    }),
  )
}
