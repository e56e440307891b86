import { useMessages } from '../i18n/index.ts'
import { addTag } from '../store/library.ts'
import { isEnter } from '../ui/commit.ts'

/** Enter adds the typed tag to all of these pictures; that of an input method only ends a word. */
export function NewTag({ ids }: { ids: string[] }) {
  const t = useMessages()
  return (
    <input
      className="new-tag"
      aria-label={t.newTag}
      placeholder={t.newTag}
      maxLength={60}
      onKeyDown={event => {
        const tag = event.currentTarget.value.trim()
        if (!isEnter(event) || !tag) return
        addTag(ids, tag)
        event.currentTarget.value = ''
      }}
    />
  )
}
