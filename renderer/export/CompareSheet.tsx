import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from 'react'
import { useMessages } from '../i18n/index.ts'
import { note, useLibrary } from '../store/library.ts'
import { rateByKey } from '../store/list-keys.ts'
import { useScreen } from '../store/screen.ts'
import { FITTED, type View } from '../store/stage.ts'
import { useStyleName } from '../store/styles.ts'
import { Rating } from '../ui/Rating.tsx'
import { Sheet } from '../ui/Sheet.tsx'

const MOST_SCALE = 16

/** Two to six pictures side by side, enlarged and moved together. */
export function CompareSheet() {
  const t = useMessages().output
  const ids = useScreen(state => state.compared)
  const [view, setView] = useState<View>(FITTED)
  const grid = useRef<HTMLDivElement>(null)
  const zoom = (factor: number) => setView(before => zoomed(before, factor))
  const move = (dx: number, dy: number) =>
    setView(before => (before.scale === 1 ? before : { ...before, x: before.x + dx, y: before.y + dy }))
  useEffect(() => {
    const element = grid.current
    const turn = (event: WheelEvent) => {
      event.preventDefault()
      setView(before => zoomed(before, event.deltaY < 0 ? 1.15 : 1 / 1.15))
    }
    // React listens passively, and the page would scroll.
    element?.addEventListener('wheel', turn, { passive: false })
    return () => element?.removeEventListener('wheel', turn)
  }, [])
  const press = (event: KeyboardEvent) => {
    const steps: Record<string, [number, number]> = {
      ArrowLeft: [40, 0],
      ArrowRight: [-40, 0],
      ArrowUp: [0, 40],
      ArrowDown: [0, -40],
    }
    const step = steps[event.key]
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (step) move(...step)
    else if (event.key === '+' || event.key === '=') zoom(1.25)
    else if (event.key === '-') zoom(0.8)
    else if (event.key === '0' && !(event.target as Element).closest('figure')) setView(FITTED)
    else return
    event.preventDefault()
  }
  const drag = (event: PointerEvent) => event.buttons === 1 && move(event.movementX, event.movementY)
  return (
    <Sheet title={t.comparison} place="full" onClose={() => useScreen.getState().open(null)} onKeyDown={press}>
      <p className="hint compare-hint">{t.zoomTogether}</p>
      <div
        className="compare-many"
        ref={grid}
        data-count={ids.length}
        data-zoomed={view.scale > 1}
        onPointerMove={drag}
      >
        {ids.map(id => (
          <Compared key={id} id={id} view={view} />
        ))}
      </div>
    </Sheet>
  )
}

function zoomed({ scale, x, y }: View, factor: number): View {
  const next = Math.min(MOST_SCALE, Math.max(1, scale * factor))
  return next === 1 ? FITTED : { scale: next, x: x * (next / scale), y: y * (next / scale) }
}

function Compared({ id, view: { scale, x, y } }: { id: string; view: View }) {
  const t = useMessages()
  const picture = useLibrary(({ pictures }) => pictures[id])
  const style = useStyleName(picture?.style ?? '')
  if (!picture) return null
  const { word, url, rating, legibility } = picture
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it has the focus so that a key rates it
    <figure tabIndex={0} onKeyDown={event => rateByKey(event.key, [id]) && event.preventDefault()}>
      <div className="compare-window">
        <img
          src={url}
          alt={t.pictureOf(word ?? '', style)}
          draggable={false}
          style={{ transform: `translate(${x}px, ${y}px) scale(${scale})` }}
        />
      </div>
      <figcaption>
        <span>{[word, style].filter(Boolean).join(', ')}</span>
        {legibility !== null && <span title={t.legibleTip}>{Math.round(legibility * 100)}&nbsp;%</span>}
        <Rating value={rating} stop={false} onChange={stars => note([id], { rating: stars })} />
      </figcaption>
    </figure>
  )
}
