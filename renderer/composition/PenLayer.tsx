/** Drawing by hand and erasing: mouse, pen with its pressure, touch, keys. */
import { useRef, useState } from 'react'
import { drawnStroke } from '../../core/composition/drawing.ts'
import type { Block, DrawnStroke } from '../../core/contract/composition.ts'
import { COMPOSITION_LIMITS } from '../../core/contract/vocabulary.ts'
import { toPathData } from '../../core/glyph/outline.ts'
import { useMessages } from '../i18n/index.ts'
import { addStroke, changeBlocks, useCanvas } from '../store/canvas.ts'
import { useCompose } from '../store/compose.ts'
import { erased } from './erase.ts'
import type { Point, Size } from './geometry.ts'
import { type Sample, useHand } from './hand.ts'

export function PenLayer({ canvas }: { canvas: Size }) {
  const t = useMessages()
  const { tool, pen } = useCanvas()
  const points = useRef<number[]>([])
  const [live, setLive] = useState('')
  const unit = Math.min(canvas.width, canvas.height)
  /** From the canvas' middle, shares of its shorter side. */
  const own = ([x, y]: Point): Point => [(x - canvas.width / 2) / unit, (y - canvas.height / 2) / unit]
  const add = ({ at, pressure }: Sample) => {
    if (points.current.length + 3 <= COMPOSITION_LIMITS.points)
      points.current.push(...[...own(at), pressure].map(v => Number(v.toFixed(4))))
  }
  const stroke = (): DrawnStroke => ({ points: [...points.current], size: pen })
  const show = () => {
    const outline = drawnStroke(stroke(), 0.5)
    setLive(toPathData(outline, 5))
  }
  const rub = ({ at }: Sample) =>
    changeBlocks(
      blocks => blocks.flatMap(block => (block.kind === 'drawing' ? rubbed(block, own(at), pen) : [block])),
      'erase',
    )
  const { props, cursor } = useHand(canvas, (pen * unit) / 2, {
    draw(samples, isFirst) {
      if (isFirst) points.current = []
      for (const sample of samples) (tool === 'eraser' ? rub : add)(sample)
      if (tool === 'pen') show()
    },
    lift(cancelled) {
      if (tool === 'pen' && !cancelled && points.current.length >= 3) addStroke(stroke())
      points.current = []
      setLive('')
      useCompose.getState().seal()
    },
  })
  return (
    <>
      {live && (
        <path
          className="live-stroke"
          d={live}
          transform={`translate(${canvas.width / 2} ${canvas.height / 2}) scale(${unit})`}
        />
      )}
      {/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: it takes all keys itself, which is what the role says */}
      <rect
        className="pen-layer"
        width={canvas.width}
        height={canvas.height}
        role="application"
        aria-label={t.blocks.tools[tool]}
        aria-description={t.blocks.handKeys}
        {...props}
      />
      {cursor && <circle className="hand" cx={cursor.at[0]} cy={cursor.at[1]} r={(pen * unit) / 2} />}
    </>
  )
}

/** A drawing without what the eraser met; none where nothing is left. */
function rubbed(block: Extract<Block, { kind: 'drawing' }>, at: Point, size: number): Block[] {
  const strokes = block.source.strokes.flatMap(stroke => erased(stroke, at, size / 2 + stroke.size / 2))
  if (strokes.length === 0) return []
  return strokes.length === block.source.strokes.length &&
    strokes.every((stroke, i) => stroke === block.source.strokes[i])
    ? [block]
    : [{ ...block, source: { ...block.source, strokes: strokes.slice(0, COMPOSITION_LIMITS.strokes) } }]
}
