import { Plus, X } from 'lucide-react'
import { useState } from 'react'
import { useMessages } from '../i18n/index.ts'
import { useAskedFocus } from './asked-focus.ts'
import { isEnter } from './commit.ts'
import { IconButton } from './parts.tsx'

interface ColourListProps {
  /** "#rrggbb". */
  colours: readonly string[]
  fewest: number
  most: number
  /** @param key changes of one kind in a row are one step of the history */
  onChange(colours: string[], key: string): void
}

/** Colours in order: picked, or typed as #rrggbb. */
export function ColourList({ colours, fewest, most, onChange }: ColourListProps) {
  const t = useMessages()
  const { ask, field } = useAskedFocus()
  return (
    <ul className="palette-field">
      {colours.map((colour, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a colour is its place
        <li key={at} className="colour">
          <input
            type="color"
            aria-label={t.colourNumber(at + 1)}
            value={colour}
            onChange={event => onChange(colours.with(at, event.target.value), `colour ${at}`)}
          />
          <HexField
            field={at === colours.length - 1 ? field : undefined}
            label={`${t.colourNumber(at + 1)}, #rrggbb`}
            value={colour}
            onCommit={next => onChange(colours.with(at, next), `hex ${at} ${next}`)}
          />
          <IconButton
            icon={X}
            label={t.removeColour(at + 1)}
            disabled={colours.length <= fewest}
            onClick={() => onChange(colours.toSpliced(at, 1), `without ${colours.length}`)}
          />
        </li>
      ))}
      {colours.length < most && (
        <li>
          <IconButton
            icon={Plus}
            label={t.addColour}
            onClick={() => {
              ask()
              onChange([...colours, colours.at(-1) ?? '#1b1917'], `with ${colours.length}`)
            }}
          />
        </li>
      )}
    </ul>
  )
}

/** "#abc", "AABBCC" → "#aabbcc"; null for what is no colour. */
export function hexOf(text: string): string | null {
  const digits = /^#?([0-9a-f]{3}|[0-9a-f]{6})$/.exec(text.trim().toLowerCase())?.[1]
  if (!digits) return null
  return `#${digits.length === 3 ? digits.replace(/./g, '$&$&') : digits}`
}

interface HexFieldProps {
  label: string
  value: string
  field: ((element: HTMLInputElement | null) => void) | undefined
  onCommit(value: string): void
}

/** Committed by Enter or on blur; what is no colour is discarded. */
function HexField({ label, value, field, onCommit }: HexFieldProps) {
  const [text, setText] = useState<string | null>(null)
  const commit = () => {
    const hex = hexOf(text ?? '')
    setText(null)
    if (hex && hex !== value) onCommit(hex)
  }
  return (
    <input
      className="hex"
      ref={field}
      aria-label={label}
      value={text ?? value}
      spellCheck={false}
      maxLength={7}
      onChange={event => setText(event.target.value)}
      onBlur={commit}
      onKeyDown={event => {
        if (!isEnter(event)) return
        event.preventDefault()
        commit()
      }}
    />
  )
}
