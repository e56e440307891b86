import { RotateCcw } from 'lucide-react'
import { useMessages } from '../i18n/index.ts'
import { MAP_ORDER } from '../lists.ts'
import { isHeard, useCompose } from '../store/compose.ts'
import { styleOf, useFacts } from '../store/facts.ts'
import { controlOf } from '../store/maps.ts'
import { IconButton } from '../ui/parts.tsx'
import { MapCell } from './MapCell.tsx'

export function Maps() {
  const t = useMessages()
  return (
    <section className="panel maps" aria-label={t.desk.maps}>
      <header className="panel-head">
        <h2>{t.desk.maps}</h2>
        <Fused />
        <IconButton
          icon={RotateCcw}
          label={`${t.desk.maps}: ${t.reset}`}
          onClick={() => useCompose.getState().resetControl()}
        />
      </header>
      <div className="maps-grid">
        {MAP_ORDER.map((map, at) => (
          <MapCell key={map} map={map} number={at + 1} />
        ))}
      </div>
    </section>
  )
}

/** What the maps weigh together, each one's share beside the others'. */
function Fused() {
  const t = useMessages()
  const draft = useCompose(({ present }) => present)
  const style = useFacts(facts => styleOf(facts, draft.request.style))
  const weights = MAP_ORDER.map(map => (isHeard(draft, map) ? controlOf(draft, style, map).weight : 0))
  const sum = weights.reduce((total, weight) => total + weight, 0)
  return (
    <span className="fused" title={t.fusedTip}>
      <span className="fused-bar" aria-hidden="true">
        {MAP_ORDER.map((map, at) => (
          <span key={map} style={{ width: `${((weights[at] ?? 0) / 8) * 100}%` }} />
        ))}
      </span>
      {t.fused(sum.toFixed(2))}
    </span>
  )
}
