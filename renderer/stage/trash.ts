import { messages } from '../i18n/index.ts'
import { restore, trash } from '../store/library.ts'
import { say, tell } from '../store/notices.ts'

/** Into the trash, with a notice that takes it back. */
export function trashWithUndo(ids: string[]): void {
  const t = messages()
  const undo = { label: t.undo, run: () => void restore(ids).catch(tell) }
  trash(ids)
    .then(() => say(t.trashed(ids.length), undo))
    .catch(tell)
}
