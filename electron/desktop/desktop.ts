/**
 * The desktop app: one window over the studio's host process. Takes Electron as a parameter, so that every decision here
 * is tested where Electron's program is not.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import type * as Electron from 'electron'
import { CHANNELS, checkSender } from './bridge.ts'
import { HostProcess, type HostProcessOptions } from './host-process.ts'
import { menuTemplate } from './menu.ts'
import { proxy, type Upstream } from './proxy.ts'
import { restoredState, restrictContents, restrictSession, SCHEME, STUDIO_URL, windowOptions } from './window.ts'

export type ElectronParts = Pick<
  typeof Electron,
  'app' | 'BrowserWindow' | 'dialog' | 'ipcMain' | 'Menu' | 'protocol' | 'screen' | 'session' | 'shell'
>

export interface DesktopOptions {
  electron: ElectronParts
  preload: string
  node: string
  root: string
  /** For tests: how the studio's host is started. */
  startHost?: (options: HostProcessOptions) => Pick<HostProcess, 'start' | 'stop'>
}

/** A page that dies more often than this a minute would die again. */
const MOST_RELOADS = 3

/** Before the app is ready: Electron takes schemes, sandbox and the instance lock only then. */
export function startDesktop(options: DesktopOptions): void {
  const { app, protocol } = options.electron
  if (!app.requestSingleInstanceLock()) {
    app.quit()
    return
  }
  app.enableSandbox()
  const privileges = { standard: true, secure: true, supportFetchAPI: true, stream: true }
  protocol.registerSchemesAsPrivileged([{ scheme: SCHEME, privileges }])
  app.on('web-contents-created', (_event, contents) => restrictContents(contents))
  const desktop = new DesktopApp(options)
  app.on('second-instance', () => desktop.focus())
  app.on('window-all-closed', () => app.quit())
  app.on('will-quit', () => desktop.stop())
  void app.whenReady().then(() => desktop.open())
}

class DesktopApp {
  readonly #options: DesktopOptions
  readonly #host: Pick<HostProcess, 'start' | 'stop'>
  #window: Electron.BrowserWindow | null = null
  /** Resolves when the host answers; replaced when it has to be started again. */
  #upstream = Promise.withResolvers<Upstream>()
  #reloads: number[] = []

  constructor(options: DesktopOptions) {
    this.#options = options
    const { node, root, startHost = hostOptions => new HostProcess(hostOptions) } = options
    this.#host = startHost({
      ...{ node, root },
      onReady: upstream => this.#ready(upstream),
      onFailure: message => this.#fail(message),
    })
  }

  open(): void {
    const { electron, preload } = this.#options
    restrictSession(electron.session.defaultSession)
    electron.protocol.handle(SCHEME, async request => proxy(request, await this.#upstream.promise))
    this.#answer()
    electron.Menu.setApplicationMenu(electron.Menu.buildFromTemplate(menuTemplate(electron.app.name)))
    this.#host.start()
    const screens = electron.screen.getAllDisplays().map(({ workArea }) => workArea)
    const state = restoredState(readState(this.#stateFile), screens)
    const window = new electron.BrowserWindow(windowOptions(preload, state))
    this.#window = window
    if (state?.maximised) window.maximize()
    window.once('ready-to-show', () => window.show())
    window.on('close', () => {
      writeState(this.#stateFile, { bounds: window.getNormalBounds(), maximised: window.isMaximized() })
    })
    window.on('closed', () => (this.#window = null))
    window.webContents.on('render-process-gone', (_event, { reason }) => this.#recover(reason))
    // The address answers as soon as the host does: the window waits, it does not fail.
    window.loadURL(STUDIO_URL).catch((error: Error) => this.#fail(`The window cannot be filled (${error.message}).`))
  }

  focus(): void {
    if (this.#window?.isMinimized()) this.#window.restore()
    this.#window?.focus()
  }

  stop(): void {
    this.#host.stop()
  }

  #ready(upstream: Upstream): void {
    const first = this.#upstream
    this.#upstream = Promise.withResolvers()
    this.#upstream.resolve(upstream)
    first.resolve(upstream)
  }

  #fail(message: string): void {
    const { dialog, app } = this.#options.electron
    dialog.showErrorBox('Zihua Studio', `${message} Start the studio again; your pictures and the queue are safe.`)
    app.exit(1)
  }

  /** The page has crashed: what it showed lives in the host, so a reload brings it back. */
  #recover(reason: string): void {
    if (reason === 'clean-exit') return
    const now = Date.now()
    this.#reloads = [...this.#reloads.filter(time => now - time < 60_000), now]
    if (this.#reloads.length > MOST_RELOADS) this.#fail(`The window has crashed ${MOST_RELOADS} times (${reason}).`)
    else this.#window?.webContents.reload()
  }

  #answer(): void {
    const { dialog, ipcMain, shell } = this.#options.electron
    const choose = async (properties: ('openDirectory' | 'openFile' | 'createDirectory')[]): Promise<string | null> => {
      const filters = properties.includes('openFile') ? [{ name: 'Checkpoint', extensions: ['safetensors'] }] : []
      const options = { properties, filters }
      const { filePaths } = await (this.#window
        ? dialog.showOpenDialog(this.#window, options)
        : dialog.showOpenDialog(options))
      return filePaths[0] ?? null
    }
    ipcMain.handle(CHANNELS.chooseModel, (event, kind: unknown) => {
      checkSender(event)
      return choose(kind === 'file' ? ['openFile'] : ['openDirectory'])
    })
    ipcMain.handle(CHANNELS.chooseFolder, event => {
      checkSender(event)
      return choose(['openDirectory', 'createDirectory'])
    })
    ipcMain.handle(CHANNELS.showPath, (event, path: unknown) => {
      checkSender(event)
      // Shown, never opened: opening a path would run what lies there.
      if (typeof path === 'string' && isAbsolute(path)) shell.showItemInFolder(path)
    })
  }

  get #stateFile(): string {
    return join(this.#options.electron.app.getPath('userData'), 'window.json')
  }
}

function readState(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return null // the first start, or a damaged file: the default place
  }
}

function writeState(file: string, state: unknown): void {
  try {
    writeFileSync(file, JSON.stringify(state))
  } catch {
    // A window that forgets its place is better than one that does not close.
  }
}
