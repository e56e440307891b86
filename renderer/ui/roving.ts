/**
 * Long lists of which only a part is in the page, with one Tab stop each: the place that has it, and whether it was moved by
 * a key, so that the cell takes the focus as soon as it is there.
 */
import { useEffect, useRef } from 'react'
import { create } from 'zustand'
import type { ListName } from '../store/library.ts'

interface Place {
  at: number
  /** A key has moved here, and no cell has taken the focus yet. */
  wanted: boolean
}

export const useRoving = create<Record<ListName, Place>>()(() => ({
  recent: { at: 0, wanted: false },
  found: { at: 0, wanted: false },
}))

/** Props of the one button of a cell that can have the focus. */
export function useRovingCell(list: ListName, at: number) {
  const button = useRef<HTMLButtonElement>(null)
  const isStop = useRoving(state => state[list].at === at)
  const wanted = useRoving(state => state[list].at === at && state[list].wanted)
  useEffect(() => {
    if (!wanted) return
    button.current?.focus({ preventScroll: true })
    useRoving.setState({ [list]: { at, wanted: false } })
  }, [wanted, list, at])
  return {
    ref: button,
    tabIndex: isStop ? 0 : -1,
    onFocus: () => useRoving.setState({ [list]: { at, wanted: false } }),
  }
}

/** Where a key leads in a list of rows; null for any other key. A list of one row has as many columns as cells. */
export function placeAfter(key: string, at: number, { total, columns, page }: ListShape): number | null {
  const steps: Record<string, number> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -columns,
    ArrowDown: columns,
    PageUp: -page,
    PageDown: page,
    Home: -at,
    End: total - 1 - at,
  }
  const step = steps[key]
  if (step === undefined || total === 0) return null
  const to = at + step
  // From the first row up, or from the last one down, there is nowhere to go; a page ends at the ends.
  if (key.startsWith('Arrow')) return to < 0 || to >= total ? at : to
  return Math.min(total - 1, Math.max(0, to))
}

export interface ListShape {
  total: number
  columns: number
  /** Cells that PageUp and PageDown move by. */
  page: number
}
