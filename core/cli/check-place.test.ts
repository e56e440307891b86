import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { checkFile, checkOut } from './check-place.ts'

const root = mkdtempSync(join(tmpdir(), 'zihua-places-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

it('places that can be written pass, and nothing of the check is left', async () => {
  for (const out of ['x.png', 'new/x.png', 'new/deep/folder', 'v1.5']) await checkOut(join(root, out))
  await checkFile(join(root, 'new', 'trace.safetensors'))
  expect(readdirSync(root)).toEqual([])
})

it('a file in the way of a folder, a folder in the way of a file, and pictures of other kinds are refused', async () => {
  writeFileSync(join(root, 'file'), '')
  mkdirSync(join(root, 'folder.png'))
  await expect(checkOut(join(root, 'file', 'x.png'))).rejects.toMatchObject({ key: 'outIsNoFolder' })
  await expect(checkOut(join(root, 'x.jpg'))).rejects.toMatchObject({ key: 'outIsNoPng' })
  for (const check of [checkOut, checkFile])
    await expect(check(join(root, 'folder.png'))).rejects.toMatchObject({ key: 'outIsFolder' })
})

it.skipIf(process.platform !== 'linux')(
  'a place that takes no files is refused before anything is painted',
  async () => {
    for (const check of [checkOut, checkFile])
      await expect(check('/proc/foo/x.png')).rejects.toMatchObject({
        ...{ code: 'cannot-write', message: '/proc/foo/x.png cannot be written (ENOENT: no such file or directory).' },
      })
  },
)
