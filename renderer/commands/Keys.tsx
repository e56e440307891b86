import { useMessages } from '../i18n/index.ts'
import { useScreen } from '../store/screen.ts'
import { Kbd } from '../ui/parts.tsx'
import { Sheet } from '../ui/Sheet.tsx'
import { COMMANDS, printed } from './commands.ts'

/** All keys. */
export function Keys() {
  const t = useMessages()
  return (
    <Sheet title={t.keys} place="middle" onClose={() => useScreen.getState().open(null)}>
      <dl className="keys">
        {COMMANDS.filter(({ keys }) => keys).map(command => (
          <div key={command.id}>
            <dt>{command.label(t)}</dt>
            <dd>
              {command.keys?.map(keys => (
                <Kbd key={keys}>{printed(keys)}</Kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Sheet>
  )
}
