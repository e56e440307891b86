export interface MemoryPart {
  /** Names its colour: styles/machine.css. */
  kind: 'others' | 'weights' | 'working' | 'studio' | 'free'
  label: string
  /** Bytes. */
  bytes: number
  /** As it is written. */
  text: string
}

/** A bar of memory, its parts side by side in proportion, and what each is. */
export function MemoryBar({
  label,
  parts,
  legend = true,
}: {
  label: string
  parts: readonly MemoryPart[]
  legend?: boolean
}) {
  const total = parts.reduce((sum, { bytes }) => sum + bytes, 0)
  const said = parts.map(({ label: name, text }) => `${name} ${text}`).join(', ')
  return (
    <div className="memory">
      <div className="memory-bar" role="img" aria-label={`${label}: ${said}`} title={said}>
        {parts.map(({ kind, bytes }) => (
          <span key={kind} data-kind={kind} style={{ flexGrow: total > 0 ? bytes / total : 0 }} />
        ))}
      </div>
      {legend && (
        <ul className="memory-legend" aria-hidden="true">
          {parts.map(({ kind, label: name, text }) => (
            <li key={kind}>
              <span data-kind={kind} />
              {name} <em>{text}</em>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
