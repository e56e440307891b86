/** The guide of docs/guide, in the user's language. It is part of the page, so that it opens offline. */
import { useEffect, useState } from 'react'
import { type Language, useLanguage, useMessages } from '../i18n/index.ts'
import { useScreen } from '../store/screen.ts'
import { Sheet } from '../ui/Sheet.tsx'

/** Loaded when it is opened. */
const TEXTS: Readonly<Record<Language, () => Promise<{ default: string }>>> = {
  en: () => import('../../docs/guide/en.md'),
  ru: () => import('../../docs/guide/ru.md'),
  zh: () => import('../../docs/guide/zh.md'),
}

export function Guide() {
  const t = useMessages()
  const language = useLanguage()
  const [html, setHtml] = useState('')
  useEffect(() => {
    let isShown = true
    void TEXTS[language]().then(text => isShown && setHtml(text.default))
    return () => {
      isShown = false
    }
  }, [language])
  return (
    <Sheet title={t.guide} place="wide" onClose={() => useScreen.getState().open(null)}>
      {/* biome-ignore lint/security/noDangerouslySetInnerHtml: made at build time from files of this repository */}
      <article className="guide" dangerouslySetInnerHTML={{ __html: html }} />
    </Sheet>
  )
}
