/** Pictures through the clipboard: out of the library, and in as the picture to start from. */
import { messages } from '../i18n/index.ts'
import { useLibrary } from './library.ts'
import { notify, notifyError } from './notices.ts'
import { useScreen } from './screen.ts'
import { useStage } from './stage.ts'
import { startFromFile } from './start-picture.ts'

/** The picture that copying is about: the first one selected in the gallery, else what is on the stage. */
function current(): string | null {
  const { selected } = useLibrary.getState()
  if (useScreen.getState().gallery) return selected[0] ?? null
  return useStage.getState().pictureId
}

/** Puts a picture onto the clipboard as PNG, which other programs paste. */
export async function copyPicture(id: string): Promise<void> {
  const picture = useLibrary.getState().pictures[id]
  if (!picture) return
  const t = messages().output
  try {
    // A promise inside the item: a browser asks for the gesture to be answered at once.
    const png = fetch(picture.url).then(answer => answer.blob())
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': png })])
    notify(t.copied)
  } catch {
    notify(t.notCopied)
  }
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof Element &&
  target.closest('input:not([type=checkbox]), textarea, select, [contenteditable]') !== null

/** Ctrl+C and Ctrl+V for pictures, where no text is meant. @returns the way to stop */
export function listenToClipboard(): () => void {
  const copy = (event: ClipboardEvent) => {
    const id = current()
    // Marked text, or a field's, is what is copied.
    if (id === null || isTyping(event.target) || !document.getSelection()?.isCollapsed) return
    if (document.querySelector('dialog[open]')) return
    event.preventDefault()
    void copyPicture(id)
  }
  const paste = (event: ClipboardEvent) => {
    const file = [...(event.clipboardData?.files ?? [])].find(({ type }) => type.startsWith('image/'))
    if (!file || document.querySelector('dialog[open]')) return
    event.preventDefault()
    startFromFile(file).then(() => {
      useScreen.setState({ gallery: false, tab: 'compose' })
      notify(messages().output.pasted)
    }, notifyError)
  }
  window.addEventListener('copy', copy)
  window.addEventListener('paste', paste)
  return () => {
    window.removeEventListener('copy', copy)
    window.removeEventListener('paste', paste)
  }
}
