import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowLeft } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useMessages } from '../i18n/index.ts'
import { loadPage, PAGE, search, selectAll, useLibrary } from '../store/library.ts'
import { tell } from '../store/notices.ts'
import { useScreen } from '../store/screen.ts'
import { IconButton } from '../ui/parts.tsx'
import { Cell } from './Cell.tsx'
import { Filters } from './Filters.tsx'
import { Selection } from './Selection.tsx'

/** Least width of a cell, the gap between cells, and what stands under a picture; pixels. */
const CELL = 168
const GAP = 16
const CAPTION = 32

export function Gallery() {
  const t = useMessages()
  const { total, loaded, query } = useLibrary(state => state.found)
  useEffect(() => {
    void search(useLibrary.getState().found.query)
  }, [])
  useEffect(listenToSelectionKeys, [])
  const asked = Object.keys(query).length > 1
  const empty = query.trashed ? t.trashEmpty : asked ? t.nothingFound : t.nothingMade
  return (
    <section className="gallery" aria-label={t.gallery}>
      <header className="gallery-head">
        <IconButton
          icon={ArrowLeft}
          label={t.close}
          act="gallery"
          onClick={() => useScreen.setState({ gallery: false })}
        />
        <h2>{t.gallery}</h2>
        <span className="count" role="status">
          {loaded ? t.pictures(total) : t.looking}
        </span>
        <Filters query={query} />
        <Selection trashed={query.trashed === true} />
      </header>
      {loaded && total === 0 ? <p className="gallery-empty">{empty}</p> : <Grid />}
    </section>
  )
}

function Grid() {
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
  const rows = useVirtualizer({
    count: Math.ceil(total / columns),
    getScrollElement: () => scroller.current,
    estimateSize: () => side + CAPTION + GAP,
    overscan: 3,
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows of another height are measured again
  useEffect(() => rows.measure(), [side])
  const items = rows.getVirtualItems()
  const first = (items[0]?.index ?? 0) * columns
  const last = ((items.at(-1)?.index ?? 0) + 1) * columns
  useEffect(() => {
    for (let page = Math.floor(first / PAGE); page <= Math.floor(last / PAGE); page++) void loadPage('found', page)
  }, [first, last])
  return (
    <div className="gallery-scroll" ref={scroller}>
      <div style={{ height: rows.getTotalSize(), position: 'relative' }}>
        {items.map(({ index, key, start }) => (
          <div
            key={key}
            className="gallery-row"
            style={{ transform: `translateY(${start}px)`, gridTemplateColumns: `repeat(${columns}, 1fr)` }}
          >
            {Array.from({ length: Math.min(columns, total - index * columns) }, (_, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its place; the picture in it comes with its page
              <Cell key={index * columns + at} at={index * columns + at} />
            ))}
          </div>
        ))}
      </div>
    </div>
  )
}

/** Ctrl A selects all that was found, Escape nothing; while one types they mean the text. */
function listenToSelectionKeys(): () => void {
  const press = (event: KeyboardEvent) => {
    const typing =
      event.target instanceof Element && event.target.closest('input:not([type=checkbox]), textarea, select')
    // A sheet or a menu over the pictures has keys of its own.
    if (typing || document.querySelector('dialog[open], [role=menu]')) return
    if ((event.ctrlKey || event.metaKey) && event.key === 'a') selectAll().catch(tell)
    else if (event.key === 'Escape' && useLibrary.getState().selected.length > 0) useLibrary.setState({ selected: [] })
    else return
    event.preventDefault()
  }
  // Before the desk's own keys: there Escape would cancel a job.
  window.addEventListener('keydown', press, { capture: true })
  return () => window.removeEventListener('keydown', press, { capture: true })
}
