import type { PreviewMap } from '../../core/host/api/maps.ts'
import { useMessages } from '../i18n/index.ts'

/** The meaning of a map's colours. @param most how many are listed */
export function Legend({ preview, most }: { preview: PreviewMap; most: number }) {
  const t = useMessages()
  const entries = preview.legend.filter(({ meaning }) => meaning !== 'paper').slice(0, most)
  if (entries.length === 0) return null
  return (
    <span className="legend">
      {entries.map(({ colour, meaning, character }) => (
        <span key={colour.join()}>
          <i style={{ background: `rgb(${colour.join()})` }} />
          {t.legend[meaning] ?? meaning} {character}
        </span>
      ))}
    </span>
  )
}
