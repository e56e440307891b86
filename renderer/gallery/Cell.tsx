import { type MouseEvent, useState } from 'react'
import type { Picture } from '../../core/host/api/library.ts'
import { useMessages } from '../i18n/index.ts'
import { PictureMenu } from '../stage/PictureMenu.tsx'
import { note, useLibrary } from '../store/library.ts'
import { useScreen } from '../store/screen.ts'
import { useStage } from '../store/stage.ts'
import { giving } from '../store/start-picture.ts'
import { useStyleName } from '../store/styles.ts'
import { Rating } from '../ui/Rating.tsx'
import { useRovingCell } from '../ui/roving.ts'

/** The picture at a place in the gallery; empty until its page has been loaded. */
export function Cell({ at }: { at: number }) {
  const picture = useLibrary(({ found, pictures }) => pictures[found.ids[at] ?? ''])
  return picture ? <FilledCell key={picture.id} picture={picture} at={at} /> : <div className="cell" />
}

/** Toggles a picture in the selection; with `range` selects all from the last selected one to this. */
export function select(id: string, at: number, range: boolean): void {
  useLibrary.setState(({ selected, found: { ids } }) => {
    const anchor = ids.indexOf(selected.at(-1))
    if (range && anchor >= 0) {
      const between = ids.slice(Math.min(anchor, at), Math.max(anchor, at) + 1).filter(each => each !== undefined)
      return { selected: [...new Set([...selected, ...between])] }
    }
    return { selected: selected.includes(id) ? selected.filter(other => other !== id) : [...selected, id] }
  })
}

/** Selects all from one place to another, as the arrows do while Shift is held. */
export function selectTo(from: number, to: number): void {
  useLibrary.setState(({ selected, found: { ids } }) => {
    const between = ids.slice(Math.min(from, to), Math.max(from, to) + 1).filter(each => each !== undefined)
    return { selected: [...new Set([...selected, ...between])] }
  })
}

function FilledCell({ picture, at }: { picture: Picture; at: number }) {
  const t = useMessages()
  const { id } = picture
  const selected = useLibrary(state => state.selected.includes(id))
  // Rendering a menu for each of a hundred cells costs frames, so it is rendered on hover or focus.
  const [near, setNear] = useState(false)
  const [open, setOpen] = useState(false)
  const { ref, tabIndex, onFocus } = useRovingCell('found', at)
  const styleName = useStyleName(picture.style)
  const come = () => setNear(true)
  const show = () => {
    useStage.getState().show(id)
    useScreen.setState({ gallery: false, tab: 'stage' })
  }
  const name = t.pictureOf(picture.word ?? '', styleName)
  return (
    <article
      className="cell"
      data-selected={selected}
      aria-label={name}
      onPointerEnter={come}
      onFocus={come}
      onContextMenu={event => !picture.trashed && event.preventDefault()}
      // On release: if the menu opened on press, the release would choose the item under the pointer.
      onPointerUp={event => event.button === 2 && setOpen(!picture.trashed)}
    >
      <button
        type="button"
        className="cell-picture"
        ref={ref}
        tabIndex={tabIndex}
        data-at={at}
        onFocus={onFocus}
        onKeyDown={event => {
          const menuKey = event.key === 'ContextMenu' || (event.shiftKey && event.key === 'F10')
          if (!menuKey || picture.trashed) return
          event.preventDefault()
          setOpen(true)
        }}
        aria-label={`${t.show}: ${name}`}
        onClick={(event: MouseEvent) =>
          event.ctrlKey || event.metaKey || event.shiftKey ? select(id, at, event.shiftKey) : show()
        }
        {...giving(picture)}
      >
        <img src={picture.thumbnailUrl} alt="" decoding="sync" draggable={false} />
        {picture.draft && <span className="tag">{t.draft}</span>}
      </button>
      {near && !picture.trashed && (
        <div className="cell-menu">
          <PictureMenu picture={picture} open={open} onOpenChange={setOpen} stop={false} />
        </div>
      )}
      <footer>
        <label className="cell-name">
          <input
            type="checkbox"
            tabIndex={-1}
            checked={selected}
            onClick={event => select(id, at, event.shiftKey)}
            readOnly
            aria-label={name}
          />
          <span>{picture.word}</span>
        </label>
        <Rating value={picture.rating} stop={false} onChange={rating => note([id], { rating })} />
        <span className="cell-about">
          <span>{styleName}</span>
          {picture.legibility !== null && (
            <span title={t.legibleTip}>{Math.round(picture.legibility * 100)}&nbsp;%</span>
          )}
        </span>
      </footer>
    </article>
  )
}
