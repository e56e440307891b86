import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useEffect, useRef } from 'react'
import { useMessages } from '../i18n/index.ts'
import { loadPage, PAGE, useLibrary } from '../store/library.ts'
import { rateByKey } from '../store/list-keys.ts'
import { useStage } from '../store/stage.ts'
import { giving } from '../store/start-picture.ts'
import { useStyleName } from '../store/styles.ts'
import { placeAfter, useRoving, useRovingCell } from '../ui/roving.ts'
import { CELL } from './cell.ts'
import { SdxlLine } from './SdxlLine.tsx'

/** All pictures in one row, newest first. */
export function FilmStrip() {
  const t = useMessages()
  const scroller = useRef<HTMLDivElement>(null)
  const { total, loaded } = useLibrary(state => state.recent)
  const row = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => CELL,
    horizontal: true,
    overscan: 6,
  })
  const items = row.getVirtualItems()
  const first = items[0]?.index ?? 0
  const last = items.at(-1)?.index ?? 0
  useEffect(() => {
    for (let page = Math.floor(first / PAGE); page <= Math.floor(last / PAGE); page++) void loadPage('recent', page)
  }, [first, last])
  const press = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return
    const { at } = useRoving.getState().recent
    const page = Math.max(1, Math.floor((scroller.current?.clientWidth ?? CELL) / CELL))
    // One row: up and down lead nowhere.
    const to = placeAfter(event.key, at, { total, columns: total, page })
    const id = useLibrary.getState().recent.ids[at]
    if (to !== null) {
      row.scrollToIndex(to, { align: 'auto' })
      useRoving.setState({ recent: { at: to, wanted: true } })
    } else if (!id || !rateByKey(event.key, [id])) return
    event.preventDefault()
  }
  return (
    <section className="strip" aria-label={t.desk.strip}>
      <h2 className="visually-hidden">{t.desk.strip}</h2>
      {loaded && total === 0 && <p className="strip-empty">{t.nothingMade}</p>}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys of its frames, which are buttons */}
      <div
        className="strip-scroll"
        ref={scroller}
        onKeyDown={press}
        onWheel={event => scroller.current?.scrollBy({ left: event.deltaY })}
      >
        <div className="strip-row" style={{ width: row.getTotalSize() }}>
          {items.map(({ index, key, start }) => (
            <StripCell key={key} at={index} left={start} />
          ))}
        </div>
      </div>
      <SdxlLine pictures={total} />
    </section>
  )
}

function StripCell({ at, left }: { at: number; left: number }) {
  const t = useMessages()
  const picture = useLibrary(({ recent, pictures }) => pictures[recent.ids[at] ?? ''])
  const shown = useStage(({ pictureId }) => pictureId === picture?.id && picture !== undefined)
  const { ref, tabIndex, onFocus } = useRovingCell('recent', at)
  const styleName = useStyleName(picture?.style ?? '')
  if (!picture) return <span className="frame" style={{ left }} />
  const name = t.pictureOf(picture.word ?? '', styleName)
  return (
    <button
      type="button"
      className="frame"
      ref={ref}
      tabIndex={tabIndex}
      onFocus={onFocus}
      style={{ left }}
      aria-pressed={shown}
      aria-label={name}
      title={name}
      onClick={() => useStage.getState().show(picture.id)}
      {...giving(picture)}
    >
      <img src={picture.thumbnailUrl} alt="" loading="lazy" draggable={false} />
    </button>
  )
}
