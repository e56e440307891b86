import { Plus, X } from 'lucide-react'
import { useState } from 'react'
import { useMessages } from '../i18n/index.ts'
import { useAskedFocus } from '../ui/asked-focus.ts'
import { IconButton, Section } from '../ui/parts.tsx'
import { Problems } from './Problems.tsx'
import { changeStyle, useStyleEditor } from './store.ts'

const FEWEST = 2
const MOST = 12

/** Colours of the style, the background first: picked, or typed as #rrggbb. */
export function PaletteField() {
  const t = useMessages()
  const palette = useStyleEditor(({ present }) => present?.palette)
  const { ask, field } = useAskedFocus()
  if (!palette) return null
  const change = (next: string[], key: string) => changeStyle({ palette: next }, key)
  return (
    <Section title={t.palette} aside={<span className="chosen">{t.paletteHint}</span>}>
      <ul className="palette-field">
        {palette.map((colour, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a colour is its place
          <li key={at} className="colour">
            <input
              type="color"
              aria-label={t.colourNumber(at + 1)}
              value={colour}
              onChange={event => change(palette.with(at, event.target.value), `colour ${at}`)}
            />
            <HexField
              field={at === palette.length - 1 ? field : undefined}
              label={`${t.colourNumber(at + 1)}, #rrggbb`}
              value={colour}
              onCommit={next => change(palette.with(at, next), `hex ${at} ${next}`)}
            />
            <IconButton
              icon={X}
              label={t.removeColour(at + 1)}
              disabled={palette.length <= FEWEST}
              onClick={() => change(palette.toSpliced(at, 1), `without ${palette.length}`)}
            />
          </li>
        ))}
        {palette.length < MOST && (
          <li>
            <IconButton
              icon={Plus}
              label={t.addColour}
              onClick={() => {
                ask()
                change([...palette, palette.at(-1) ?? '#1b1917'], `with ${palette.length}`)
              }}
            />
          </li>
        )}
      </ul>
      <Problems field="palette" />
    </Section>
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
        if (event.key !== 'Enter') return
        event.preventDefault()
        commit()
      }}
    />
  )
}
