import { useRef } from 'react'
import { useMessages } from '../i18n/index.ts'
import { Section } from '../ui/parts.tsx'
import { Problems } from './Problems.tsx'
import { changeStyle, useStyleEditor } from './store.ts'

const PLACEHOLDERS = ['{meaning}', '{character}'] as const

/** The prompt template, buttons that insert its placeholders at the caret, and its prompt for the word on the desk. */
export function TemplateField() {
  const t = useMessages()
  const area = useRef<HTMLTextAreaElement>(null)
  const { present: style, prompt, problems, tried } = useStyleEditor()
  if (!style) return null
  const wrong = problems.some(({ field }) => field === 'template') && (tried || style.template.trim() !== '')
  const insert = (text: string) => {
    const { current } = area
    if (!current) return
    current.focus()
    current.setRangeText(text, current.selectionStart, current.selectionEnd, 'end')
    changeStyle({ template: current.value }, `insert ${current.value.length}`)
  }
  return (
    <Section
      title={t.template}
      aside={
        <span className="placeholders">
          <span className="hint">{t.templateHint}</span>
          {PLACEHOLDERS.map(text => (
            <button
              key={text}
              type="button"
              className="plain small"
              aria-label={`${t.templateHint} ${text}`}
              onClick={() => insert(text)}
            >
              {text}
            </button>
          ))}
        </span>
      }
    >
      <textarea
        ref={area}
        aria-label={t.template}
        aria-invalid={wrong}
        aria-describedby="style-template"
        rows={4}
        lang="en"
        value={style.template}
        onChange={event => changeStyle({ template: event.target.value }, 'template')}
      />
      <Problems field="template" />
      {prompt && (
        <p className="prompt built-prompt" lang="en">
          <span className="hint">{t.templatePrompt} </span>
          {prompt.map((part, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: parts have no identity but their place
            <span key={at} className={`part ${part.source}`} title={t.sources[part.source]}>
              {part.text}
            </span>
          ))}
        </p>
      )}
    </Section>
  )
}
