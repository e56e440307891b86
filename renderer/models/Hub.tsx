import { useEffect, useState } from 'react'
import { api } from '../api.ts'
import { useMessages } from '../i18n/index.ts'
import { notifyError } from '../store/notices.ts'
import { commitBy } from '../ui/commit.ts'
import { Field } from '../ui/parts.tsx'

/** A mirror in place of huggingface.co, and a token, which is written and never read back. */
export function Hub() {
  const t = useMessages().modelsScreen
  const [hub, setHub] = useState<{ mirror: string | null; hasToken: boolean } | null>(null)
  useEffect(() => void api.models.hub().then(setHub).catch(notifyError), [])
  const change = (part: { mirror?: string | null; token?: string | null }) =>
    api.models.setHub(part).then(setHub).catch(notifyError)
  if (!hub) return null
  return (
    <div className="hub">
      <Field label={t.mirror}>
        <input
          key={hub.mirror}
          defaultValue={hub.mirror ?? ''}
          placeholder="https://huggingface.co"
          spellCheck={false}
          {...commitBy(text => {
            const mirror = text.trim() || null
            if (mirror !== hub.mirror) void change({ mirror })
          })}
        />
      </Field>
      <Field label={t.token}>
        <input
          type="password"
          autoComplete="off"
          placeholder={hub.hasToken ? t.tokenSet : t.tokenNone}
          {...commitBy((text, field) => {
            const token = text.trim()
            field.value = ''
            if (token) void change({ token })
          })}
        />
      </Field>
      {hub.hasToken && (
        <button type="button" className="link" onClick={() => void change({ token: null })}>
          {t.forgetToken}
        </button>
      )}
    </div>
  )
}
