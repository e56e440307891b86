import { messages } from '../i18n/index.ts'
import { restore, trash } from '../store/library.ts'
import { notify, notifyError } from '../store/notices.ts'

/** Moves pictures to the trash, with a notice that undoes it. */
export function trashWithUndo(ids: string[]): void {
  const t = messages()
  const undo = { label: t.undo, run: () => void restore(ids).catch(notifyError) }
  trash(ids)
    .then(() => notify(t.trashed(ids.length), undo))
    .catch(notifyError)
}
