import { messages } from '../i18n/index.ts'
import { restore, trash } from '../store/library.ts'
import { say, tell } from '../store/notices.ts'

/** Into the trash, with a notice that takes it back. */
export function trashWithUndo(ids: string[]): void {
  trash(ids)
    .then(() => say(messages().trashed(ids.length), () => void restore(ids).catch(tell)))
    .catch(tell)
}
