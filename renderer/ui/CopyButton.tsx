import { Check, Copy } from 'lucide-react'
import { useState } from 'react'
import { useMessages } from '../i18n/index.ts'
import { notifyError } from '../store/notices.ts'

/** Copies a text, and whether it was. */
export function useCopy(text: string): { copied: boolean; copy(): void } {
  const [copied, setCopied] = useState(false)
  const copy = () =>
    void navigator.clipboard
      .writeText(text)
      .then(() => setCopied(true))
      .catch(notifyError)
  return { copied, copy }
}

/** Copies a text; the button says so, also to a screen reader. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const t = useMessages()
  const { copied, copy } = useCopy(text)
  const Icon = copied ? Check : Copy
  return (
    <>
      <button type="button" className="plain" onClick={copy}>
        <Icon size={16} strokeWidth={1.75} aria-hidden />
        {copied ? t.copied : label}
      </button>
      <span className="visually-hidden" role="status">
        {copied && t.copied}
      </span>
    </>
  )
}
