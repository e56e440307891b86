/**
 * The desktop app without Electron's program: what it asks of Electron, item by item of Electron's security checklist
 * (electronjs.org/docs/latest/tutorial/security, numbers as there), and its host process for real.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { BrowserWindowConstructorOptions } from 'electron'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import about from '../../package.json' with { type: 'json' }
import { bundleElectron } from '../bundle.ts'
import { CHANNELS, checkSender } from './bridge.ts'
import { type ElectronParts, startDesktop } from './desktop.ts'
import { HostProcess, type HostProcessOptions } from './host-process.ts'
import { enter, proxy, type Upstream } from './proxy.ts'
import { DEFAULT_STATE, isStudio, mayLoad, restoredState, STUDIO_URL, windowOptions } from './window.ts'

const root = resolve(import.meta.dirname, '../..')
let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zihua-desktop-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

type Listener = (...args: unknown[]) => unknown

/** Records what it is asked; enough of Electron for startDesktop. */
class FakeElectron {
  readonly calls: string[] = []
  readonly listeners = new Map<string, Listener>()
  readonly handlers = new Map<string, Listener>()
  options: BrowserWindowConstructorOptions = {}
  openHandler: Listener = () => expect.unreachable()
  permission: Listener = () => expect.unreachable()
  request: Listener = () => expect.unreachable()
  host: HostProcessOptions | null = null
  first = true

  parts(): ElectronParts {
    const on = (prefix: string) => (name: string, listener: Listener) =>
      this.listeners.set(`${prefix}.${name}`, listener)
    const call = (name: string, value?: unknown) => () => {
      this.calls.push(name)
      return value
    }
    const contents = {
      on: on('contents'),
      setWindowOpenHandler: (handler: Listener) => (this.openHandler = handler),
      reload: call('reload'),
    }
    const { listeners } = this
    const keepOptions = (options: BrowserWindowConstructorOptions) => (this.options = options)
    class BrowserWindow {
      webContents = contents
      on = on('window')
      once = on('window')
      show = call('show')
      focus = call('focus')
      isMinimized = () => true
      restore = call('restore')
      maximize = call('maximize')
      isMaximized = () => true
      getNormalBounds = () => DEFAULT_STATE.bounds
      loadURL = async (url: string) => call(`load ${url}`)()
      constructor(options: BrowserWindowConstructorOptions) {
        keepOptions(options)
        listeners.get('app.web-contents-created')!({}, contents)
      }
    }
    return {
      app: {
        name: 'Zihua Studio',
        on: on('app'),
        quit: call('quit'),
        exit: call('exit'),
        enableSandbox: call('sandbox'),
        requestSingleInstanceLock: () => this.first,
        whenReady: async () => {},
        getPath: () => folder,
      },
      BrowserWindow,
      dialog: { showErrorBox: call('error box'), showOpenDialog: async () => ({ filePaths: ['/models/sdxl'] }) },
      ipcMain: { handle: (channel: string, handler: Listener) => this.handlers.set(channel, handler) },
      Menu: { buildFromTemplate: (template: unknown) => template, setApplicationMenu: call('menu') },
      protocol: {
        registerSchemesAsPrivileged: (schemes: { scheme: string }[]) => call(`scheme ${schemes[0].scheme}`)(),
        handle: (scheme: string) => call(`handle ${scheme}`)(),
      },
      screen: { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }] },
      session: {
        defaultSession: {
          on: on('session'),
          setPermissionRequestHandler: (handler: Listener) => (this.permission = handler),
          setPermissionCheckHandler: (handler: () => boolean) => call(`check ${handler()}`)(),
          setDevicePermissionHandler: (handler: () => boolean) => call(`device ${handler()}`)(),
          setUSBProtectedClassesHandler: call('usb'),
          webRequest: { onBeforeRequest: (handler: Listener) => (this.request = handler) },
        },
      },
      shell: { showItemInFolder: (path: string) => call(`show ${path}`)() },
    } as unknown as ElectronParts
  }
}

async function started(first = true): Promise<FakeElectron> {
  const fake = new FakeElectron()
  fake.first = first
  startDesktop({
    ...{ electron: fake.parts(), preload: '/out/preload.cjs', node: 'node', root },
    startHost: options => {
      fake.host = options
      return { start: () => fake.calls.push('start host'), stop: () => fake.calls.push('stop host') }
    },
  })
  await Promise.resolve()
  return fake
}

const prevented = (fake: FakeElectron, name: string, url: string) => {
  let stopped = false
  fake.listeners.get(`contents.${name}`)!({ url, preventDefault: () => (stopped = true) })
  return stopped
}
const frame = (url: string, parent: object | null = null) => ({ senderFrame: { url, parent } }) as never

describe('Electron’s security checklist', () => {
  it('1, 18: loads only its own scheme, neither http nor file', async () => {
    const fake = await started()
    expect(fake.calls).toEqual(expect.arrayContaining(['scheme zihua', 'handle zihua', `load ${STUDIO_URL}`]))
    const cancelled = (url: string) => {
      let answer: unknown
      fake.request({ url }, (given: unknown) => (answer = given))
      return (answer as { cancel: boolean }).cancel
    }
    for (const url of [
      'https://a.example/',
      'http://127.0.0.1:8600/',
      'file:///etc/passwd',
      'zihua://other/',
      'ws://a/',
    ])
      expect([url, cancelled(url)]).toEqual([url, true])
    for (const url of [STUDIO_URL, 'zihua://studio/rpc/x', 'blob:zihua://studio/1']) expect(cancelled(url)).toBe(false)
    expect(mayLoad('not a url')).toBe(false)
  })

  it('2, 3, 4: no Node in the page, isolated, sandboxed, for every renderer', async () => {
    const fake = await started()
    expect(fake.calls).toContain('sandbox')
    expect(fake.options.webPreferences).toMatchObject({
      ...{ nodeIntegration: false, nodeIntegrationInWorker: false, nodeIntegrationInSubFrames: false },
      ...{ contextIsolation: true, sandbox: true, preload: '/out/preload.cjs' },
    })
  })

  it('5: grants no permission', async () => {
    const fake = await started()
    let granted: unknown = null
    fake.permission({}, 'media', (given: unknown) => (granted = given))
    expect(granted).toBe(false)
    expect(fake.calls).toEqual(expect.arrayContaining(['check false', 'device false', 'usb']))
  })

  it('6, 8, 9, 10: switches nothing off that protects, nothing on that is experimental', () => {
    const { webPreferences = {} } = windowOptions('/p', null)
    expect(webPreferences).toMatchObject({
      ...{ webSecurity: true, allowRunningInsecureContent: false, experimentalFeatures: false },
    })
    expect(webPreferences).not.toHaveProperty('enableBlinkFeatures')
  })

  it('11, 12: no webviews', async () => {
    const fake = await started()
    expect(fake.options.webPreferences?.webviewTag).toBe(false)
    expect(prevented(fake, 'will-attach-webview', '')).toBe(true)
  })

  it.each(['will-navigate', 'will-frame-navigate', 'will-redirect'])('13: goes nowhere else (%s)', async name => {
    const fake = await started()
    for (const url of ['https://evil.example/', 'file:///etc/passwd', 'zihua://evil/', 'javascript:1', 'zihua:studio'])
      expect([url, prevented(fake, name, url)]).toEqual([url, true])
    expect(prevented(fake, name, STUDIO_URL)).toBe(false)
  })

  it('14: opens no windows', async () => {
    expect((await started()).openHandler({ url: STUDIO_URL })).toEqual({ action: 'deny' })
  })

  it('15: opens nothing outside; it only shows where a file lies', async () => {
    const fake = await started()
    const show = fake.handlers.get(CHANNELS.showPath)!
    for (const path of ['relative', 'https://evil.example', 5]) await show(frame(STUDIO_URL), path)
    expect(fake.calls.filter(call => call.startsWith('show '))).toEqual([])
    await show(frame(STUDIO_URL), '/pictures/a.png')
    expect(fake.calls).toContain('show /pictures/a.png')
    expect(await readFile(join(import.meta.dirname, 'desktop.ts'), 'utf8')).not.toMatch(/openExternal|openPath/)
  })

  it('16: is pinned to the Electron that was tried', () => {
    expect(about.devDependencies.electron).toBe('45.4.1')
  })

  it('17: answers its own page in its own window alone', async () => {
    const fake = await started()
    expect(fake.handlers.size).toBe(Object.keys(CHANNELS).length)
    for (const handler of fake.handlers.values()) {
      for (const sender of [frame('https://evil.example/'), frame(STUDIO_URL, {}), { senderFrame: null } as never])
        expect(() => handler(sender, '/a')).toThrow('Only the studio')
    }
    expect(() => checkSender(frame(STUDIO_URL))).not.toThrow()
    expect(await fake.handlers.get(CHANNELS.chooseModel)!(frame(STUDIO_URL), 'folder')).toBe('/models/sdxl')
  })

  it('20: the preload hands over three functions and nothing of Electron', async () => {
    const out = join(folder, 'out')
    await bundleElectron(out)
    const code = await readFile(join(out, 'preload/preload.cjs'), 'utf8')
    const exposed = new Map<string, object>()
    const invoked: unknown[][] = []
    const electron = {
      contextBridge: { exposeInMainWorld: (name: string, value: object) => exposed.set(name, value) },
      ipcRenderer: { invoke: (...args: unknown[]) => invoked.push(args) },
    }
    const require = (name: string) => (name === 'electron' ? electron : expect.unreachable(`requires ${name}`))
    new Function('require', 'module', 'exports', code)(require, { exports: {} }, {})
    expect([...exposed.keys()]).toEqual(['desktop'])
    const desktop = exposed.get('desktop') as Record<string, (value?: unknown) => unknown>
    expect(Object.keys(desktop).sort()).toEqual(Object.keys(CHANNELS).sort())
    desktop['showPath']('/a')
    expect(invoked).toEqual([[CHANNELS.showPath, '/a']])
    const main = await readFile(join(out, 'main/main.mjs'), 'utf8')
    const imported = [...main.matchAll(/^import .*? from "([^"]+)"/gm)].map(([, name]) => name)
    expect(imported.every(name => name === 'electron' || name.startsWith('node:'))).toBe(true)
  })
})

describe('the app', () => {
  it('is there once', async () => {
    const second = await started(false)
    expect(second.calls).toEqual(['quit'])
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

  it('reloads a page that has crashed, but not for ever', async () => {
    const fake = await started()
    const crash = () => fake.listeners.get('contents.render-process-gone')!({}, { reason: 'crashed' })
    for (let i = 0; i < 3; i++) crash()
    expect(fake.calls.filter(call => call === 'reload')).toHaveLength(3)
    crash()
    expect(fake.calls.slice(-2)).toEqual(['error box', 'exit'])
  })

  it('says so when its host cannot live, and ends it when it quits', async () => {
    const fake = await started()
    expect(fake.calls).toContain('start host')
    fake.listeners.get('app.will-quit')!()
    fake.host!.onFailure('It ended.')
    expect(fake.calls.slice(-3)).toEqual(['stop host', 'error box', 'exit'])
  })
})

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
  const upstream: Upstream = { origin: 'http://127.0.0.1:1', cookie: 'zihua-1=s' }
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
      ...{ cookie: 'zihua-1=s', origin: 'http://127.0.0.1:1', 'content-type': 'application/json' },
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
    const host = new HostProcess({ node: process.execPath, root, onReady: ready, onFailure: m => reject(new Error(m)) })
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
    expect((await ask(post(), { ...upstream, cookie: '' })).status).toBe(401)
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

  it('says why it cannot start', async () => {
    const { promise, resolve: failed } = Promise.withResolvers<string>()
    new HostProcess({ node: join(folder, 'none'), root, onReady: () => {}, onFailure: failed }).start()
    expect(await promise).toContain('cannot start')
  })
})
