import type { StudioStatus } from '../../core/host/api/studio.ts'
import { useMessages } from '../i18n/index.ts'
import { useUnits } from '../sets/units.ts'
import { curveOf, HEIGHT, WIDTH } from './curve.ts'

/** Memory of the studio and its inference processes over the last hour, now at the right edge. */
export function MemoryCurve({ samples }: { samples: StudioStatus['memoryCurve'] }) {
  const t = useMessages()
  const { size } = useUnits()
  const curve = curveOf(samples)
  if (!curve) return <p className="hint">{t.status.noCurve}</p>
  return (
    <svg
      className="status-curve"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={t.status.curve(size(curve.most))}
    >
      <polyline points={curve.points} />
    </svg>
  )
}
