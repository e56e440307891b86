/** Damage that SQLite itself does not see when it opens a file. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { openDatabase } from './database.ts'

const root = mkdtempSync(join(tmpdir(), 'zihua-database-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const MIGRATIONS = [
  'CREATE TABLE words (id INTEGER PRIMARY KEY, word TEXT NOT NULL UNIQUE)',
  'ALTER TABLE words ADD COLUMN meaning TEXT',
]

/** A database with a word, closed. */
function filled(name: string): string {
  const file = join(root, `${name}.db`)
  const { database } = openDatabase(file, MIGRATIONS, 'renew')
  database.prepare('INSERT INTO words (word, meaning) VALUES (?, ?)').run('an-indexed-word', 'a meaning')
  database.close()
  return file
}

/** Writes another text of the same length over one of its places in the file. */
function damage(file: string, text: string, other: string, place: 'first' | 'last'): void {
  const bytes = readFileSync(file)
  const at = place === 'first' ? bytes.indexOf(text) : bytes.lastIndexOf(text)
  expect(at).toBeGreaterThan(0)
  bytes.write(other, at, 'latin1')
  writeFileSync(file, bytes)
}

it('a whole file is opened as it is, again and again', () => {
  const file = filled('whole')
  for (let i = 0; i < 2; i++) {
    const { database, damaged } = openDatabase(file, MIGRATIONS, 'renew')
    expect([damaged, database.prepare('SELECT word FROM words').all()]).toEqual([null, [{ word: 'an-indexed-word' }]])
    database.close()
  }
})

it.each([
  ['a column’s name', 'meaning TEXT', 'mea*ing TEXT', 'first'],
  ['a table’s name', 'words', 'wards', 'first'],
  ['a key of an index', 'an-indexed-word', 'an-indexed-ward', 'first'],
] as const)('damage to %s is found when it is opened, and the file put aside', (name, text, other, place) => {
  const file = filled(name.replaceAll(/\W/g, '-'))
  damage(file, text, other, place)
  const before = readFileSync(file)
  const { database, damaged } = openDatabase(file, MIGRATIONS, 'renew')
  expect(damaged).toMatch(/\.damaged-/)
  expect(readFileSync(damaged!)).toEqual(before)
  expect(database.prepare('SELECT word, meaning FROM words').all()).toEqual([])
  database.close()
  expect(() => openDatabase(filledAgain(file, before), MIGRATIONS, 'refuse')).toThrow(/damaged/)
})

function filledAgain(file: string, bytes: Buffer): string {
  const copy = `${file}.copy`
  writeFileSync(copy, bytes)
  return copy
}
