/** The studio's window: its place on the screen, and the restrictions on its page. */
import type { BrowserWindowConstructorOptions, Rectangle, Session, WebContents } from 'electron'

/** Scheme under which Electron serves the studio's page and pictures; nothing else is ever loaded. */
export const SCHEME = 'zihua'
export const STUDIO_URL = `${SCHEME}://studio/`

export interface WindowState {
  bounds: Rectangle
  maximised: boolean
}
export const DEFAULT_STATE: WindowState = { bounds: { x: 0, y: 0, width: 1440, height: 900 }, maximised: false }

/** Smaller, and the three columns no longer fit. */
const SMALLEST = { width: 960, height: 600 }

/** @param state null: in the middle, at the default size */
export function windowOptions(preload: string, state: WindowState | null): BrowserWindowConstructorOptions {
  const { width, height } = DEFAULT_STATE.bounds
  return {
    ...(state ? state.bounds : { width, height, center: true }),
    minWidth: SMALLEST.width,
    minHeight: SMALLEST.height,
    title: 'Zihua Studio',
    // Shown when the page is ready: no white flash.
    show: false,
    backgroundColor: '#17161a',
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
    },
  }
}

/** The saved state of the window, if it is valid and still on a screen. */
export function restoredState(saved: unknown, screens: readonly Rectangle[]): WindowState | null {
  const { bounds, maximised } = (saved ?? {}) as Partial<WindowState>
  const numbers = [bounds?.x, bounds?.y, bounds?.width, bounds?.height]
  if (!bounds || !numbers.every(Number.isSafeInteger)) return null
  if (bounds.width < SMALLEST.width || bounds.height < SMALLEST.height) return null
  // The middle of the title bar must be on a screen, so that the window can be moved.
  const [x, y] = [bounds.x + bounds.width / 2, bounds.y + 16]
  const seen = screens.some(
    screen => x >= screen.x && x < screen.x + screen.width && y >= screen.y && y < screen.y + screen.height,
  )
  const { width, height } = bounds
  return seen ? { bounds: { x: bounds.x, y: bounds.y, width, height }, maximised: maximised === true } : null
}

/** Whether a URL is of the studio's own page. */
export function isStudio(url: string): boolean {
  try {
    const { protocol, host } = new URL(url)
    return protocol === `${SCHEME}:` && host === 'studio'
  } catch {
    return false
  }
}

/** The address of a picture of the library, with its id. */
const PICTURE = /^\/pictures\/([\w-]{1,100})\.png$/

/**
 * Forbids the page to open windows, to navigate away and to embed other pages.
 * @param showPicture called for a link to a library picture, instead of opening a window
 */
export function restrictContents(contents: WebContents, showPicture: (id: string) => Promise<void>): void {
  const refuseForeign = (event: { preventDefault(): void; url: string }) => {
    if (!isStudio(event.url)) event.preventDefault()
  }
  contents.on('will-navigate', refuseForeign)
  contents.on('will-frame-navigate', refuseForeign)
  contents.on('will-redirect', refuseForeign)
  contents.on('will-attach-webview', event => event.preventDefault())
  contents.setWindowOpenHandler(({ url }) => {
    const id = isStudio(url) ? PICTURE.exec(new URL(url).pathname)?.[1] : undefined
    // Fails where the picture was deleted meanwhile.
    if (id) showPicture(id).catch(() => {})
    return { action: 'deny' }
  })
}

/** The only permission that the page gets: writing text to the clipboard. */
const GRANTED = 'clipboard-sanitized-write'

/** Denies camera, location, devices and the like, and all requests and downloads but the studio's own. */
export function restrictSession(session: Session): void {
  const mayHave = (permission: string, url: string) => permission === GRANTED && isStudio(url)
  session.setPermissionRequestHandler((_contents, permission, answer, { requestingUrl }) =>
    answer(mayHave(permission, requestingUrl)),
  )
  session.setPermissionCheckHandler((_contents, permission, origin) => mayHave(permission, origin))
  session.setDevicePermissionHandler(() => false)
  session.setUSBProtectedClassesHandler(({ protectedClasses }) => protectedClasses)
  // Electron asks the user where to save a map or picture; the page only suggests the name.
  session.on('will-download', (event, item) => {
    if (!isStudio(item.getURL().replace(/^blob:/, ''))) event.preventDefault()
  })
  session.webRequest.onBeforeRequest(({ url }, answer) => answer({ cancel: !mayLoad(url) }))
}

/** Whether the page may load a URL: the studio's own, data in memory, and the developer tools' pages. */
export function mayLoad(url: string): boolean {
  return isStudio(url) || /^(blob|data|devtools):/.test(url)
}
