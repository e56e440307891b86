/** Drawing by hand and erasing: mouse, pen with its pressure, touch. */
import { type PointerEvent, useRef, useState } from 'react'
import { drawnStroke } from '../../core/composition/drawing.ts'
import type { Block, DrawnStroke } from '../../core/contract/composition.ts'
import { COMPOSITION_LIMITS } from '../../core/contract/vocabulary.ts'
import { toPathData } from '../../core/glyph/outline.ts'
import { addStroke, changeBlocks, useCanvas } from '../store/canvas.ts'
import { useCompose } from '../store/compose.ts'
import { pointOf } from './BlocksEditor.tsx'
import { erased } from './erase.ts'
import type { Point, Size } from './geometry.ts'

export function PenLayer({ canvas }: { canvas: Size }) {
  const { tool, pen } = useCanvas()
  const points = useRef<number[]>([])
  const [live, setLive] = useState('')
  const drawing = useRef(false)
  const unit = Math.min(canvas.width, canvas.height)
  /** From the canvas' middle, shares of its shorter side. */
  const own = ([x, y]: Point): Point => [(x - canvas.width / 2) / unit, (y - canvas.height / 2) / unit]
  const add = (event: PointerEvent<SVGRectElement>) => {
    // The browser joins several samples of a quick hand into one event.
    const samples = event.nativeEvent.getCoalescedEvents?.() ?? []
    for (const sample of samples.length > 0 ? samples : [event.nativeEvent]) {
      const [x, y] = own(
        pointOf(
          { ...event, currentTarget: event.currentTarget, clientX: sample.clientX, clientY: sample.clientY },
          canvas,
        ),
      )
      // A mouse has no pressure.
      const pressure = sample.pointerType === 'mouse' ? 0.5 : sample.pressure
      if (points.current.length + 3 <= COMPOSITION_LIMITS.points)
        points.current.push(...[x, y, pressure].map(v => Number(v.toFixed(4))))
    }
  }
  const stroke = (): DrawnStroke => ({ points: [...points.current], size: pen })
  const show = () => {
    const outline = drawnStroke(stroke(), 0.5)
    setLive(toPathData(outline, 5))
  }
  const rub = (event: PointerEvent<SVGRectElement>) => {
    const at = own(pointOf(event, canvas))
    changeBlocks(
      blocks => blocks.flatMap(block => (block.kind === 'drawing' ? rubbed(block, at, pen) : [block])),
      'erase',
    )
  }
  return (
    <>
      {live && (
        <path
          className="live-stroke"
          d={live}
          transform={`translate(${canvas.width / 2} ${canvas.height / 2}) scale(${unit})`}
        />
      )}
      <rect
        className="pen-layer"
        width={canvas.width}
        height={canvas.height}
        onPointerDown={event => {
          if (event.button !== 0) return
          event.stopPropagation()
          event.currentTarget.setPointerCapture(event.pointerId)
          drawing.current = true
          points.current = []
          if (tool === 'eraser') return rub(event)
          add(event)
          show()
        }}
        onPointerMove={event => {
          if (!drawing.current) return
          if (tool === 'eraser') return rub(event)
          add(event)
          show()
        }}
        onPointerUp={() => {
          drawing.current = false
          if (tool === 'pen' && points.current.length >= 3) addStroke(stroke())
          points.current = []
          setLive('')
          useCompose.getState().seal()
        }}
        onPointerCancel={() => {
          drawing.current = false
          points.current = []
          setLive('')
        }}
      />
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
