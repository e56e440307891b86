/** Which rows of a long list are rendered: only visible ones, and none while the list scrolls too fast to be seen. */
import { type RefObject, useEffect, useRef, useState } from 'react'

/** Above this speed a picture cannot be recognised; rows per second. */
const FLYING = 24
/** How long after the last fast movement rows are rendered again, ms. */
const REST_MS = 90

/** The row to render next, from the middle of the visible ones outwards; null where all are. */
export function nextRow(filled: readonly number[], first: number, last: number): number | null {
  const middle = (first + last) / 2
  let next: number | null = null
  for (let row = first; row <= last; row++)
    if (!filled.includes(row) && (next === null || Math.abs(row - middle) < Math.abs(next - middle))) next = row
  return next
}

/**
 * Whether a scroller moves too fast for its content to be seen.
 * @param pitch height of a row, px
 * @param onMove called with every new scroll offset, px
 */
export function useFlying(
  scroller: RefObject<HTMLElement | null>,
  pitch: number,
  onMove: (top: number) => void,
): boolean {
  const [flying, setFlying] = useState(false)
  const moved = useRef(onMove)
  moved.current = onMove
  useEffect(() => {
    const element = scroller.current
    if (!element) return
    let [top, time] = [element.scrollTop, performance.now()]
    let rest: ReturnType<typeof setTimeout> | undefined
    const move = () => {
      const [before, since] = [top, time]
      top = element.scrollTop
      time = performance.now()
      moved.current(top)
      clearTimeout(rest)
      const fast = ((Math.abs(top - before) / pitch) * 1000) / Math.max(1, time - since) > FLYING
      setFlying(fast)
      if (fast) rest = setTimeout(() => setFlying(false), REST_MS)
    }
    element.addEventListener('scroll', move, { passive: true })
    return () => {
      clearTimeout(rest)
      element.removeEventListener('scroll', move)
    }
  }, [scroller, pitch])
  return flying
}

/**
 * The rows to render among first..last: one more each frame, none while scrolling fast; earlier ones stay until then.
 * @param prepare loads what a row shows, so that the row is painted once
 */
export function useFilledRows(
  first: number,
  last: number,
  flying: boolean,
  prepare: (row: number) => Promise<unknown>,
): readonly number[] {
  const [filled, setFilled] = useState<readonly number[]>([])
  const prepared = useRef(prepare)
  prepared.current = prepare
  useEffect(() => {
    if (flying) return
    const next = nextRow(filled, first, last)
    const inSight = filled.filter(row => row >= first && row <= last)
    if (next === null && inSight.length === filled.length) return
    let [wanted, frame] = [true, 0]
    const ready = next === null ? Promise.resolve() : prepared.current(next)
    void ready.then(() => {
      if (wanted) frame = requestAnimationFrame(() => setFilled(next === null ? inSight : [...inSight, next]))
    })
    return () => {
      wanted = false
      cancelAnimationFrame(frame)
    }
  }, [first, last, flying, filled])
  return filled
}
