/** What other users of the machine can read: nothing. */
import { chmod, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { dataFolder } from '../files/data-folder.ts'
import { keepPrivate } from '../files/private-folder.ts'
import { StudioHost } from '../host/studio-host.ts'
import { Gate } from './gate.ts'
import { Invitation, readInvitation } from './invitation.ts'

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

  it('a one-time address lies in a file of 600 until the studio is closed, and a new one follows the one that was used', async () => {
    const folder = await mkdtemp(join(root, 'invited-'))
    const gate = new Gate('127.0.0.1', 8600)
    const invitation = new Invitation(folder)
    const keepReady = (tell: (url: string) => void) =>
      gate.keepReady(token => tell(`http://127.0.0.1:8600/?token=${token}`))
    await invitation.keep({ keepReady })
    const file = join(folder, 'open-studio.html')
    expect(await rightsOf(file)).toBe('600')
    const tokenOf = async () => new URL((await readInvitation(folder))!).searchParams.get('token')!
    const first = await tokenOf()
    expect([gate.redeem(first) === null, gate.redeem(first)]).toEqual([false, null])
    await vi.waitUntil(async () => (await tokenOf()) !== first)
    expect(gate.redeem(await tokenOf())).not.toBeNull()
    await invitation.remove()
    await expect(stat(file)).rejects.toThrow('ENOENT')
    expect(await readInvitation(folder)).toBeNull()
  })
})

it('on Windows what is large lies in the local profile; an older folder stays where it is', () => {
  const env = { APPDATA: '/roaming', LOCALAPPDATA: '/local' }
  const here = { env, platform: 'win32' as const }
  expect(dataFolder(here, () => false)).toBe(join('/local', 'zihua-studio'))
  expect(dataFolder(here, () => true)).toBe(join('/roaming', 'zihua-studio'))
})
