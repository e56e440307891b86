/** A picture's settings brought back from its file, whether it was dropped or chosen. */
import { desktop } from '../desktop.ts'
import { language, messages, words } from '../i18n/index.ts'
import { say, tell } from '../store/notices.ts'
import { importFile } from '../store/reuse.ts'

/** Takes the settings over and says so, with what has no place here. */
export async function bringBack(file: File): Promise<void> {
  try {
    const unmapped = await importFile(file)
    if (unmapped === null) return
    const t = messages()
    const names = unmapped.map(part => words(part, language())).join(', ')
    const rest = unmapped.length > 0 ? ` ${t.unmapped(names)}` : ''
    say(t.restored(file.name) + rest)
  } catch (error) {
    tell(error)
  }
}

/** Lets the designer choose a picture. A menu's act is no gesture on the page, so the desktop opens its own dialog. */
export function importPicture(): void {
  if (desktop) {
    desktop
      .choosePicture()
      .then(picture => picture && bringBack(new File([picture.data], picture.name)))
      .catch(tell)
    return
  }
  const input = document.createElement('input')
  input.type = 'file'
  input.accept = 'image/*'
  input.onchange = () => input.files?.[0] && void bringBack(input.files[0])
  input.click()
}
