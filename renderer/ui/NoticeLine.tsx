import { Clipboard, X } from 'lucide-react'
import { sentence, sentences, useLanguage, useMessages } from '../i18n/index.ts'
import { dismiss, useNotices } from '../store/notices.ts'
import { IconButton } from './parts.tsx'

/** Stays until it is dismissed or a newer one comes: what can be undone must not run away. */
export function NoticeLine() {
  const t = useMessages()
  const language = useLanguage()
  const notice = useNotices(state => state.notice)
  const told = notice && sentence(notice, language)
  return (
    <div className="notice-place" role="status" aria-live={notice?.failed ? 'assertive' : 'polite'}>
      {notice && told && (
        <div className="notice" data-failed={notice.failed} key={notice.id}>
          <p>
            <strong>{told.message}</strong> {told.hint}
          </p>
          {notice.action && (
            <button
              type="button"
              className="plain"
              onClick={() => {
                notice.action?.run()
                dismiss()
              }}
            >
              {notice.action.label}
            </button>
          )}
          {notice.failed && (
            <IconButton
              icon={Clipboard}
              label={t.copyDetails}
              onClick={() => void navigator.clipboard.writeText(sentences(notice, language))}
            />
          )}
          <IconButton icon={X} label={t.dismiss} onClick={dismiss} />
        </div>
      )}
    </div>
  )
}
