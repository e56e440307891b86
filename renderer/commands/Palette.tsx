import { useId, useState } from 'react'
import { useMessages } from '../i18n/index.ts'
import { useScreen } from '../store/screen.ts'
import { Kbd } from '../ui/parts.tsx'
import { Sheet } from '../ui/Sheet.tsx'
import type { Command } from './commands.ts'
import { findCommands } from './find.ts'
import { useKeyOf } from './use-key.ts'

/** The command palette. */
export function Palette() {
  const t = useMessages()
  const list = useId()
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const close = () => useScreen.getState().open(null)
  const found = findCommands(text, t)
  const run = (command: Command | undefined) => {
    close()
    // After the sheet has given the focus back, so that the command may move it.
    if (command) queueMicrotask(() => command.run())
  }
  return (
    <Sheet title={t.commands} place="middle" bare onClose={close}>
      <input
        className="palette-input"
        role="combobox"
        aria-expanded
        aria-controls={list}
        aria-activedescendant={found[at] ? `${list}-${found[at].id}` : undefined}
        aria-label={t.findCommand}
        placeholder={t.findCommand}
        value={text}
        onChange={event => {
          setText(event.target.value)
          setAt(0)
        }}
        onKeyDown={event => {
          // The arrows and Enter of an input method choose a character.
          if (event.nativeEvent.isComposing) return
          const by = { ArrowDown: 1, ArrowUp: -1 }[event.key]
          if (by) {
            event.preventDefault()
            setAt((at + by + found.length) % Math.max(1, found.length))
          } else if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) {
            event.preventDefault()
            run(found[at])
          }
        }}
      />
      <div className="palette" id={list} role="listbox" aria-label={t.commands}>
        {found.map((command, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the focus and the keys
          <div
            key={command.id}
            id={`${list}-${command.id}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === at}
            className="palette-item"
            ref={element => {
              if (index === at) element?.scrollIntoView({ block: 'nearest' })
            }}
            onClick={() => run(command)}
          >
            <span>{command.label(t)}</span>
            <KeyOf id={command.id} />
          </div>
        ))}
      </div>
      {found.length === 0 && <p className="sheet-empty">{t.noCommand}</p>}
    </Sheet>
  )
}

function KeyOf({ id }: { id: string }) {
  const key = useKeyOf(id)
  return key && <Kbd>{key}</Kbd>
}
