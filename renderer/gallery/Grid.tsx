import { useVirtualizer } from '@tanstack/react-virtual'
import { type CSSProperties, type KeyboardEvent, memo, useEffect, useRef, useState } from 'react'
import { decoded } from '../store/decoded.ts'
import { loadPage, PAGE, useLibrary } from '../store/library.ts'
import { rateByKey } from '../store/list-keys.ts'
import { placeAfter, useRoving } from '../ui/roving.ts'
import { Cell, select, selectTo } from './Cell.tsx'
import { nextRow, useFilledRows, useFlying } from './rows.ts'

/** Least width of a cell, gap between cells, height of the caption; pixels. */
const CELL = 168
const GAP = 16
const CAPTION = 52

/** All pictures found. Behind rows that are not rendered yet lies a background of empty cells, painted once and only moved. */
export function Grid() {
  const scroller = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(1200)
  const total = useLibrary(({ found }) => found.total)
  useEffect(() => {
    if (!scroller.current) return
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setWidth(entry.contentRect.width)
    })
    observer.observe(scroller.current)
    return () => observer.disconnect()
  }, [])
  const columns = Math.max(1, Math.floor((width + GAP) / (CELL + GAP)))
  const side = Math.floor((width - GAP * (columns - 1)) / columns)
  const pitch = side + CAPTION + GAP
  const rows = useVirtualizer({
    count: Math.ceil(total / columns),
    getScrollElement: () => scroller.current,
    estimateSize: () => pitch,
    overscan: 3,
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows of another height are measured again
  useEffect(() => rows.measure(), [pitch])
  const items = rows.getVirtualItems()
  const [first, last] = [items[0]?.index ?? 0, items.at(-1)?.index ?? 0]
  const ground = useRef<HTMLDivElement>(null)
  const flying = useFlying(scroller, pitch, top => {
    if (ground.current) ground.current.style.transform = `translateY(${-(top % pitch)}px)`
  })
  const filled = useFilledRows(first, last, flying, row => thumbnails(row * columns, (row + 1) * columns))
  useEffect(() => {
    if (flying) return
    const page = (row: number) => Math.floor((row * columns) / PAGE)
    for (let at = page(first); at <= page(last + 1); at++) if (at * PAGE < total) void loadPage('found', at)
  }, [first, last, columns, total, flying])
  const complete = nextRow(filled, first, last) === null
  // From fast scrolling until every visible row is rendered: toggling it for each row would recomposite the page each time.
  const [landing, setLanding] = useState(true)
  useEffect(() => {
    if (flying || complete) setLanding(flying)
  }, [flying, complete])
  const press = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !(event.target as Element).matches('.cell-picture')) return
    const { at } = useRoving.getState().found
    const visible = Math.max(1, Math.floor((scroller.current?.clientHeight ?? pitch) / pitch))
    const to = placeAfter(event.key, at, { total, columns, page: visible * columns })
    const { found, selected } = useLibrary.getState()
    const id = found.ids[at]
    if (to !== null) {
      if (event.shiftKey && id) selectTo(at, to)
      rows.scrollToIndex(Math.floor(to / columns), { align: 'auto' })
      useRoving.setState({ found: { at: to, wanted: true } })
    } else if (event.key === ' ' && id) select(id, at, event.shiftKey)
    else if (!id || !rateByKey(event.key, selected.includes(id) ? selected : [id])) return
    event.preventDefault()
  }
  const sizes = { '--side': `${side}px`, '--pitch': `${pitch}px`, '--columns': columns } as CSSProperties
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys of its cells, which are buttons
    <div className="gallery-scroll" ref={scroller} onKeyDown={press}>
      <div className="gallery-ground" style={sizes} hidden={!landing} aria-hidden="true">
        <div ref={ground} />
      </div>
      <div className="gallery-rows" data-moving={rows.isScrolling} style={{ ...sizes, height: rows.getTotalSize() }}>
        {filled.map(row => (
          <Row key={row} from={row * columns} to={Math.min(total, (row + 1) * columns)} top={row * pitch} />
        ))}
      </div>
    </div>
  )
}

const Row = memo(function Row({ from, to, top }: { from: number; to: number; top: number }) {
  return (
    <div className="gallery-row" style={{ transform: `translateY(${top}px)` }}>
      {Array.from({ length: Math.max(0, to - from) }, (_, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its place; the picture in it comes with its page
        <Cell key={from + at} at={from + at} />
      ))}
    </div>
  )
})

/** Resolves when the known thumbnails of these places are decoded. */
function thumbnails(from: number, to: number): Promise<unknown> {
  const { found, pictures } = useLibrary.getState()
  return decoded(found.ids.slice(from, to).flatMap(id => pictures[id ?? '']?.thumbnailUrl ?? []))
}
