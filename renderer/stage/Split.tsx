import { type PointerEvent, useRef } from 'react'
import { useMessages } from '../i18n/index.ts'
import { useLibrary } from '../store/library.ts'
import { useMaps } from '../store/maps.ts'
import { usePictureMaps } from '../store/picture-maps.ts'
import { isCovered, useStage } from '../store/stage.ts'

/** The compared picture over the right part; the dividing line is dragged or moved with arrows. */
export function Split() {
  const t = useMessages()
  const split = useStage(state => state.split)
  const url = useComparedUrl()
  const box = useRef<HTMLDivElement>(null)
  if (!url) return null
  const move = (value: number) => useStage.setState({ split: Math.min(1, Math.max(0, value)) })
  const follow = (event: PointerEvent) => {
    const area = box.current?.getBoundingClientRect()
    if (area && event.buttons === 1) move((event.clientX - area.left) / area.width)
  }
  return (
    <div className="layer split" ref={box}>
      <img
        className="layer compared"
        src={url}
        alt=""
        draggable={false}
        style={{ clipPath: `inset(0 0 0 ${split * 100}%)` }}
      />
      <div
        className="split-line"
        role="slider"
        tabIndex={0}
        aria-label={t.splitAt}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(split * 100)}
        style={{ left: `${split * 100}%` }}
        onPointerDown={event => {
          event.stopPropagation()
          event.currentTarget.setPointerCapture(event.pointerId)
        }}
        onPointerMove={follow}
        onKeyDown={event => {
          const by = { ArrowLeft: -0.05, ArrowRight: 0.05 }[event.key]
          if (by) move(split + (event.shiftKey ? by / 5 : by))
        }}
      />
    </div>
  )
}

function useComparedUrl(): string | undefined {
  const comparison = useStage(state => state.comparison)
  const own = usePictureMaps(({ of }) => of)
  const follows = useStage(isCovered)
  const { glyph, maps } = useMaps()
  const other = useLibrary(({ pictures }) =>
    comparison?.kind === 'picture' ? pictures[comparison.id]?.url : undefined,
  )
  if (comparison?.kind === 'glyph') return follows ? glyph?.url : own?.glyph
  if (comparison?.kind === 'map') return follows ? maps[comparison.map]?.url : own?.maps[comparison.map]
  return other
}
