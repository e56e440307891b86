/** A hand over the canvas: mouse, pen with its pressure, touch; or the keys, which move a point and put it down. */
import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react'
import { ARROWS, type Point, type Size } from './geometry.ts'

/** Where the hand is, pixels of the canvas, and how hard it presses, 0..1. */
export interface Sample {
  at: Point
  pressure: number
}

interface HandActions {
  /** Put down, or moved while it is down. */
  draw(samples: readonly Sample[], isFirst: boolean): void
  /** Lifted; cancelled where the browser took the pointer away. */
  lift(cancelled: boolean): void
}

/** A mouse and the keys have no pressure. */
const EVEN = 0.5

/** A point of the canvas under the pointer. */
export function pointOf(
  { currentTarget }: { currentTarget: SVGElement },
  { clientX, clientY }: { clientX: number; clientY: number },
  canvas: Size,
): Point {
  const svg = currentTarget.ownerSVGElement ?? currentTarget
  const box = svg.getBoundingClientRect()
  return [((clientX - box.left) / box.width) * canvas.width, ((clientY - box.top) / box.height) * canvas.height]
}

/**
 * Props of the element that is drawn on, and where the keys' point stands.
 * @param step how far an arrow moves that point, pixels of the canvas; with shift a fifth
 */
export function useHand(canvas: Size, step: number, { draw, lift }: HandActions) {
  const drawing = useRef(false)
  const [cursor, setCursor] = useState<{ at: Point; isDown: boolean } | null>(null)
  const samplesOf = (event: PointerEvent<SVGElement>): Sample[] => {
    // The browser joins several samples of a quick hand into one event.
    const joined = event.nativeEvent.getCoalescedEvents?.() ?? []
    return (joined.length > 0 ? joined : [event.nativeEvent]).map(sample => ({
      at: pointOf(event, sample, canvas),
      pressure: sample.pointerType === 'mouse' ? EVEN : sample.pressure,
    }))
  }
  const end = (cancelled: boolean) => {
    if (!drawing.current) return
    drawing.current = false
    setCursor(null)
    lift(cancelled)
  }
  const pressKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const { at, isDown } = cursor ?? { at: [canvas.width / 2, canvas.height / 2] as Point, isDown: false }
    const arrow = ARROWS[event.key]
    if (arrow) {
      const by = event.shiftKey ? step / 5 : step
      const to: Point = [within(at[0] + arrow[0] * by, canvas.width), within(at[1] + arrow[1] * by, canvas.height)]
      setCursor({ at: to, isDown })
      if (isDown) draw([{ at: to, pressure: EVEN }], false)
    } else if (event.key === ' ') {
      if (isDown) {
        end(false)
        setCursor({ at, isDown: false })
      } else {
        drawing.current = true
        setCursor({ at, isDown: true })
        draw([{ at, pressure: EVEN }], true)
      }
    } else return
    event.preventDefault()
  }
  const props = {
    tabIndex: 0,
    onPointerDown(event: PointerEvent<SVGElement>) {
      if (event.button !== 0) return
      event.stopPropagation()
      // A second finger does not disturb the first; the keys' point gives way.
      if (drawing.current && !cursor) return
      end(false)
      event.currentTarget.setPointerCapture(event.pointerId)
      drawing.current = true
      setCursor(null)
      draw(samplesOf(event), true)
    },
    onPointerMove(event: PointerEvent<SVGElement>) {
      if (drawing.current && holds(event)) draw(samplesOf(event), false)
    },
    onPointerUp: (event: PointerEvent<SVGElement>) => holds(event) && end(false),
    onPointerCancel: (event: PointerEvent<SVGElement>) => holds(event) && end(true),
    onKeyDown: pressKey,
    onBlur: () => {
      end(false)
      setCursor(null)
    },
  }
  return { props, cursor }
}

/** Whether it is this pointer that draws. */
const holds = ({ currentTarget, pointerId }: PointerEvent<SVGElement>) => currentTarget.hasPointerCapture(pointerId)

const within = (value: number, most: number) => Math.min(most, Math.max(0, value))
