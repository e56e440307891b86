/** The versions of the picture on the stage, where there are several: small pictures, and from which one it was painted. */
import { Columns2 } from 'lucide-react'
import { useEffect } from 'react'
import type { Picture } from '../../core/host/api/library.ts'
import { useMessages } from '../i18n/index.ts'
import { MOST_COMPARED } from '../lists.ts'
import { useLibrary } from '../store/library.ts'
import { useScreen } from '../store/screen.ts'
import { useStage } from '../store/stage.ts'
import { loadVersions, useVersions } from '../store/versions.ts'
import { IconButton } from '../ui/parts.tsx'

export function Versions({ picture }: { picture: Picture }) {
  const t = useMessages()
  const ids = useVersions(state => state.ids)
  const pictures = useLibrary(state => state.pictures)
  const { id, request } = picture
  useEffect(() => void loadVersions(id), [id])
  if (ids.length < 2 || !ids.includes(id)) return null
  const show = (version: string) => useStage.getState().show(version)
  const numberOf = (version: string) => ids.indexOf(version) + 1
  const parent = request.parent && ids.includes(request.parent) ? request.parent : null
  return (
    <section className="versions" aria-label={t.repaint.versions}>
      <ol>
        {ids.map(version => (
          <li key={version}>
            <button
              type="button"
              className="version"
              aria-label={t.repaint.version(numberOf(version))}
              title={t.repaint.version(numberOf(version))}
              aria-current={version === id}
              onClick={() => show(version)}
            >
              <img src={pictures[version]?.thumbnailUrl} alt="" draggable={false} />
            </button>
          </li>
        ))}
      </ol>
      {parent && (
        <button type="button" className="link" onClick={() => show(parent)}>
          {t.repaint.from(numberOf(parent))}
        </button>
      )}
      <IconButton
        icon={Columns2}
        label={t.repaint.sideBySide}
        onClick={() => useScreen.setState({ sheet: 'comparison', compared: nearest(ids, ids.indexOf(id)) })}
      />
    </section>
  )
}

/** As many as can be compared, around one of them. */
function nearest(ids: readonly string[], at: number): string[] {
  const from = Math.max(0, Math.min(at - (MOST_COMPARED >> 1), ids.length - MOST_COMPARED))
  return ids.slice(from, from + MOST_COMPARED)
}
