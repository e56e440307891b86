import type { MapName, Method } from '../../core/contract/vocabulary.ts'
import { useMessages } from '../i18n/index.ts'
import { METHODS_OF } from '../lists.ts'

interface MethodChoiceProps {
  map: MapName
  /** A request names it as text. */
  value: string
  className?: string
  disabled?: boolean
  onChange(method: Method): void
}

/** How a map is made: one of its three methods. */
export function MethodChoice({ map, onChange, ...rest }: MethodChoiceProps) {
  const t = useMessages()
  return (
    <select
      {...rest}
      aria-label={`${t.map[map]}: ${t.method}`}
      onChange={event => onChange(event.target.value as Method)}
    >
      {METHODS_OF[map].map(method => (
        <option key={method} value={method}>
          {t.methods[method]}
        </option>
      ))}
    </select>
  )
}
