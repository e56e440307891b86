import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowLeft, Heart, RotateCcw, Trash2 } from 'lucide-react'
import { type MouseEvent, useEffect, useRef, useState } from 'react'
import { useMessages } from '../i18n/index.ts'
import { trashWithUndo } from '../stage/Toolbar.tsx'
import { useFacts } from '../store/facts.ts'
import { loadPage, note, PAGE, purge, type Query, restore, search, useLibrary } from '../store/library.ts'
import { tell } from '../store/notices.ts'
import { useScreen } from '../store/screen.ts'
import { useSettings } from '../store/settings.ts'
import { useStage } from '../store/stage.ts'
import { IconButton } from '../ui/parts.tsx'
import { Rating } from '../ui/Rating.tsx'

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
  const asked = Object.keys(query).length > 1
  const empty = query.trashed ? t.trashEmpty : asked ? t.nothingFound : t.nothingMade
  return (
    <section className="gallery" aria-label={t.gallery}>
      <header className="gallery-head">
        <IconButton icon={ArrowLeft} label={t.close} keys="G" onClick={() => useScreen.setState({ gallery: false })} />
        <h2>{t.gallery}</h2>
        <span className="count" role="status">
          {loaded ? t.pictures(total) : ''}
        </span>
        <Filters query={query} />
        <Selection trashed={query.trashed === true} />
      </header>
      {loaded && total === 0 ? <p className="gallery-empty">{empty}</p> : <Grid />}
    </section>
  )
}

function Filters({ query }: { query: Query }) {
  const t = useMessages()
  const styles = useFacts(state => state.styles)
  const language = useSettings(({ settings }) => settings.language)
  // Fields at their rest are left out, so that an empty search is one without fields.
  const change = (part: { [K in keyof Query]?: Query[K] | undefined }) => {
    const entries = Object.entries({ ...query, ...part }).filter(([, value]) => value !== undefined && value !== '')
    void search(Object.fromEntries(entries) as Query)
  }
  return (
    <>
      <input
        className="search"
        type="search"
        aria-label={t.searchPictures}
        placeholder={t.searchPictures}
        defaultValue={query.text ?? ''}
        onChange={event => change({ text: event.target.value })}
      />
      <select aria-label={t.style} value={query.style ?? ''} onChange={event => change({ style: event.target.value })}>
        <option value="">{t.allStyles}</option>
        {styles.map(({ style }) => (
          <option key={style.id} value={style.id}>
            {style.name[language]}
          </option>
        ))}
      </select>
      <select
        aria-label={t.rating}
        value={query.minRating ?? ''}
        onChange={event => change({ minRating: Number(event.target.value) || undefined })}
      >
        <option value="">{t.anyRating}</option>
        {[1, 2, 3, 4, 5].map(stars => (
          <option key={stars} value={stars}>
            {t.atLeast(stars)}
          </option>
        ))}
      </select>
      <select
        aria-label={t.sort}
        value={query.sort}
        onChange={event => change({ sort: event.target.value as Query['sort'] })}
      >
        {(['date', 'rating', 'legibility'] as const).map(sort => (
          <option key={sort} value={sort}>
            {t.sorts[sort]}
          </option>
        ))}
      </select>
      <IconButton
        icon={Trash2}
        label={t.inTrash}
        pressed={query.trashed === true}
        onClick={() => change({ trashed: query.trashed ? undefined : true })}
      />
    </>
  )
}

/** What is done with what is selected. */
function Selection({ trashed }: { trashed: boolean }) {
  const t = useMessages()
  const selected = useLibrary(state => state.selected)
  if (selected.length === 0) return null
  const ids = [...selected]
  return (
    <div className="selection" role="toolbar" aria-label={t.selected(ids.length)}>
      <span>{t.selected(ids.length)}</span>
      {trashed ? (
        <>
          <IconButton icon={RotateCcw} label={t.restore} onClick={() => restore(ids).catch(tell)} />
          <IconButton icon={Trash2} label={t.purge} danger onClick={() => purge(ids).catch(tell)} />
        </>
      ) : (
        <>
          <IconButton icon={Heart} label={t.stars(5)} onClick={() => note(ids, { rating: 5 })} />
          <IconButton icon={Trash2} label={t.trash} keys="Del" onClick={() => trashWithUndo(ids)} />
        </>
      )}
    </div>
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

function Cell({ at }: { at: number }) {
  const t = useMessages()
  const picture = useLibrary(({ found, pictures }) => pictures[found.ids[at] ?? ''])
  const selected = useLibrary(state => picture !== undefined && state.selected.includes(picture.id))
  if (!picture) return <div className="cell" />
  const { id } = picture
  const select = (event: MouseEvent) =>
    useLibrary.setState(state => {
      const { ids } = state.found
      const anchor = ids.indexOf(state.selected.at(-1))
      if (event.shiftKey && anchor >= 0) {
        const range = ids.slice(Math.min(anchor, at), Math.max(anchor, at) + 1).filter(each => each !== undefined)
        return { selected: [...new Set([...state.selected, ...range])] }
      }
      return { selected: selected ? state.selected.filter(other => other !== id) : [...state.selected, id] }
    })
  const show = () => {
    useStage.getState().show(id)
    useScreen.setState({ gallery: false, tab: 'stage' })
  }
  const name = t.pictureOf(picture.word ?? '', picture.style)
  return (
    <article className="cell" data-selected={selected} aria-label={name}>
      <button
        type="button"
        className="cell-picture"
        aria-label={`${t.show}: ${name}`}
        onClick={event => (event.ctrlKey || event.metaKey || event.shiftKey ? select(event) : show())}
      >
        <img src={picture.thumbnailUrl} alt="" loading="lazy" />
        {picture.draft && <span className="tag">{t.draft}</span>}
      </button>
      <footer>
        <label className="cell-name">
          <input type="checkbox" checked={selected} onClick={select} readOnly aria-label={name} />
          <span>{picture.word}</span>
        </label>
        <Rating value={picture.rating} onChange={rating => note([id], { rating })} />
      </footer>
    </article>
  )
}
