/** What the page may ask of the desktop beside the studio's procedures, and what the menus tell the page. */
import type { IpcMainInvokeEvent } from 'electron'
import type { Settings } from '../../core/host/default-settings.ts'
import { isStudio } from './window.ts'

/** window.desktop of the page; not there in a browser. */
export interface Desktop extends DesktopCalls {
  /** An act of the page was chosen in the menus. @returns the way to stop listening */
  onCommand(listener: (id: MenuCommand) => void): () => void
}

/** What main answers; desktop/asked.ts says which arguments hold. */
export interface DesktopCalls {
  /** A model's or control network's folder or checkpoint, by the system's dialog; null: the user chose none. */
  chooseModel(kind: 'folder' | 'file'): Promise<string | null>
  /** A folder for an image set. */
  chooseFolder(): Promise<string | null>
  /** A picture whose settings are to come back. */
  choosePicture(): Promise<{ name: string; data: Uint8Array<ArrayBuffer> } | null>
  /** Shows a file or folder of the studio's in the system's file manager. */
  showPath(path: string): Promise<void>
  /** Shows the studio's own folder. */
  showDataFolder(): Promise<void>
  /** Shows where a picture of the library lies. */
  showPicture(id: string): Promise<void>
  /** Menus and dialogs speak it from now on, and show keys that are not the usual ones. */
  setLanguage(language: Settings['language'], shortcuts: Settings['shortcuts']): Promise<void>
  /** What the taskbar or dock shows. */
  setWork(work: Work): Promise<void>
  /** Tells by the system that something long is over; main leaves it where the window has the focus. */
  notify(title: string, body: string): Promise<void>
  /** Goes on with a drag that began on pictures of the library, as files. */
  startDrag(ids: readonly string[]): Promise<void>
}

export interface Work {
  /** Jobs that are not over. */
  open: number
  /** Of the running one, 0..1; null while that is not known. */
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

/** From main to the page. */
export const COMMAND_CHANNEL = 'desktop:command'

/** Acts of the page (renderer/commands/commands.ts) that stand in the menus. */
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
] as const
export type MenuCommand = (typeof MENU_COMMANDS)[number]

export const isMenuCommand = (id: unknown): id is MenuCommand => (MENU_COMMANDS as readonly unknown[]).includes(id)

/** Only the studio's own page, in the window itself and not in a frame of it. @throws Error for anyone else */
export function checkSender({ senderFrame }: Pick<IpcMainInvokeEvent, 'senderFrame'>): void {
  if (senderFrame && senderFrame.parent === null && isStudio(senderFrame.url)) return
  throw new Error('Only the studio may ask that.')
}
