import { ChevronLeft, ChevronRight, Download } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { MapName } from '../../core/contract/vocabulary.ts'
import type { PreviewMap } from '../../core/host/api/maps.ts'
import { useMessages } from '../i18n/index.ts'
import { MAP_ORDER } from '../lists.ts'
import { useCompose } from '../store/compose.ts'
import { styleOf, useFacts } from '../store/facts.ts'
import { controlOf, drawFull, saveMap, useMaps } from '../store/maps.ts'
import { notifyError } from '../store/notices.ts'
import { urlOfUpload } from '../store/uploads.ts'
import { IconButton } from '../ui/parts.tsx'
import { Sheet } from '../ui/Sheet.tsx'
import { Legend } from './Legend.tsx'

/** A map in full size with its legend; arrow keys show the next one. */
export function MapView({ map }: { map: MapName }) {
  const t = useMessages()
  const draft = useCompose(({ present }) => present)
  const complete = useFacts(state => state.complete)
  const style = useFacts(facts => styleOf(facts, draft.request.style))
  const preview = useMaps(({ maps }) => maps[map])
  const control = controlOf(draft, style, map)
  const full = useFull(map, control.image !== null)
  const own = control.image && urlOfUpload(control.image)
  const shown = full ?? preview
  const turn = (by: number) =>
    useMaps.setState({ full: MAP_ORDER[(MAP_ORDER.indexOf(map) + by + MAP_ORDER.length) % MAP_ORDER.length] ?? map })
  const size = complete ? `${complete.width} × ${complete.height}` : ''
  const words = shown && !own ? t.mapFacts(t.methods[shown.method], t.basis[shown.basis], size) : t.ownPicture
  return (
    <Sheet
      title={t.map[map]}
      place="wide"
      onClose={() => useMaps.setState({ full: null })}
      onKeyDown={event => {
        const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
        if (by) turn(by)
      }}
    >
      <div className="map-view">
        <IconButton icon={ChevronLeft} label={t.previousMap} keys="←" onClick={() => turn(-1)} />
        <figure>
          {(own || shown) && <img src={own || shown?.url} alt={`${t.map[map]}: ${words}`} />}
          <figcaption>
            <span role="status">{!own && !full ? t.mapDrawing : words}</span>
            {shown && !own && <Legend preview={shown} most={16} />}
          </figcaption>
        </figure>
        <IconButton icon={ChevronRight} label={t.nextMap} keys="→" onClick={() => turn(1)} />
        <IconButton icon={Download} label={`${t.map[map]}: ${t.saveMap}`} onClick={() => saveMap(map)} />
      </div>
    </Sheet>
  )
}

/** The map in full size; null until it is drawn, and where an own picture replaces it. */
function useFull(map: MapName, isOwn: boolean): PreviewMap | null {
  const [full, setFull] = useState<PreviewMap | null>(null)
  useEffect(() => {
    setFull(null)
    if (isOwn) return
    const controller = new AbortController()
    drawFull(map, controller.signal)
      .then(drawn => !controller.signal.aborted && setFull(drawn))
      .catch(error => !controller.signal.aborted && notifyError(error))
    return () => controller.abort()
  }, [map, isOwn])
  return full
}
