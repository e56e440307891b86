/** Importing the settings of a picture from its file. */
import { desktop } from '../desktop.ts'
import { language, messages, words } from '../i18n/index.ts'
import { notify, notifyError } from '../store/notices.ts'
import { importFile } from '../store/reuse.ts'

/** Imports the settings and notifies the user, naming what could not be taken over. */
export async function bringBack(file: File): Promise<void> {
  try {
    const unmapped = await importFile(file)
    if (unmapped === null) return
    const t = messages()
    const names = unmapped.map(part => words(part, language())).join(', ')
    const rest = unmapped.length > 0 ? ` ${t.unmapped(names)}` : ''
    notify(t.restored(file.name) + rest)
  } catch (error) {
    notifyError(error)
  }
}

/** Opens a file dialog: the desktop's own, because a page may not open one for a command from the menu bar. */
export function importPicture(): void {
  if (desktop) {
    desktop
      .choosePicture()
      .then(picture => picture && bringBack(new File([picture.data], picture.name)))
      .catch(notifyError)
    return
  }
  const input = document.createElement('input')
  input.type = 'file'
  input.accept = 'image/*'
  input.onchange = () => input.files?.[0] && void bringBack(input.files[0])
  input.click()
}
