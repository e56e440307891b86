import { useEffect, useState } from 'react'
import { api } from '../api.ts'
import { useLanguage, useMessages } from '../i18n/index.ts'
import { notifyError } from '../store/notices.ts'
import { bytesText } from './sizes.ts'

/** 16-bit copies of quantised files, which are made again when they are needed; nothing where there are none. */
export function Copies() {
  const t = useMessages().modelsScreen
  const language = useLanguage()
  const [copies, setCopies] = useState<{ count: number; bytes: number } | null>(null)
  useEffect(() => void api.models.widened().then(setCopies).catch(notifyError), [])
  if (!copies || copies.count === 0) return null
  return (
    <section>
      <h3>{t.copies}</h3>
      <p className="hint">{t.copiesHint(copies.count, bytesText(copies.bytes, language))}</p>
      <button
        type="button"
        className="plain"
        onClick={() =>
          void api.models
            .clearWidened()
            .then(() => setCopies(null))
            .catch(notifyError)
        }
      >
        {t.removeCopies}
      </button>
    </section>
  )
}
