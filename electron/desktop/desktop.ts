/**
 * The desktop app: one window over the studio's host process. Electron is a parameter, so that this can be tested
 * without
 * its program.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type * as Electron from 'electron'
import type { StudioInfo } from '../../core/host/api/studio.ts'
import type { Settings } from '../../core/host/default-settings.ts'
import { type AnswerParts, answerPage, locate } from './answers.ts'
import { COMMAND_CHANNEL } from './bridge.ts'
import { HostProcess, type HostProcessOptions } from './host-process.ts'
import { answerFromKeychain } from './keychain.ts'
import { MESSAGES, menuTemplate, systemLanguage } from './menu.ts'
import type { Places } from './places.ts'
import { ask, proxy, type Upstream } from './proxy.ts'
import {
  isStudio,
  restoredState,
  restrictContents,
  restrictSession,
  SCHEME,
  STUDIO_URL,
  windowOptions,
} from './window.ts'

export type ElectronParts = AnswerParts &
  Pick<typeof Electron, 'BrowserWindow' | 'Menu' | 'protocol' | 'safeStorage' | 'screen' | 'session'>

export interface DesktopOptions extends Places {
  electron: ElectronParts
  /** For tests: how the studio's host is started. */
  startHost?: (options: HostProcessOptions) => Pick<HostProcess, 'start' | 'stop'>
}

/** The app gives up when its page has crashed more often than this within a minute. */
const MOST_RELOADS = 3
/** Chromium's ERR_ABORTED: another load took this one's place. */
const ABORTED = -3

/** Must be called before the app is ready: Electron accepts schemes, sandbox and the instance lock only until then. */
export function startDesktop(options: DesktopOptions): void {
  const { app, protocol } = options.electron
  if (!app.requestSingleInstanceLock()) {
    app.quit()
    return
  }
  app.enableSandbox()
  const privileges = { standard: true, secure: true, supportFetchAPI: true, stream: true }
  protocol.registerSchemesAsPrivileged([{ scheme: SCHEME, privileges }])
  const desktop = new DesktopApp(options)
  app.on('web-contents-created', (_event, contents) => restrictContents(contents, id => desktop.showPicture(id)))
  app.on('second-instance', () => desktop.focus())
  app.on('window-all-closed', () => app.quit())
  app.on('child-process-gone', (_event, { type, reason }) => {
    if (type === 'GPU' && reason !== 'clean-exit') startWithoutGpu(app)
  })
  app.on('will-quit', () => desktop.stop())
  void app.whenReady().then(() => desktop.open())
}

const WITHOUT_GPU = '--disable-gpu'

/** Starts the app once more without the GPU, on which a driver may leave no window at all; once, so that it never loops. */
function startWithoutGpu(app: ElectronParts['app']): void {
  const args = process.argv.slice(1)
  if (args.includes(WITHOUT_GPU)) return
  console.error("zihua: the graphics card's process ended; the studio starts again without it.")
  app.relaunch({ args: [...args, WITHOUT_GPU] })
  app.quit()
}

class DesktopApp {
  readonly #options: DesktopOptions
  readonly #host: Pick<HostProcess, 'start' | 'stop'>
  #window: Electron.BrowserWindow | null = null
  #language: keyof typeof MESSAGES = 'en'
  /** Resolves when the host is ready. Replaced when the host has ended, so that requests wait for the next one. */
  #upstream = Promise.withResolvers<Upstream>()
  #reloads: number[] = []

  constructor(options: DesktopOptions) {
    this.#options = options
    const { node, root, startHost = hostOptions => new HostProcess(hostOptions) } = options
    this.#host = startHost({
      node,
      root,
      onReady: upstream => this.#upstream.resolve(upstream),
      onEnd: () => this.#awaitNextHost(),
      onLine: line => answerFromKeychain(options.electron.safeStorage, line),
      onFailure: message => this.#fail(MESSAGES[this.#language].hostFailed(message)),
    })
  }

  open(): void {
    const { electron, preload } = this.#options
    restrictSession(electron.session.defaultSession)
    electron.protocol.handle(SCHEME, async request => proxy(request, await this.#upstream.promise))
    answerPage({
      electron,
      window: () => this.#window,
      upstream: () => this.#upstream.promise,
      language: () => this.#language,
      setLanguage: (language, shortcuts) => this.#setLanguage(language, shortcuts),
      focus: () => this.focus(),
      showDataFolder: () => this.#showDataFolder(),
      showPicture: id => this.showPicture(id),
    })
    this.#setLanguage(systemLanguage(electron.app.getLocale()))
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
    const { webContents } = window
    webContents.on('render-process-gone', (_event, { reason }) => reason !== 'clean-exit' && this.#recover(reason))
    webContents.on('did-fail-load', (_event, code, reason, url, isMainFrame) => {
      if (isMainFrame && isStudio(url) && code !== ABORTED) this.#recover(reason)
    })
    // Loads as soon as the host is ready. Failures are handled by did-fail-load.
    window.loadURL(STUDIO_URL).catch(() => {})
  }

  focus(): void {
    if (this.#window?.isMinimized()) this.#window.restore()
    this.#window?.focus()
  }

  stop(): void {
    this.#host.stop()
  }

  async showPicture(id: string): Promise<void> {
    for (const path of await locate(await this.#upstream.promise, [id]))
      this.#options.electron.shell.showItemInFolder(path)
  }

  /** Requests that wait for the last host wait for the next one. */
  #awaitNextHost(): void {
    const last = this.#upstream
    this.#upstream = Promise.withResolvers()
    this.#upstream.promise.then(last.resolve)
  }

  /** Rebuilds the menus, as the labels of Electron's menus cannot be changed. */
  #setLanguage(language: keyof typeof MESSAGES, shortcuts: Settings['shortcuts'] = {}): void {
    const { Menu } = this.#options.electron
    this.#language = language
    const template = menuTemplate({
      language,
      shortcuts,
      command: id => this.#window?.webContents.send(COMMAND_CHANNEL, id),
      // Fails while the host restarts, which it does by itself.
      showDataFolder: () => void this.#showDataFolder().catch(() => {}),
    })
    Menu.setApplicationMenu(Menu.buildFromTemplate(template))
  }

  async #showDataFolder(): Promise<void> {
    const { dataFolder } = await ask<StudioInfo>(await this.#upstream.promise, 'studio/info', {})
    // A file in the folder, so that the file manager opens this folder and not its parent.
    this.#options.electron.shell.showItemInFolder(join(dataFolder, 'library.db'))
  }

  #fail(message: string): void {
    const { dialog, app } = this.#options.electron
    dialog.showErrorBox('Zihua Studio', `${message} ${MESSAGES[this.#language].startAgain}`)
    app.exit(1)
  }

  /** Reloads a page that crashed or failed to load: its state is in the host. */
  #recover(reason: string): void {
    const now = Date.now()
    this.#reloads = [...this.#reloads.filter(time => now - time < 60_000), now]
    this.#window?.setProgressBar(-1)
    if (this.#reloads.length <= MOST_RELOADS) this.#window?.webContents.reload()
    else this.#fail(`${MESSAGES[this.#language].crashed(this.#reloads.length)} (${reason})`)
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
    // The window's place is not worth keeping it from closing.
  }
}
