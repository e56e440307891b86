import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeFolder, writeDurably } from './durable.ts'

let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'zihua-durable-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

describe('makeFolder', () => {
  it('is made by many at once, deep ones too', async () => {
    for (let round = 0; round < 40; round++) {
      const base = join(root, `round-${round}`)
      const all = Array.from({ length: 8 }, (_, i) => makeFolder(join(base, 'a', 'b', String(i % 3))))
      await Promise.all(all)
      expect(await readdir(join(base, 'a', 'b'))).toEqual(['0', '1', '2'])
    }
  })

  it.skipIf(!existsSync('/proc/self'))('ends in /proc, which takes no folders', async () => {
    await expect(makeFolder('/proc/zihua/deep/folder')).rejects.toMatchObject({ code: 'ENOENT' })
  })

  it('does not pass through a file', async () => {
    await writeFile(join(root, 'file'), '')
    await expect(makeFolder(join(root, 'file', 'folder'))).rejects.toMatchObject({ code: 'ENOTDIR' })
  })
})

describe('writeDurably', () => {
  it('leaves the old file and nothing half-written where it fails', async () => {
    const file = join(root, 'kept', 'name')
    await writeDurably(file, 'old')
    await expect(writeDurably(file, 'new', join(root, 'no-such-staging'))).rejects.toMatchObject({
      code: 'cannot-write',
    })
    expect(await readFile(file, 'utf8')).toBe('old')
    expect(await readdir(join(root, 'kept'))).toEqual(['name'])
  })
})
