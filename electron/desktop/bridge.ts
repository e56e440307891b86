/** The page's calls to the desktop (beside the studio's procedures), and the menu commands that the page receives. */
import type { IpcMainInvokeEvent } from 'electron'
import type { Settings } from '../../core/host/default-settings.ts'
import { isStudio } from './window.ts'

/** window.desktop of the page; not there in a browser. */
export interface Desktop extends DesktopCalls {
  /** Calls the listener with each command that is chosen in the menus. @returns a function that unsubscribes */
  onCommand(listener: (id: MenuCommand) => void): () => void
}

/** Calls that the main process handles; desktop/call-arguments.ts validates their arguments. */
export interface DesktopCalls {
  /** Lets the user choose a model folder or checkpoint in the system's dialog; null where it was cancelled. */
  chooseModel(kind: 'folder' | 'file'): Promise<string | null>
  /** Lets the user choose a folder for an image set. */
  chooseFolder(): Promise<string | null>
  /** Lets the user choose a picture whose settings are imported. */
  choosePicture(): Promise<{ name: string; data: Uint8Array<ArrayBuffer> } | null>
  /** Shows a file or folder of the studio's in the system's file manager. */
  showPath(path: string): Promise<void>
  /** Shows the data folder in the system's file manager. */
  showDataFolder(): Promise<void>
  /** Shows a library picture in the system's file manager. */
  showPicture(id: string): Promise<void>
  /** Sets the language of menus and dialogs, and the user's own keyboard shortcuts. */
  setLanguage(language: Settings['language'], shortcuts: Settings['shortcuts']): Promise<void>
  /** Sets the progress shown in the taskbar or dock. */
  setWork(work: Work): Promise<void>
  /** Shows a system notification that a long job has ended, unless the window has the focus. */
  notify(title: string, body: string): Promise<void>
  /** Continues a drag that began on library pictures, as a drag of their files. */
  startDrag(ids: readonly string[]): Promise<void>
}

export interface Work {
  /** Unfinished jobs. */
  open: number
  /** Progress of the running job, 0..1; null while it is not known. */
  fraction: number | null
}

export const CHANNELS = {
  chooseModel: 'desktop:choose-model',
  chooseFolder: 'desktop:choose-folder',
  choosePicture: 'desktop:choose-picture',
  showPath: 'desktop:show-path',
  showDataFolder: 'desktop:show-data-folder',
  showPicture: 'desktop:show-picture',
  setLanguage: 'desktop:set-language',
  setWork: 'desktop:set-work',
  notify: 'desktop:notify',
  startDrag: 'desktop:start-drag',
} as const satisfies Record<keyof DesktopCalls, string>

/** From the main process to the page. */
export const COMMAND_CHANNEL = 'desktop:command'

/** Commands of the page (renderer/commands/commands.ts) that are in the menus. */
export const MENU_COMMANDS = [
  'import',
  'settings',
  'undo',
  'redo',
  'generate',
  'cancel',
  'roll',
  'lock',
  'reuse',
  'compare',
  'outline',
  'fit',
  'zoom-in',
  'zoom-out',
  'gallery',
  'sets',
  'queue',
  'palette',
  'keys',
  'give-back',
] as const
export type MenuCommand = (typeof MENU_COMMANDS)[number]

export const isMenuCommand = (id: unknown): id is MenuCommand => (MENU_COMMANDS as readonly unknown[]).includes(id)

/** Accepts calls from the studio's own page only, and not from a frame in it. @throws Error for any other sender */
export function checkSender({ senderFrame }: Pick<IpcMainInvokeEvent, 'senderFrame'>): void {
  if (senderFrame && senderFrame.parent === null && isStudio(senderFrame.url)) return
  throw new Error('Only the studio may ask that.')
}
