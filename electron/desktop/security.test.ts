/**
 * Electron's security checklist (electronjs.org/docs/latest/tutorial/security, as of Electron 45), item by item: what it
 * asks, the code that keeps it, and the proof, without Electron's program.
 */
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { configuration } from '../../build/electron-builder.ts'
import { CONTENT_SECURITY_POLICY, securityHeaders } from '../../core/server/headers.ts'
import about from '../../package.json' with { type: 'json' }
import { bundleElectron } from '../bundle.ts'
import { CHANNELS, checkSender } from './bridge.ts'
import { proxy } from './proxy.ts'
import { FakeElectron, frame, ROOT, started } from './testing-electron.ts'
import { mayLoad, STUDIO_URL, windowOptions } from './window.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zihua-security-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const FOREIGN = ['https://evil.example/', 'http://127.0.0.1:8600/', 'file:///etc/passwd', 'zihua://evil/', 'ws://a/']
const preferences = () => windowOptions('/p', null).webPreferences ?? {}
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')
const granted = (fake: FakeElectron, permission: string, requestingUrl: string) => {
  let answer: unknown
  fake.permission({}, permission, (given: unknown) => (answer = given), { requestingUrl })
  return [answer, fake.permissionCheck({}, permission, requestingUrl)]
}
const cancelled = (fake: FakeElectron, url: string) => {
  let answer: unknown
  fake.request({ url }, (given: unknown) => (answer = given))
  return (answer as { cancel: boolean }).cancel
}

interface Item {
  asks: string
  /** "file: what in it". */
  code:
    | `electron/${string}: ${string}`
    | `core/${string}: ${string}`
    | `build/${string}: ${string}`
    | `package.json: ${string}`
  proof(fake: FakeElectron): unknown
}

/** In the order and with the numbers of the checklist. */
const CHECKLIST: readonly Item[] = [
  {
    asks: 'Only load secure content',
    code: 'electron/desktop/window.ts: mayLoad',
    proof(fake) {
      expect(fake.calls).toContain(`load ${STUDIO_URL}`)
      for (const url of FOREIGN) expect([url, cancelled(fake, url)]).toEqual([url, true])
      for (const url of [STUDIO_URL, 'zihua://studio/rpc/x', 'blob:zihua://studio/1'])
        expect([url, cancelled(fake, url)]).toEqual([url, false])
      expect(mayLoad('not a url')).toBe(false)
    },
  },
  {
    asks: 'Do not enable Node.js integration for remote content',
    code: 'electron/desktop/window.ts: nodeIntegration',
    proof: () =>
      expect(preferences()).toMatchObject({
        nodeIntegration: false,
        nodeIntegrationInWorker: false,
        nodeIntegrationInSubFrames: false,
      }),
  },
  {
    asks: 'Enable context isolation',
    code: 'electron/desktop/window.ts: contextIsolation',
    proof: () => expect(preferences().contextIsolation).toBe(true),
  },
  {
    asks: 'Enable process sandboxing',
    code: 'electron/desktop/desktop.ts: enableSandbox',
    proof(fake) {
      expect(fake.calls.indexOf('sandbox')).toBeLessThan(fake.calls.indexOf(`load ${STUDIO_URL}`))
      expect(fake.calls).toContain('sandbox')
      expect(preferences().sandbox).toBe(true)
    },
  },
  {
    asks: 'Handle session permission requests from remote content',
    code: 'electron/desktop/window.ts: setPermissionRequestHandler',
    proof(fake) {
      for (const permission of ['media', 'geolocation', 'notifications', 'clipboard-read', 'openExternal', 'unknown'])
        expect([permission, ...granted(fake, permission, STUDIO_URL)]).toEqual([permission, false, false])
      expect(granted(fake, 'clipboard-sanitized-write', 'https://evil.example/')).toEqual([false, false])
      // "Copy details" is the one thing that needs one.
      expect(granted(fake, 'clipboard-sanitized-write', STUDIO_URL)).toEqual([true, true])
      expect(fake.device({})).toBe(false)
      expect(fake.calls.some(call => call.startsWith('usb'))).toBe(true)
    },
  },
  {
    asks: 'Do not disable webSecurity',
    code: 'electron/desktop/window.ts: webSecurity',
    proof: () => expect(preferences().webSecurity).toBe(true),
  },
  {
    asks: 'Define a content security policy',
    code: 'core/server/headers.ts: CONTENT_SECURITY_POLICY',
    async proof() {
      expect(CONTENT_SECURITY_POLICY).toContain("default-src 'none'")
      expect(CONTENT_SECURITY_POLICY).toMatch(/script-src 'self'(;|$)/)
      expect(CONTENT_SECURITY_POLICY).not.toContain('unsafe-eval')
      // The scheme hands the host's own headers on.
      const get = (async () => new Response('', { headers: securityHeaders() })) as unknown as typeof fetch
      const { headers } = await proxy(
        new Request(STUDIO_URL),
        { origin: 'http://127.0.0.1:1', cookie: '', key: '' },
        get,
      )
      expect(headers.get('content-security-policy')).toBe(CONTENT_SECURITY_POLICY)
    },
  },
  {
    asks: 'Do not enable allowRunningInsecureContent',
    code: 'electron/desktop/window.ts: allowRunningInsecureContent',
    proof: () => expect(preferences().allowRunningInsecureContent).toBe(false),
  },
  {
    asks: 'Do not enable experimental features',
    code: 'electron/desktop/window.ts: experimentalFeatures',
    proof: () => expect(preferences().experimentalFeatures).toBe(false),
  },
  {
    asks: 'Do not use enableBlinkFeatures',
    code: 'electron/desktop/window.ts: webPreferences',
    proof: () => expect(preferences()).not.toHaveProperty('enableBlinkFeatures'),
  },
  {
    asks: 'Do not use allowpopups for webviews',
    code: 'electron/desktop/window.ts: webviewTag',
    proof: () => expect(preferences().webviewTag).toBe(false),
  },
  {
    asks: 'Verify webview options before creation',
    code: 'electron/desktop/window.ts: will-attach-webview',
    proof: fake => expect(fake.prevents('contents.will-attach-webview', {})).toBe(true),
  },
  {
    asks: 'Disable or limit navigation',
    code: 'electron/desktop/window.ts: will-navigate',
    proof(fake) {
      for (const name of ['will-navigate', 'will-frame-navigate', 'will-redirect']) {
        for (const url of [...FOREIGN, 'javascript:1', 'zihua:studio'])
          expect([name, url, fake.prevents(`contents.${name}`, { url })]).toEqual([name, url, true])
        expect(fake.prevents(`contents.${name}`, { url: STUDIO_URL })).toBe(false)
      }
      expect(preferences().navigateOnDragDrop).toBe(false)
    },
  },
  {
    asks: 'Disable or limit creation of new windows',
    code: 'electron/desktop/window.ts: setWindowOpenHandler',
    proof(fake) {
      for (const url of [STUDIO_URL, `${STUDIO_URL}pictures/abc.png`, ...FOREIGN])
        expect(fake.openHandler({ url })).toEqual({ action: 'deny' })
    },
  },
  {
    asks: 'Do not use shell.openExternal with untrusted content',
    code: 'electron/desktop/answers.ts: showItemInFolder',
    async proof(fake) {
      for (const path of ['relative', 'https://evil.example', 5, null])
        expect(() => fake.ask(CHANNELS.showPath, path)).toThrow('showPath')
      expect(fake.calls.filter(call => call.startsWith('show /'))).toEqual([])
      for (const file of ['answers.ts', 'desktop.ts', 'window.ts', 'menu.ts'])
        expect(read(`electron/desktop/${file}`)).not.toMatch(/openExternal|openPath/)
    },
  },
  {
    asks: 'Use a current version of Electron',
    code: 'package.json: electron',
    // Pinned to the one that was tried; the number is raised on purpose, never by accident.
    proof: () => expect(about.devDependencies.electron).toBe('45.5.0'),
  },
  {
    asks: 'Validate the sender of all IPC messages',
    code: 'electron/desktop/bridge.ts: checkSender',
    proof(fake) {
      expect([...fake.handlers.keys()].sort()).toEqual(Object.values(CHANNELS).sort())
      const strangers = [frame('https://evil.example/'), frame(STUDIO_URL, {}), { senderFrame: null } as never]
      for (const handler of fake.handlers.values())
        for (const sender of strangers) expect(() => handler(sender, '/a')).toThrow('Only the studio')
      expect(() => checkSender(frame(STUDIO_URL))).not.toThrow()
    },
  },
  {
    asks: 'Avoid usage of the file:// protocol and prefer usage of custom protocols',
    code: 'electron/desktop/desktop.ts: registerSchemesAsPrivileged',
    proof(fake) {
      expect(fake.calls).toEqual(expect.arrayContaining(['scheme zihua', 'handle zihua']))
      expect(fake.calls.some(call => /^load file/.test(call))).toBe(false)
    },
  },
  {
    asks: 'Check which fuses you can change',
    code: 'build/electron-builder.ts: electronFuses',
    proof: () =>
      expect(configuration.electronFuses).toEqual({
        runAsNode: false,
        enableNodeOptionsEnvironmentVariable: false,
        enableNodeCliInspectArguments: false,
        enableEmbeddedAsarIntegrityValidation: true,
        onlyLoadAppFromAsar: true,
        grantFileProtocolExtraPrivileges: false,
      }),
  },
  {
    asks: 'Do not expose Electron APIs to untrusted web content',
    code: 'electron/preload.ts: exposeInMainWorld',
    async proof() {
      const { exposed, invoked, hear } = await preloaded()
      expect([...exposed.keys()]).toEqual(['desktop'])
      const desktop = exposed.get('desktop') as Record<string, (value?: unknown) => unknown>
      expect(Object.keys(desktop).sort()).toEqual([...Object.keys(CHANNELS), 'onCommand'].sort())
      desktop['showPath']('/a')
      expect(invoked).toEqual([[CHANNELS.showPath, '/a']])
      // The page hears names of its own acts, and nothing of the event that brought them.
      const heard: unknown[][] = []
      desktop['onCommand']((...args: unknown[]) => heard.push(args))
      for (const id of ['generate', 'nothing-known', { id: 'generate' }]) hear({ sender: {} }, id)
      expect(heard).toEqual([['generate']])
    },
  },
]

/** The preload as it is bundled, run with as much of Electron as it may see. */
async function preloaded() {
  await bundleElectron(folder)
  const code = readFileSync(join(folder, 'preload/preload.cjs'), 'utf8')
  const exposed = new Map<string, object>()
  const invoked: unknown[][] = []
  let hear: (...args: unknown[]) => unknown = () => expect.unreachable()
  const electron = {
    contextBridge: { exposeInMainWorld: (name: string, value: object) => exposed.set(name, value) },
    ipcRenderer: {
      invoke: (...args: unknown[]) => invoked.push(args),
      on: (_channel: string, listener: typeof hear) => (hear = listener),
    },
  }
  const require = (name: string) => (name === 'electron' ? electron : expect.unreachable(`requires ${name}`))
  new Function('require', 'module', 'exports', code)(require, { exposed: {} }, {})
  return { exposed, invoked, hear: (...args: unknown[]) => hear(...args) }
}

describe('Electron’s security checklist', () => {
  it('has its twenty items', () => expect(CHECKLIST).toHaveLength(20))

  it.each(CHECKLIST.map((item, i) => ({ ...item, number: i + 1 })))(
    '$number. $asks ($code)',
    async ({ code, proof }) => {
      const [file, what] = code.split(': ')
      expect(read(file)).toContain(what)
      await proof(await started(new FakeElectron(folder)))
    },
  )
})

describe('beside the checklist', () => {
  it('saves only what the studio itself hands out', async () => {
    const fake = await started(new FakeElectron(folder))
    const refused = (url: string) => fake.prevents('session.will-download', {}, { getURL: () => url })
    for (const url of ['https://evil.example/x.exe', 'blob:https://evil.example/1', 'data:text/html,x'])
      expect([url, refused(url)]).toEqual([url, true])
    for (const url of ['blob:zihua://studio/1', 'zihua://studio/pictures/a.png', 'zihua://studio/blobs/a.png'])
      expect([url, refused(url)]).toEqual([url, false])
  })

  it('lets no environment choose what an installed app starts', () => {
    for (const file of ['electron/main.ts', 'electron/desktop/places.ts']) expect(read(file)).not.toMatch(/\benv\b/)
    expect(read('electron/desktop/host-process.ts')).toContain('NODE_OPTIONS: _')
  })

  it('bundles main with nothing left to load but Electron and Node', async () => {
    await bundleElectron(folder)
    const main = readFileSync(join(folder, 'main/main.mjs'), 'utf8')
    const imported = [...main.matchAll(/^import .*? from "([^"]+)"/gm)].map(([, name]) => name)
    expect(imported.filter(name => name !== 'electron' && !name.startsWith('node:'))).toEqual([])
  })
})
