/** What the page may ask of the desktop beside the studio's procedures. The preload offers it, main answers. */
import type { IpcMainInvokeEvent } from 'electron'
import { isStudio } from './window.ts'

/** window.desktop of the page; not there in a browser. */
export interface Desktop {
  /** A model's folder or checkpoint, by the system's dialog; null: the user chose none. */
  chooseModel(kind: 'folder' | 'file'): Promise<string | null>
  /** A folder for an image set. */
  chooseFolder(): Promise<string | null>
  /** Shows a file or folder of the studio's in the system's file manager. */
  showPath(path: string): Promise<void>
}

export const CHANNELS = {
  chooseModel: 'desktop:choose-model',
  chooseFolder: 'desktop:choose-folder',
  showPath: 'desktop:show-path',
} as const satisfies Record<keyof Desktop, string>

/** Only the studio's own page, in the window itself and not in a frame of it. @throws Error for anyone else */
export function checkSender({ senderFrame }: Pick<IpcMainInvokeEvent, 'senderFrame'>): void {
  if (senderFrame && senderFrame.parent === null && isStudio(senderFrame.url)) return
  throw new Error('Only the studio may ask that.')
}
