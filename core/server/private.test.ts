/** What other users of the machine can read: nothing. */
import { chmod, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dataFolder } from '../files/data-folder.ts'
import { keepPrivate } from '../files/private-folder.ts'
import { StudioHost } from '../host/studio-host.ts'
import { writeInvitation } from './invitation.ts'

let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'zihua-private-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))
const rightsOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8)

describe.skipIf(process.platform === 'win32')('rights (needs Linux or macOS)', () => {
  it('the data folder is 700 and its files 600, an older folder’s too', async () => {
    const folder = join(root, 'data')
    const open = () => StudioHost.open({ dataFolder: folder, firstPicture: false })
    const host = await open()
    await host.settings.set({ language: 'ru' })
    const files = ['library.db', 'queue.db', 'settings.json'].map(name => join(folder, name))
    expect(await rightsOf(folder)).toBe('700')
    for (const file of files) expect([file, await rightsOf(file)]).toEqual([file, '600'])
    await host[Symbol.asyncDispose]()
    for (const path of [...files, folder]) await chmod(path, path === folder ? 0o755 : 0o644)
    await (await open())[Symbol.asyncDispose]()
    expect([await rightsOf(folder), await rightsOf(files[0])]).toEqual(['700', '600'])
  })

  it('a folder that is not the studio’s keeps its rights', async () => {
    const folder = await mkdtemp(join(root, 'shared-'))
    await writeFile(join(folder, 'letter.txt'), '')
    await chmod(folder, 0o755)
    keepPrivate(folder)
    expect(await rightsOf(folder)).toBe('755')
  })

  it('the one-time address lies in a file of 600, and is in no argument', async () => {
    const { url, remove } = await writeInvitation(root, 'http://127.0.0.1:8600/?token=secret')
    expect(url).not.toContain('secret')
    expect(await rightsOf(fileURLToPath(url))).toBe('600')
    await remove()
    await expect(stat(fileURLToPath(url))).rejects.toThrow('ENOENT')
  })
})

it('on Windows what is large lies in the local profile; an older folder stays where it is', () => {
  const env = { APPDATA: '/roaming', LOCALAPPDATA: '/local' }
  const here = { env, platform: 'win32' as const }
  expect(dataFolder(here, () => false)).toBe(join('/local', 'zihua-studio'))
  expect(dataFolder(here, () => true)).toBe(join('/roaming', 'zihua-studio'))
})
