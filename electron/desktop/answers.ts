/**
 * The main process's handlers for the page's calls: system dialogs, taskbar, notifications, files dragged out of the
 * window.
 */
import { readFile } from 'node:fs/promises'
import { basename, resolve, sep } from 'node:path'
import type * as Electron from 'electron'
import type { Job } from '../../core/host/api/queue.ts'
import type { StudioInfo } from '../../core/host/api/studio.ts'
import type { Settings } from '../../core/host/default-settings.ts'
import { CHANNELS, checkSender, type DesktopCalls } from './bridge.ts'
import { CALL_ARGUMENTS } from './call-arguments.ts'
import { MESSAGES } from './menu.ts'
import { ask, type Upstream } from './proxy.ts'

export type AnswerParts = Pick<typeof Electron, 'app' | 'dialog' | 'ipcMain' | 'nativeImage' | 'Notification' | 'shell'>

export interface AnswerOptions {
  electron: AnswerParts
  window: () => Electron.BrowserWindow | null
  upstream: () => Promise<Upstream>
  language: () => keyof typeof MESSAGES
  setLanguage: (language: keyof typeof MESSAGES, shortcuts: Settings['shortcuts']) => void
  focus: () => void
  showDataFolder: () => Promise<void>
  showPicture: (id: string) => Promise<void>
}

/** As the studio's library takes them (core/host/uploads.ts). */
const PICTURES = ['png', 'jpg', 'jpeg', 'webp', 'tif', 'tiff', 'gif', 'avif']
const DRAG_ICON = { width: 96, quality: 'good' as const }

export function answerPage(options: AnswerOptions): void {
  const { ipcMain } = options.electron
  const answers = answersOf(options)
  for (const name of Object.keys(CHANNELS) as (keyof DesktopCalls)[])
    ipcMain.handle(CHANNELS[name], (event, ...args: unknown[]) => {
      checkSender(event)
      const { success, data } = CALL_ARGUMENTS[name].safeParse(args)
      if (!success) throw new Error(`The arguments of ${name} are invalid.`)
      return (answers[name] as (...args: unknown[]) => unknown)(...data)
    })
}

/** Absolute paths of library pictures, from the host. @throws Error for an unknown id */
export async function locate(upstream: Upstream, ids: readonly string[]): Promise<string[]> {
  return (await ask<{ paths: string[] }>(upstream, 'library/locate', { ids })).paths
}

/** The data folder, folders of sets in the queue and its history, and models, with everything in them. */
async function isKnown(upstream: Upstream, path: string): Promise<boolean> {
  const [info, jobs] = await Promise.all([
    ask<StudioInfo>(upstream, 'studio/info', {}),
    ask<Job[]>(upstream, 'queue/list', {}),
  ])
  const sets = jobs.flatMap(({ set }) => (set ? [set.folder] : []))
  const known = [info.dataFolder, ...sets, ...info.models.map(model => model.path)]
  const wanted = resolve(path)
  return known.some(folder => wanted === resolve(folder) || wanted.startsWith(resolve(folder) + sep))
}

function answersOf(options: AnswerOptions): DesktopCalls {
  const { electron, window, upstream, language, setLanguage, focus, showDataFolder, showPicture } = options
  const { app, dialog, nativeImage, Notification, shell } = electron
  const choose = async (...properties: NonNullable<Electron.OpenDialogOptions['properties']>) => open({ properties })
  const open = async (asked: Electron.OpenDialogOptions): Promise<string | null> => {
    const owner = window()
    const { filePaths } = await (owner ? dialog.showOpenDialog(owner, asked) : dialog.showOpenDialog(asked))
    return filePaths[0] ?? null
  }
  const filtered = (name: string, extensions: string[]) =>
    open({ properties: ['openFile'], filters: [{ name, extensions }] })
  return {
    chooseModel: kind =>
      kind === 'folder' ? choose('openDirectory') : filtered(MESSAGES[language()].checkpoint, ['safetensors']),
    chooseFolder: () => choose('openDirectory', 'createDirectory'),
    async choosePicture() {
      const path = await filtered(MESSAGES[language()].picture, PICTURES)
      return path === null ? null : { name: basename(path), data: new Uint8Array(await readFile(path)) }
    },
    // Shown, never opened: opening a path would run what lies there. Only what the studio has made or knows.
    async showPath(path) {
      if (await isKnown(await upstream(), path)) shell.showItemInFolder(path)
      else throw new Error(`${path} is not a folder of the studio.`)
    },
    showDataFolder,
    showPicture,
    setLanguage: async (chosen, shortcuts) => setLanguage(chosen, shortcuts),
    async setWork({ open, fraction }) {
      // Electron's values: above 1 is an indeterminate bar, below 0 is none.
      window()?.setProgressBar(open === 0 ? -1 : (fraction ?? 2))
      // Does nothing on Windows, which has no badges.
      app.setBadgeCount(open)
    },
    async notify(title, body) {
      if (window()?.isFocused() || !Notification.isSupported()) return
      const notification = new Notification({ title, body })
      notification.on('click', focus)
      notification.show()
    },
    async startDrag(ids) {
      const files = await locate(await upstream(), ids)
      const [file] = files
      if (file === undefined) return
      const icon = nativeImage.createFromPath(file).resize(DRAG_ICON)
      window()?.webContents.startDrag({ file, files, icon })
    },
  }
}
