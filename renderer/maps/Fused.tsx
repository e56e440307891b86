import { useMessages } from '../i18n/index.ts'
import { MAP_ORDER } from '../lists.ts'
import { isActive } from '../store/compose.ts'
import { styleOf, useFacts } from '../store/facts.ts'
import { controlOf, useMaps, useMapsDraft } from '../store/maps.ts'
import { fusedOver } from './presets.ts'

const WIDTH = 72
const HEIGHT = 20
/** The sum of strengths at full height; four maps could reach 8. */
const MOST = 4

/** The sum of all strengths over the steps, as stacked bars, also while a slider is moved. */
export function Fused() {
  const t = useMessages()
  const draft = useMapsDraft()
  const style = useFacts(facts => styleOf(facts, draft.request.style))
  const live = useMaps(state => state.live)
  const parts = MAP_ORDER.map(map => {
    const control = { ...controlOf(draft, style, map), ...live[map] }
    return isActive(draft, map) ? control : { ...control, weight: 0 }
  })
  const pieces = fusedOver(parts)
  const sums = pieces.map(({ sum }) => sum)
  const [least, most] = [Math.min(...sums), Math.max(...sums)]
  const words = most - least < 0.005 ? t.decimal(most, 2) : `${t.decimal(least, 2)}–${t.decimal(most, 2)}`
  const unit = HEIGHT / Math.max(MOST, most)
  return (
    <span className="fused" title={t.fusedTip}>
      <svg width={WIDTH} height={HEIGHT} aria-hidden="true">
        {pieces.map(({ start, end, weights }) => {
          let top = HEIGHT
          return weights.map((weight, at) => {
            const height = weight * unit
            top -= height
            return (
              <rect
                key={`${start} ${MAP_ORDER[at]}`}
                data-share={at}
                x={start * WIDTH}
                y={top}
                width={(end - start) * WIDTH}
                height={height}
              />
            )
          })
        })}
        <line x1="0" x2={WIDTH} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} />
      </svg>
      {t.fused(words)}
    </span>
  )
}
