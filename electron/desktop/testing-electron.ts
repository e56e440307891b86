/** Enough of Electron for startDesktop, where its program is not: records what it is asked, and plays its events. */
import { resolve } from 'node:path'
import type { BrowserWindowConstructorOptions, MenuItemConstructorOptions } from 'electron'
import { type ElectronParts, startDesktop } from './desktop.ts'
import type { HostProcessOptions } from './host-process.ts'
import type { Upstream } from './proxy.ts'
import { DEFAULT_STATE } from './window.ts'

export const ROOT = resolve(import.meta.dirname, '../..')

type Listener = (...args: unknown[]) => unknown

const unset: Listener = () => {
  throw new Error('Nobody has set this handler.')
}

export class FakeElectron {
  readonly calls: string[] = []
  readonly listeners = new Map<string, Listener>()
  readonly handlers = new Map<string, Listener>()
  relaunched: object | null = null
  options: BrowserWindowConstructorOptions = {}
  menu: MenuItemConstructorOptions[] = []
  openHandler = unset
  permission = unset
  permissionCheck = unset
  device = unset
  request = unset
  host: HostProcessOptions | null = null
  first = true
  focused = false
  locale = 'en-GB'
  /** What the user chooses in dialogs. */
  chosen = ['/models/sdxl']
  /** What the keychain can do: 'none', or the name of its kind. */
  keyring = 'gnome_libsecret'
  /** Turns every byte round, and refuses what it did not seal. */
  readonly safeStorage = {
    isEncryptionAvailable: () => this.keyring !== 'none',
    getSelectedStorageBackend: () => this.keyring,
    encryptString: (text: string) => Buffer.from(`sealed ${text}`).map(byte => byte ^ 0xff),
    decryptString: (bytes: Buffer) => {
      const text = Buffer.from(bytes.map(byte => byte ^ 0xff)).toString()
      if (!text.startsWith('sealed ')) throw new Error('Error while decrypting the ciphertext provided.')
      return text.slice('sealed '.length)
    },
  }
  readonly #folder: string

  /** @param folder for what the app keeps */
  constructor(folder: string) {
    this.#folder = folder
  }

  parts(): ElectronParts {
    const { calls, listeners, handlers } = this
    const fake = this
    const on = (prefix: string) => (name: string, listener: Listener) => listeners.set(`${prefix}.${name}`, listener)
    const call =
      (name: string, value?: unknown) =>
      (...args: unknown[]) => {
        calls.push([name, ...args.map(told)].join(' '))
        return value
      }
    const contents = {
      on: on('contents'),
      setWindowOpenHandler: (handler: Listener) => (this.openHandler = handler),
      reload: call('reload'),
      send: call('send'),
      startDrag: call('drag'),
    }
    class BrowserWindow {
      webContents = contents
      on = on('window')
      once = on('window')
      show = call('show')
      focus = call('focus')
      isFocused = () => fake.focused
      isMinimized = () => true
      restore = call('restore')
      maximize = call('maximize')
      isMaximized = () => true
      getNormalBounds = () => DEFAULT_STATE.bounds
      setProgressBar = call('progress')
      loadURL = async (url: string) => call('load')(url)
      constructor(options: BrowserWindowConstructorOptions) {
        fake.options = options
        listeners.get('app.web-contents-created')!({}, contents)
      }
    }
    class Notification {
      static isSupported = () => true
      on = on('notification')
      show = call('notify')
      constructor(options: object) {
        call('notification')(options)
      }
    }
    return {
      app: {
        name: 'Zihua Studio',
        on: on('app'),
        quit: call('quit'),
        relaunch: (options: object) => {
          this.relaunched = options
          call('relaunch')()
        },
        exit: call('exit'),
        enableSandbox: call('sandbox'),
        requestSingleInstanceLock: () => this.first,
        whenReady: async () => {},
        getPath: () => this.#folder,
        getLocale: () => this.locale,
        setBadgeCount: call('badge'),
      },
      BrowserWindow,
      dialog: {
        showErrorBox: call('error box'),
        showOpenDialog: async (...args: unknown[]) => {
          call('open')(args.at(-1))
          return { filePaths: this.chosen }
        },
      },
      ipcMain: { handle: (channel: string, handler: Listener) => handlers.set(channel, handler) },
      Menu: {
        buildFromTemplate: (template: unknown) => template,
        setApplicationMenu: (menu: MenuItemConstructorOptions[]) => (this.menu = menu),
      },
      nativeImage: { createFromPath: () => ({ resize: () => 'icon' }) },
      Notification,
      protocol: {
        registerSchemesAsPrivileged: (schemes: { scheme: string }[]) => call('scheme')(schemes[0].scheme),
        handle: (scheme: string) => call('handle')(scheme),
      },
      safeStorage: this.safeStorage,
      screen: { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }] },
      session: {
        defaultSession: {
          on: on('session'),
          setPermissionRequestHandler: (handler: Listener) => (this.permission = handler),
          setPermissionCheckHandler: (handler: Listener) => (this.permissionCheck = handler),
          setDevicePermissionHandler: (handler: Listener) => (this.device = handler),
          setUSBProtectedClassesHandler: call('usb'),
          webRequest: { onBeforeRequest: (handler: Listener) => (this.request = handler) },
        },
      },
      shell: { showItemInFolder: call('show') },
    } as unknown as ElectronParts
  }

  /** Plays an event; true where a listener prevented what would follow. */
  prevents(name: string, event: object, ...args: unknown[]): boolean {
    let prevented = false
    this.listeners.get(name)!({ ...event, preventDefault: () => (prevented = true) }, ...args)
    return prevented
  }

  /** As the page would ask by its preload. */
  ask(channel: string, ...args: unknown[]): unknown {
    return this.handlers.get(channel)!(frame('zihua://studio/'), ...args)
  }
}

const told = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))

/** @param upstream host of the procedures; by default none answers */
export async function started(fake: FakeElectron, upstream?: Upstream): Promise<FakeElectron> {
  startDesktop({
    electron: fake.parts(),
    preload: '/out/preload.cjs',
    node: 'node',
    root: ROOT,
    startHost: options => {
      fake.host = options
      return { start: () => fake.calls.push('start host'), stop: () => fake.calls.push('stop host') }
    },
  })
  await Promise.resolve()
  if (upstream) fake.host?.onReady(upstream)
  return fake
}

/** An IPC event of a frame. */
export const frame = (url: string, parent: object | null = null) => ({ senderFrame: { url, parent } }) as never
