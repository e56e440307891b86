import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { StudioError } from '../faults/studio-error.ts'
import { integrity, openDatabase, transaction } from '../files/database.ts'
import { INDEX_MIGRATIONS } from '../library/migrations.ts'
import { QUEUE_MIGRATIONS } from './migrations.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zihua-database-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const steps = [
  'CREATE TABLE a (x TEXT) STRICT',
  "INSERT INTO a VALUES ('from step 2')",
  'ALTER TABLE a ADD COLUMN y INTEGER',
]

it('migrates step by step and keeps what is there', () => {
  const file = join(folder, 'steps.db')
  for (const length of [1, 1, 2, 3, 3]) {
    const { database } = openDatabase(file, steps.slice(0, length), 'refuse')
    expect(database.prepare('PRAGMA user_version').get()).toEqual({ user_version: length })
    database.close()
  }
  const { database } = openDatabase(file, steps, 'refuse')
  expect(database.prepare('SELECT * FROM a').all()).toEqual([{ x: 'from step 2', y: null }])
  expect(database.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' })
  database.close()
})

it('a step that fails leaves the step before', () => {
  const file = join(folder, 'fails.db')
  const broken = [...steps, 'INSERT INTO a (x) VALUES (1); CREATE TABLE a (x)']
  expect(() => openDatabase(file, broken, 'refuse')).toThrow(StudioError)
  const { database } = openDatabase(file, steps, 'refuse')
  expect(database.prepare('SELECT count(*) AS n FROM a').get()).toEqual({ n: 1 })
  database.close()
})

it('refuses what a newer version made', () => {
  const file = join(folder, 'newer.db')
  openDatabase(file, steps, 'refuse').database.close()
  expect(() => openDatabase(file, steps.slice(0, 1), 'renew')).toThrow(/newer version/)
})

it('a damaged index is put aside and made new; a damaged queue is refused', async () => {
  const file = join(folder, 'damaged.db')
  await writeFile(file, 'no database at all, but long enough to be read as one'.repeat(50))
  expect(() => openDatabase(file, steps, 'refuse')).toThrow(/damaged/)
  const { database, damaged } = openDatabase(file, steps, 'renew')
  expect(damaged).toMatch(/damaged\.db\.damaged-\d{8}-\d{6}$/)
  expect(integrity(database)).toBe('ok')
  database.close()
  expect((await readdir(folder)).filter(name => name.startsWith('damaged.db.damaged-'))).toHaveLength(1)
})

it('a folder that cannot be made is one clear error', async () => {
  await writeFile(join(folder, 'file'), '')
  expect(() => openDatabase(join(folder, 'file', 'x.db'), steps, 'renew')).toThrow(StudioError)
})

it('a transaction that throws changes nothing', () => {
  const { database } = openDatabase(join(folder, 'rollback.db'), steps, 'refuse')
  expect(() =>
    transaction(database, () => {
      database.exec("INSERT INTO a (x) VALUES ('lost')")
      throw new Error('stop')
    }),
  ).toThrow('stop')
  expect(database.prepare('SELECT count(*) AS n FROM a').get()).toEqual({ n: 1 })
  database.close()
})

it('the studio’s own migrations run from every earlier step', () => {
  for (const [name, migrations] of Object.entries({ index: INDEX_MIGRATIONS, queue: QUEUE_MIGRATIONS })) {
    for (let step = 0; step <= migrations.length; step++) {
      const file = join(folder, `${name}-${step}.db`)
      openDatabase(file, migrations.slice(0, step), 'refuse').database.close()
      const { database } = openDatabase(file, migrations, 'refuse')
      expect(integrity(database)).toBe('ok')
      database.close()
    }
  }
})
