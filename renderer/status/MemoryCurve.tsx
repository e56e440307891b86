import type { StudioStatus } from '../../core/host/api/studio.ts'
import { useMessages } from '../i18n/index.ts'
import { useUnits } from '../sets/units.ts'

/** An hour of samples, one each five seconds: core/host/statistics.ts. */
const WIDTH = 720
const HEIGHT = 100

/** Memory of the studio and its inference processes over the last hour, now at the right edge. */
export function MemoryCurve({ samples }: { samples: StudioStatus['memoryCurve'] }) {
  const t = useMessages()
  const { size } = useUnits()
  const totals = samples.map(({ host, inference }) => host + (inference ?? 0))
  const most = Math.max(...totals, 1)
  if (totals.length < 2) return <p className="hint">{t.status.noCurve}</p>
  const points = totals.map((total, i) => {
    const x = WIDTH - totals.length + 1 + i
    return `${x},${(HEIGHT - (HEIGHT - 2) * (total / most)).toFixed(1)}`
  })
  return (
    <svg
      className="status-curve"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={t.status.curve(size(most))}
    >
      <polyline points={points.join(' ')} />
    </svg>
  )
}
