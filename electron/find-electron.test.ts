import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasDesktop, opener } from '../core/server/invitation.ts'
import { ensureRenderer, isOutdated } from '../core/server/renderer-build.ts'
import { choose, findElectron } from './find-electron.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zihua-start-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('Electron’s program', () => {
  it('is found where it was downloaded, and only there', async () => {
    expect(findElectron(folder, {})).toBeNull()
    await writeFile(join(folder, 'path.txt'), 'electron\n')
    expect(findElectron(folder, {})).toBeNull()
    await mkdir(join(folder, 'dist'))
    await writeFile(join(folder, 'dist', 'electron'), '')
    expect(findElectron(folder, {})).toBe(join(folder, 'dist', 'electron'))
    expect(findElectron(folder, { ELECTRON_OVERRIDE_DIST_PATH: join(folder, 'other') })).toBeNull()
  })

  it('is opened where it and a display are', () => {
    expect(choose('/electron', { DISPLAY: ':0' }, 'linux')).toEqual({ kind: 'electron', program: '/electron' })
    expect(choose('/electron', {}, 'darwin')).toEqual({ kind: 'electron', program: '/electron' })
  })

  it.each([
    ['no display', '/electron', {}, 'display'],
    ['under CI', '/electron', { DISPLAY: ':0', CI: 'true' }, 'display'],
    ['without the program', null, { WAYLAND_DISPLAY: 'wayland-0' }, 'not installed'],
    ['as asked', '/electron', { DISPLAY: ':0', ZIHUA_BROWSER: '1' }, 'asks'],
  ])('gives way to the browser: %s', (_name, program, env, why) => {
    expect(choose(program, env, 'linux')).toMatchObject({ kind: 'browser', why: expect.stringContaining(why) })
  })

  it('opens no browser under CI on any system', () => {
    for (const platform of ['linux', 'darwin', 'win32'] as const)
      expect(hasDesktop({ CI: '1', DISPLAY: ':0' }, platform)).toBe(false)
  })

  it('hands an address to the system’s opener', () => {
    expect(opener('http://127.0.0.1:1/?token=a', 'linux')).toEqual(['xdg-open', ['http://127.0.0.1:1/?token=a']])
    expect(opener('u', 'darwin')[0]).toBe('open')
    expect(opener('u', 'win32')[0]).toBe('cmd')
  })
})

describe('the built renderer', () => {
  it('is outdated when missing, or older than a source', async () => {
    const [sources, target] = [join(folder, 'sources'), join(folder, 'target')]
    await mkdir(join(sources, 'ui'), { recursive: true })
    await mkdir(target)
    await writeFile(join(sources, 'ui', 'a.tsx'), '')
    expect(await isOutdated(sources, target)).toBe(true)
    await writeFile(join(target, 'index.html'), '')
    const later = new Date(Date.now() + 60_000)
    await utimes(join(target, 'index.html'), later, later)
    expect(await isOutdated(sources, target)).toBe(false)
    const latest = new Date(Date.now() + 120_000)
    await utimes(join(sources, 'ui', 'a.tsx'), latest, latest)
    expect(await isOutdated(sources, target)).toBe(true)
  })

  it('is what there is where there are no sources', async () => {
    expect(await ensureRenderer(join(folder, 'none'), join(folder, 'none'))).toBe('there')
  })
})
