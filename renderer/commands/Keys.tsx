import { useMessages } from '../i18n/index.ts'
import { useScreen } from '../store/screen.ts'
import { useSettings } from '../store/settings.ts'
import { Kbd } from '../ui/parts.tsx'
import { Sheet } from '../ui/Sheet.tsx'
import { COMMANDS } from './commands.ts'
import { keysOf, printed } from './keys.ts'

/** Keys of lists of pictures, which are not commands and cannot be changed. */
const LIST_KEYS = [
  ['move', ['←', '→', '↑', '↓']],
  ['show', ['Enter']],
  ['choose', ['Space']],
  ['rate', ['0', '…', '5']],
  ['copy', ['Ctrl C']],
] as const

/** The list of all shortcuts. */
export function Keys() {
  const t = useMessages()
  const shortcuts = useSettings(({ settings }) => settings.shortcuts)
  return (
    <Sheet title={t.keys} place="middle" onClose={() => useScreen.getState().open(null)}>
      <dl className="keys">
        {COMMANDS.filter(({ id }) => keysOf(id, shortcuts).length > 0).map(({ id, label }) => (
          <div key={id}>
            <dt>{label(t)}</dt>
            <dd>
              {keysOf(id, shortcuts).map(keys => (
                <Kbd key={keys}>{printed(keys)}</Kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
      <h3 className="keys-head">{t.output.galleryKeys}</h3>
      <dl className="keys">
        {LIST_KEYS.map(([id, keys]) => (
          <div key={id}>
            <dt>{t.output.keysOfList[id]}</dt>
            <dd>
              {keys.map(key => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Sheet>
  )
}
