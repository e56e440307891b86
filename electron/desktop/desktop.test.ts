/**
 * The desktop app without Electron's program: its life, its window, what it answers to the page, and its host process for
 * real. security.test.ts has Electron's checklist.
 */

import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { MenuItemConstructorOptions, SafeStorage } from 'electron'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Language } from '../../core/contract/vocabulary.ts'
import { readHubAccess } from '../../core/downloads/hub-access.ts'
import { StudioHost } from '../../core/host/studio-host.ts'
import { WordPainter } from '../../core/library/testing.ts'
import { serve } from '../../core/server/serve.ts'
import { STANDARD_KEYS } from '../../renderer/commands/keys.ts'
import { CHANNELS, COMMAND_CHANNEL, MENU_COMMANDS } from './bridge.ts'
import { HostProcess } from './host-process.ts'
import { answerFromKeychain } from './keychain.ts'
import { MESSAGES, menuTemplate, systemLanguage } from './menu.ts'
import { ask, enter, proxy, type Upstream } from './proxy.ts'
import { FakeElectron, ROOT, started as start } from './testing-electron.ts'
import { DEFAULT_STATE, isStudio, restoredState, STUDIO_URL } from './window.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zihua-desktop-'))
})
// A host that has just been stopped still writes its compiled scripts.
afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 20 }))

const started = (upstream?: Upstream) => start(new FakeElectron(folder), upstream)

describe('the app', () => {
  it('is there once', async () => {
    const twice = new FakeElectron(folder)
    twice.first = false
    expect((await start(twice)).calls).toEqual(['quit'])
    const first = await started()
    first.listeners.get('app.second-instance')!()
    expect(first.calls.slice(-2)).toEqual(['restore', 'focus'])
  })

  it('keeps the window’s place', async () => {
    const fake = await started()
    fake.listeners.get('window.close')!()
    const again = await started()
    expect(again.options).toMatchObject(DEFAULT_STATE.bounds)
    expect(again.calls).toContain('maximize')
  })

  it('starts once more without the graphics card when its process has died, and not again', async () => {
    const fake = await started()
    const gone = (type: string, reason: string) => fake.listeners.get('app.child-process-gone')!({}, { type, reason })
    const before = fake.calls.length
    gone('Utility', 'crashed')
    gone('GPU', 'clean-exit')
    expect(fake.calls.slice(before)).toEqual([])
    gone('GPU', 'crashed')
    expect(fake.calls.slice(before)).toEqual([expect.stringMatching(/^relaunch/), 'quit'])
    expect(fake.relaunched).toMatchObject({ args: expect.arrayContaining(['--disable-gpu']) })
    process.argv.push('--disable-gpu')
    try {
      gone('GPU', 'crashed')
      expect(fake.calls.slice(before)).toHaveLength(2)
    } finally {
      process.argv.pop()
    }
  })

  it('reloads a page that has crashed, but not for ever', async () => {
    const fake = await started()
    const crash = (reason = 'crashed') => fake.listeners.get('contents.render-process-gone')!({}, { reason })
    crash('clean-exit')
    expect(fake.calls).not.toContain('reload')
    for (let i = 0; i < 3; i++) crash()
    expect(fake.calls.slice(-2)).toEqual(['progress -1', 'reload'])
    expect(fake.calls.filter(call => call === 'reload')).toHaveLength(3)
    crash()
    expect(fake.calls.at(-2)).toMatch(/^error box Zihua Studio .*crashed 4 times.*crashed/)
    expect(fake.calls.at(-1)).toBe('exit 1')
  })

  it('loads the page again that did not come, and leaves alone what is not the page', async () => {
    const fake = await started()
    const failed = (code: number, url: string, main: boolean) =>
      fake.listeners.get('contents.did-fail-load')!({}, code, 'ERR_FAILED', url, main)
    failed(-3, STUDIO_URL, true)
    failed(-2, STUDIO_URL, false)
    failed(-2, 'https://a.example/', true)
    expect(fake.calls).not.toContain('reload')
    failed(-2, STUDIO_URL, true)
    expect(fake.calls.at(-1)).toBe('reload')
  })

  it('lets the page wait for the next host when one has ended', async () => {
    const fake = await started()
    fake.host?.onEnd()
    const shown = fake.ask(CHANNELS.showPicture, 'abc') as Promise<void>
    const { server, upstream } = await answering('{"json":{"paths":["/pictures/abc.png"]}}')
    fake.host?.onReady(upstream)
    await shown
    expect(fake.calls.at(-1)).toBe('show /pictures/abc.png')
    server.close()
  })

  it('says so when its host cannot live, and ends it when it quits', async () => {
    const fake = await started()
    expect(fake.calls).toContain('start host')
    fake.listeners.get('app.will-quit')!()
    fake.host!.onFailure('It ended.')
    expect(fake.calls.at(-3)).toBe('stop host')
    expect(fake.calls.at(-2)).toMatch(/It ended\. Start the studio again/)
  })
})

describe('the menus', () => {
  const flat = (items: MenuItemConstructorOptions[]): MenuItemConstructorOptions[] =>
    items.flatMap(item => [item, ...flat((item.submenu as MenuItemConstructorOptions[] | undefined) ?? [])])
  const of = (language: Language, platform: NodeJS.Platform, command = (_id: string) => {}) =>
    flat(menuTemplate({ language, platform, command, showDataFolder: () => {} }))

  it.each(['linux', 'win32', 'darwin'] as const)('hold every act of the page that is listed, once (%s)', platform => {
    const heard: string[] = []
    const items = of('en', platform, id => heard.push(id))
    for (const { id, click } of items) if (id) (click as () => void)()
    expect(heard.sort()).toEqual([...MENU_COMMANDS].sort())
  })

  it('name acts that the page knows, with the page’s keys', async () => {
    const commands = await readFile(join(ROOT, 'renderer/commands/commands.ts'), 'utf8')
    const known = [...commands.matchAll(/\bid: '([a-z-]+)'/g)].map(([, id]) => id)
    expect(MENU_COMMANDS.filter(id => !known.includes(id))).toEqual([])
    for (const { id, accelerator } of of('en', 'linux')) {
      if (!id || !accelerator) continue
      const [keys = ''] = STANDARD_KEYS[id] ?? []
      const written = String(accelerator).replace('CmdOrCtrl', 'Ctrl').replace('Plus', '+')
      expect([id, written.toLowerCase()]).toEqual([id, keys.toLowerCase()])
    }
    const shortcuts = { gallery: ['Ctrl+b'], queue: [], fit: ['Ctrl++'] }
    const own = flat(
      menuTemplate({ language: 'en', platform: 'linux', command: () => {}, showDataFolder: () => {}, shortcuts }),
    )
    const shown = (name: string) => own.find(({ id }) => id === name)?.accelerator
    expect(['gallery', 'queue', 'fit', 'sets'].map(shown)).toEqual(['CmdOrCtrl+B', undefined, 'CmdOrCtrl+Plus', 'S'])
  })

  it('show keys without taking them from the page', () => {
    for (const { id, accelerator, registerAccelerator } of of('en', 'linux'))
      if (id && accelerator) expect([id, registerAccelerator]).toEqual([id, false])
    // A Mac takes every key that it shows: a letter could not be typed any more.
    for (const { accelerator } of of('en', 'darwin')) if (accelerator) expect(accelerator).toMatch(/^CmdOrCtrl/)
  })

  it.each(['ru', 'zh'] as const)('speak %s in every word', language => {
    for (const { label } of of(language, 'darwin'))
      if (label) expect(label.replaceAll('Zihua Studio', '')).not.toMatch(/^.*[a-z]{3}/i)
    expect(Object.keys(MESSAGES[language].menus)).toEqual(Object.keys(MESSAGES.en.menus))
  })

  it('begin in the system’s language and follow the studio’s', async () => {
    expect(['ru-RU', 'zh-CN', 'de', 'en-GB'].map(systemLanguage)).toEqual(['ru', 'zh', 'en', 'en'])
    const fake = new FakeElectron(folder)
    fake.locale = 'ru'
    await start(fake)
    expect(fake.menu[0].label).toBe('Файл')
    await fake.ask(CHANNELS.setLanguage, 'zh', {})
    expect(fake.menu[0].label).toBe('文件')
    expect(() => fake.ask(CHANNELS.setLanguage, 'xx', {})).toThrow('setLanguage')
  })

  it('tell the page by the name of the act', async () => {
    const fake = await started()
    const item = flat(fake.menu).find(({ id }) => id === 'generate')!
    ;(item.click as () => void)()
    expect(fake.calls.at(-1)).toBe(`send ${COMMAND_CHANNEL} generate`)
  })
})

describe('what the page asks', () => {
  it('is chosen by the system’s dialogs, of which one may be left', async () => {
    const fake = await started()
    expect(await fake.ask(CHANNELS.chooseModel, 'folder')).toBe('/models/sdxl')
    expect(fake.calls.at(-1)).toContain('openDirectory')
    await fake.ask(CHANNELS.chooseModel, 'file')
    expect(fake.calls.at(-1)).toContain('safetensors')
    fake.chosen = []
    expect(await fake.ask(CHANNELS.chooseFolder)).toBeNull()
    expect(await fake.ask(CHANNELS.choosePicture)).toBeNull()
    fake.chosen = [join(folder, 'a.png')]
    await writeFile(fake.chosen[0], 'PNG')
    expect(await fake.ask(CHANNELS.choosePicture)).toEqual({ name: 'a.png', data: new Uint8Array(Buffer.from('PNG')) })
  })

  it('shows work in the taskbar: a part, some, none', async () => {
    const fake = await started()
    for (const work of [
      { open: 2, fraction: 0.25 },
      { open: 1, fraction: null },
      { open: 0, fraction: null },
    ])
      await fake.ask(CHANNELS.setWork, work)
    const told = fake.calls.filter(call => /^(progress|badge)/.test(call))
    expect(told).toEqual(['progress 0.25', 'badge 2', 'progress 2', 'badge 1', 'progress -1', 'badge 0'])
    for (const bad of [{ open: -1, fraction: null }, { open: 1, fraction: 7 }, null, { open: 1 }])
      expect(() => fake.ask(CHANNELS.setWork, bad)).toThrow('setWork')
  })

  it('notifies only where the window has not the focus; a click brings it there', async () => {
    const fake = await started()
    fake.focused = true
    await fake.ask(CHANNELS.notify, '学习', '')
    expect(fake.calls).not.toContain('notify')
    fake.focused = false
    await fake.ask(CHANNELS.notify, '学习 is ready', '1 picture')
    expect(fake.calls.slice(-2)).toEqual(['notification {"title":"学习 is ready","body":"1 picture"}', 'notify'])
    fake.listeners.get('notification.click')!()
    expect(fake.calls.at(-1)).toBe('focus')
  })
})

describe('pictures as files', () => {
  let host: StudioHost
  let upstream: Upstream
  let close: () => Promise<void>
  let id = ''
  beforeAll(async () => {
    const data = join(folder, 'studio')
    host = await StudioHost.open({ dataFolder: data, firstPicture: false })
    const weights = join(folder, 'weights.safetensors')
    await writeFile(weights, '')
    const [picture] = await new WordPainter(weights).generate({ word: '永', width: 64, height: 64 })
    id = (await host.library.add(picture, { base: folder, legibility: null })).id
    const served = await serve({ host, port: 0 })
    upstream = await enter(served.invite())
    close = async () => {
      await served.close()
      await host[Symbol.asyncDispose]()
    }
  })
  afterAll(() => close())

  it('are shown in known folders alone', async () => {
    const fake = await started(upstream)
    const inside = join(folder, 'studio', 'pictures')
    await fake.ask(CHANNELS.showPath, inside)
    expect(fake.calls).toContain(`show ${inside}`)
    for (const path of ['/etc', join(folder, 'studio-other'), join(inside, '..', '..', 'x')])
      await expect(fake.ask(CHANNELS.showPath, path)).rejects.toThrow('not a folder of the studio')
  })

  it('are dragged out and shown by their ids', async () => {
    const fake = await started(upstream)
    const file = host.library.pathOf(id)
    await fake.ask(CHANNELS.startDrag, [id])
    expect(fake.calls.at(-1)).toBe(`drag ${JSON.stringify({ file, files: [file], icon: 'icon' })}`)
    await fake.ask(CHANNELS.showPicture, id)
    expect(fake.calls.at(-1)).toBe(`show ${file}`)
    await fake.ask(CHANNELS.showDataFolder)
    expect(fake.calls.at(-1)).toBe(`show ${join(folder, 'studio/library.db')}`)
    // "Open in full size" asks for a window; it is shown where it lies instead.
    fake.openHandler({ url: `${STUDIO_URL}pictures/${id}.png` })
    await expect.poll(() => fake.calls.filter(call => call === `show ${file}`)).toHaveLength(2)
  })

  it.each([
    ['a path', ['/etc/passwd']],
    ['a way out', ['../../settings.json']],
    ['nothing', []],
    ['no list', 'abc'],
    ['too many', Array.from({ length: 201 }, () => 'abc')],
  ])('are nothing else: %s is refused before anyone is asked', async (_name, ids) => {
    const fake = await started(upstream)
    expect(() => fake.ask(CHANNELS.startDrag, ids)).toThrow('startDrag')
    expect(fake.calls.some(call => call.startsWith('drag'))).toBe(false)
  })

  it('are only those of the library', async () => {
    const fake = await started(upstream)
    await expect(fake.ask(CHANNELS.startDrag, [id, 'unknown'])).rejects.toThrow(
      'There is no such picture in the library.',
    )
    expect(fake.calls.some(call => call.startsWith('drag'))).toBe(false)
    await expect(ask({ ...upstream, cookie: '', key: '' }, 'library/locate', { ids: [id] })).rejects.toThrow(
      'not been let in',
    )
  })
})

/** A host that gives one answer to everything. */
async function answering(body: string) {
  const server = createServer((_request, response) => response.end(body))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { server, upstream: { origin, cookie: '', key: '' } }
}

describe('the window’s place', () => {
  const screens = [{ x: 0, y: 0, width: 1920, height: 1080 }]
  const at = (x: number, y: number, width = 1200, height = 800) => ({
    bounds: { x, y, width, height },
    maximised: false,
  })

  it('comes back where it is on a screen', () => {
    expect(restoredState(at(100, 50), screens)).toEqual(at(100, 50))
  })

  it.each([
    ['off the screens', at(5000, 50)],
    ['above them', at(100, -200)],
    ['too small', at(0, 0, 10, 10)],
    ['no numbers', { bounds: { x: 'a', y: 0, width: 1200, height: 800 } }],
    ['infinite', at(0, Number.POSITIVE_INFINITY)],
    ['nothing', null],
    ['damaged', 'x'],
  ])('is the default where the saved one is %s', (_name, saved) => {
    expect(restoredState(saved, screens)).toBeNull()
  })
})

describe('zihua://studio', () => {
  const upstream: Upstream = { origin: 'http://127.0.0.1:1', cookie: 'zihua-1=s', key: 'k' }
  const seen: { url: string; init: RequestInit }[] = []
  const get = (async (url: string, init: RequestInit) => {
    seen.push({ url, init })
    return new Response('body', { headers: { 'set-cookie': 'zihua-1=s', 'content-type': 'text/plain' } })
  }) as unknown as typeof fetch

  it('passes on what the page asks, with the cookie that the page never sees', async () => {
    const headers = { cookie: 'evil=1', 'content-type': 'application/json', 'x-other': '1' }
    const request = new Request('zihua://studio/rpc/a?b=c', { method: 'POST', body: '{}', headers })
    const response = await proxy(request, upstream, get)
    const { url, init } = seen.pop()!
    expect(url).toBe('http://127.0.0.1:1/rpc/a?b=c')
    expect(Object.fromEntries(init.headers as Headers)).toEqual({
      cookie: 'zihua-1=s',
      origin: 'http://127.0.0.1:1',
      'x-zihua-key': 'k',
      'content-type': 'application/json',
    })
    expect(response.headers.get('set-cookie')).toBeNull()
    expect(await response.text()).toBe('body')
  })

  it.each(['zihua://evil/', 'https://studio/'])('refuses %s', async url => {
    expect((await proxy(new Request(url), upstream, get)).status).toBe(403)
    expect(isStudio(url)).toBe(false)
  })

  it('refuses another page’s request', async () => {
    const request = new Request('zihua://studio/rpc/a')
    request.headers.set('origin', 'https://evil.example')
    expect((await proxy(request, upstream, get)).status).toBe(403)
  })
})

describe('the host process', () => {
  it('serves the studio, lets only its parent in, and ends with it', async () => {
    process.env['ZIHUA_DATA'] = join(folder, 'data')
    await writeFile(join(folder, 'x'), '')
    const { promise, resolve: ready, reject } = Promise.withResolvers<Upstream>()
    const host = new HostProcess({
      node: process.execPath,
      root: ROOT,
      onReady: ready,
      onEnd: () => {},
      onFailure: m => reject(new Error(m)),
    })
    host.start()
    const upstream = await promise
    const ask = (request: Request, at = upstream) => proxy(request, at)
    const post = () =>
      new Request('zihua://studio/rpc/studio/info', {
        method: 'POST',
        body: '{}',
        headers: { 'content-type': 'application/json' },
      })
    const { json } = (await (await ask(post())).json()) as { json: object }
    expect(json).toMatchObject({ platform: 'electron', dataFolder: join(folder, 'data') })
    expect((await ask(post(), { ...upstream, cookie: '', key: '' })).status).toBe(401)
    await expect(enter(`${upstream.origin}/?token=wrong`)).rejects.toThrow('token')
    host.stop()
    await expect
      .poll(
        () =>
          ask(post()).then(
            () => 'there',
            () => 'gone',
          ),
        { timeout: 10_000 },
      )
      .toBe('gone')
  })

  it('says the host’s own last sentence where it ends at once', async () => {
    process.env['ZIHUA_DATA'] = join(folder, 'x', 'below-a-file')
    const { promise, resolve: failed } = Promise.withResolvers<string>()
    const ready = () => {}
    new HostProcess({ node: process.execPath, root: ROOT, onReady: ready, onEnd: ready, onFailure: failed }).start()
    expect(await promise).toMatch(/below-a-file.* cannot be opened .*Check the data folder/)
  })

  it('keeps the hub’s token in the system’s keychain, where there is one', async () => {
    const data = join(folder, 'keychain')
    process.env['ZIHUA_DATA'] = data
    const { promise, resolve: ready, reject } = Promise.withResolvers<Upstream>()
    const fake = new FakeElectron(folder)
    const host = new HostProcess({
      ...{ node: process.execPath, root: ROOT, onReady: ready, onEnd: () => {} },
      onLine: line => answerFromKeychain(fake.safeStorage as unknown as SafeStorage, line),
      onFailure: message => reject(new Error(message)),
    })
    host.start()
    const upstream = await promise
    const change = (input: object) => ask<object>(upstream, 'models/setHub', input)
    const written = async () => JSON.parse(await readFile(join(data, 'hub.json'), 'utf8'))
    expect(await change({ token: 'hf_secret' })).toEqual({ mirror: null, hasToken: true })
    expect(await written()).toMatchObject({ token: null, sealed: expect.any(String) })
    expect(JSON.stringify(await written())).not.toContain('hf_secret')
    // This process has no keychain, as the command line has none.
    expect(await readHubAccess(data)).toEqual({ mirror: null, token: null, locked: true })
    expect(await change({ mirror: 'https://mirror.example' })).toMatchObject({ hasToken: true })
    // Chromium's own password on a Linux without a keyring protects nothing.
    fake.keyring = process.platform === 'linux' ? 'basic_text' : 'none'
    await change({ token: 'hf_other' })
    expect(await written()).toMatchObject({ token: 'hf_other', sealed: null })
    expect(await change({ token: null })).toMatchObject({ hasToken: false })
    host.stop()
  })

  it('says why it cannot start', async () => {
    const { promise, resolve: failed } = Promise.withResolvers<string>()
    new HostProcess({
      node: join(folder, 'none'),
      root: ROOT,
      onReady: () => {},
      onEnd: () => {},
      onFailure: failed,
    }).start()
    expect(await promise).toContain('cannot start')
  })
})
