import { useMessages } from '../i18n/index.ts'
import { purge } from '../store/library.ts'
import { notifyError } from '../store/notices.ts'
import { Sheet } from '../ui/Sheet.tsx'

interface PurgeQuestionProps {
  ids: readonly string[]
  onClose(): void
}

/** Asks before pictures are deleted for good: nothing brings them back, so no notice could offer to undo it. */
export function PurgeQuestion({ ids, onClose }: PurgeQuestionProps) {
  const t = useMessages()
  const remove = () => {
    onClose()
    purge([...ids]).catch(notifyError)
  }
  return (
    <Sheet title={t.purgeAsk(ids.length)} place="middle" onClose={onClose}>
      <div className="purge-question">
        <p>{t.purgeWarning}</p>
        <button type="button" className="plain" onClick={onClose}>
          {t.purgeNot}
        </button>
        <button type="button" className="primary" onClick={remove}>
          {t.purge}
        </button>
      </div>
    </Sheet>
  )
}
