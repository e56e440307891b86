import { type MapName, METHODS, type Method } from '../../core/contract/vocabulary.ts'
import { useMessages } from '../i18n/index.ts'
import { useFacts } from '../store/facts.ts'

interface MethodChoiceProps {
  map: MapName
  /** The method; a string because a request may name any. */
  value: string
  className?: string
  disabled?: boolean
  onChange(method: Method): void
}

/** The method of a map. Methods whose networks are not installed cannot be chosen. */
export function MethodChoice({ map, onChange, ...rest }: MethodChoiceProps) {
  const t = useMessages()
  const missing = useFacts(({ info }) => info?.missingMethods)
  return (
    <select
      {...rest}
      aria-label={`${t.map[map]}: ${t.method}`}
      onChange={event => onChange(event.target.value as Method)}
    >
      {METHODS[map].map(method => (
        <option key={method} value={method} disabled={missing?.includes(method)}>
          {missing?.includes(method) ? t.methodMissing(t.methods[method]) : t.methods[method]}
        </option>
      ))}
    </select>
  )
}
