/** Widths of the side panels that the designer has chosen; null: as wide as the window suggests. */
import { create } from 'zustand'
import { keep, recall } from './keep.ts'

export type Side = 'compose' | 'maps'

/** Least and most width of a panel, pixels. */
export const WIDTHS: Readonly<Record<Side, readonly [least: number, most: number]>> = {
  compose: [280, 560],
  maps: [300, 760],
}

type Widths = Readonly<Record<Side, number | null>>

const KEY = 'zihua.widths'

export const useLayout = create<Widths>()(() => ({
  compose: null,
  maps: null,
  ...recall<Partial<Widths>>(KEY),
}))

useLayout.subscribe(widths => keep(KEY, widths))

/** @param width pixels, brought within the panel's limits; null: back to the default */
export function setWidth(side: Side, width: number | null): void {
  const [least, most] = WIDTHS[side]
  useLayout.setState({ [side]: width === null ? null : Math.round(Math.min(most, Math.max(least, width))) })
}
