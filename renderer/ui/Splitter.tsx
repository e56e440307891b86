import { type KeyboardEvent, type PointerEvent, useRef } from 'react'
import { useMessages } from '../i18n/index.ts'
import { type Side, setWidth, useLayout, WIDTHS } from '../store/layout.ts'

/** Widths on a window of 1440 pixels; desk.css. */
const DEFAULTS: Readonly<Record<Side, number>> = { compose: 320, maps: 340 }

/** Pixels by which an arrow key moves the edge. */
const STEP = 16

/** The movable edge of a side panel: dragged, moved with arrows, reset by a double click. Lies inside the panel. */
export function Splitter({ side }: { side: Side }) {
  const t = useMessages()
  const width = useLayout(state => state[side])
  const edge = useRef<HTMLDivElement>(null)
  // To widen, the compose panel's edge moves right, that of the maps left.
  const sign = side === 'compose' ? 1 : -1
  const current = () => edge.current?.parentElement?.getBoundingClientRect() ?? new DOMRect()
  const drag = (event: PointerEvent) => {
    if (event.buttons !== 1) return
    const { left, right } = current()
    setWidth(side, side === 'compose' ? event.clientX - left : right - event.clientX)
  }
  const press = (event: KeyboardEvent) => {
    const by = { ArrowRight: STEP, ArrowLeft: -STEP }[event.key]
    if (!by) return
    event.preventDefault()
    setWidth(side, current().width + sign * by)
  }
  const [least, most] = WIDTHS[side]
  return (
    // biome-ignore lint/a11y/useSemanticElements: an <hr> cannot be moved
    <div
      ref={edge}
      className="splitter"
      data-side={side}
      role="separator"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label={t.panelWidth(t.desk[side])}
      aria-valuemin={least}
      aria-valuemax={most}
      aria-valuenow={width ?? DEFAULTS[side]}
      title={t.panelWidth(t.desk[side])}
      // Otherwise the browser may begin to drag or select what lies beneath, which takes the pointer away.
      onMouseDown={event => event.preventDefault()}
      onPointerDown={event => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={drag}
      onDoubleClick={() => setWidth(side, null)}
      onKeyDown={press}
    />
  )
}
