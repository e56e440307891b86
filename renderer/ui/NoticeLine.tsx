import { Clipboard, X } from 'lucide-react'
import { sentence, sentences, useLanguage, useMessages } from '../i18n/index.ts'
import { dismiss, keepNotice, letLeave, useNotices } from '../store/notices.ts'
import { IconButton } from './parts.tsx'

/** The newest notice. It disappears by itself, unless it is an error, or the pointer or the focus is on it. */
export function NoticeLine() {
  const t = useMessages()
  const language = useLanguage()
  const notice = useNotices(state => state.notice)
  const words = notice && sentence(notice, language)
  return (
    <div className="notice-place" role="status" aria-live={notice?.failed ? 'assertive' : 'polite'}>
      {notice && words && (
        // biome-ignore lint/a11y/noStaticElementInteractions: it acts on nothing, it only stays while one is at it
        <div
          className="notice"
          data-failed={notice.failed}
          key={notice.id}
          onPointerEnter={keepNotice}
          onPointerLeave={letLeave}
          onFocus={keepNotice}
          onBlur={letLeave}
        >
          <p title={`${words.message} ${words.hint}`}>
            <strong>{words.message}</strong> {words.hint}
          </p>
          {notice.action && (
            <button
              type="button"
              className="plain"
              onClick={() => {
                dismiss()
                notice.action?.run()
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
