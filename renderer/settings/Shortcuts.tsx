import { RotateCcw, X } from 'lucide-react'
import { type KeyboardEvent, useState } from 'react'
import { COMMANDS, type Command } from '../commands/commands.ts'
import { isReserved, keyOf, keysOf, printed, STANDARD_KEYS } from '../commands/keys.ts'
import { useMessages } from '../i18n/index.ts'
import { useSettings } from '../store/settings.ts'
import { IconButton } from '../ui/parts.tsx'

/** Every command with its shortcut; pressing another key changes it. */
export function Shortcuts() {
  const t = useMessages()
  const { settings, change } = useSettings()
  const { shortcuts } = settings
  return (
    <details className="shortcuts">
      <summary>{t.keys}</summary>
      <p className="hint">{t.shortcuts.how}</p>
      <ul>
        {COMMANDS.map(command => (
          <Shortcut key={command.id} command={command} keys={keysOf(command.id, shortcuts)} />
        ))}
      </ul>
      <button
        type="button"
        className="plain"
        disabled={Object.keys(shortcuts).length === 0}
        onClick={() => change({ shortcuts: {} })}
      >
        {t.shortcuts.resetAll}
      </button>
    </details>
  )
}

/** @param keys null: back to the standard keys */
function give(id: string, keys: string[] | null): void {
  const { settings, change } = useSettings.getState()
  const { [id]: _, ...others } = settings.shortcuts
  change({ shortcuts: keys === null ? others : { ...others, [id]: keys } })
}

function Shortcut({ command, keys }: { command: Command; keys: readonly string[] }) {
  const t = useMessages()
  const { id } = command
  const [asking, setAsking] = useState(false)
  const [refusal, setRefusal] = useState<string | null>(null)
  const label = command.label(t)
  const shown = keys.map(printed).join(', ')
  const press = (event: KeyboardEvent) => {
    if (!asking || event.nativeEvent.isComposing) return
    const key = keyOf(event)
    // Tab still leaves the button.
    if (event.key === 'Tab') return
    event.preventDefault()
    event.stopPropagation()
    if (key === null || event.altKey) return
    const { shortcuts } = useSettings.getState().settings
    const other = COMMANDS.find(each => each.id !== id && keysOf(each.id, shortcuts).includes(key))
    if (key === 'Escape' && id !== 'cancel') setAsking(false)
    else if (isReserved(key)) setRefusal(t.shortcuts.reserved(printed(key)))
    else if (other) setRefusal(t.shortcuts.taken(printed(key), other.label(t)))
    else {
      give(id, STANDARD_KEYS[id]?.[0] === key ? null : [key])
      stop()
    }
  }
  const stop = () => {
    setAsking(false)
    setRefusal(null)
  }
  return (
    <li>
      <span>{label}</span>
      <button
        type="button"
        className="key-button"
        data-command={id}
        aria-label={`${label}: ${asking ? t.shortcuts.press : shown || t.shortcuts.none}`}
        data-asking={asking}
        onClick={() => setAsking(true)}
        onKeyDown={press}
        onBlur={stop}
      >
        {asking ? t.shortcuts.press : shown || '—'}
      </button>
      {keys.length > 0 ? (
        <IconButton icon={X} label={`${label}: ${t.shortcuts.takeAway}`} onClick={() => give(id, [])} />
      ) : (
        <IconButton
          icon={RotateCcw}
          label={`${label}: ${t.shortcuts.reset}`}
          disabled={!STANDARD_KEYS[id]}
          onClick={() => give(id, null)}
        />
      )}
      <p className="problem" role="status">
        {refusal}
      </p>
    </li>
  )
}
