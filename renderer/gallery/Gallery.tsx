import { ArrowLeft } from 'lucide-react'
import { useEffect } from 'react'
import { useMessages } from '../i18n/index.ts'
import { followAlbums } from '../store/albums.ts'
import { addLayer } from '../store/back.ts'
import { search, selectAll, useLibrary } from '../store/library.ts'
import { notifyError } from '../store/notices.ts'
import { useScreen } from '../store/screen.ts'
import { IconButton } from '../ui/parts.tsx'
import { Filters } from './Filters.tsx'
import { Grid } from './Grid.tsx'
import { Selection } from './Selection.tsx'

const close = () => useScreen.setState({ gallery: false })

export function Gallery() {
  const t = useMessages()
  const { total, loaded, query } = useLibrary(state => state.found)
  useEffect(() => {
    void search(useLibrary.getState().found.query)
  }, [])
  useEffect(listenToSelectionKeys, [])
  useEffect(followAlbums, [])
  useEffect(() => addLayer(close), [])
  const asked = Object.keys(query).length > 1
  const empty = query.trashed ? t.trashEmpty : asked ? t.nothingFound : t.nothingMade
  return (
    <section className="gallery" aria-label={t.gallery}>
      <header className="gallery-head">
        <IconButton icon={ArrowLeft} label={t.close} act="gallery" onClick={close} />
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

/**
 * Ctrl+A selects all pictures found, Escape deselects and then leaves, as it does every sheet; in a text field both keep
 * their usual meaning.
 */
function listenToSelectionKeys(): () => void {
  const press = (event: KeyboardEvent) => {
    const typing =
      event.target instanceof Element && event.target.closest('input:not([type=checkbox]), textarea, select')
    // An open sheet or menu handles its own keys.
    if (typing || document.querySelector('dialog[open], [role=menu]')) return
    if ((event.ctrlKey || event.metaKey) && event.key === 'a') selectAll().catch(notifyError)
    else if (event.key === 'Escape' && useLibrary.getState().selected.length > 0) useLibrary.setState({ selected: [] })
    else if (event.key === 'Escape') close()
    else return
    event.preventDefault()
  }
  // In the capture phase, before the global shortcuts, where Escape cancels a job.
  window.addEventListener('keydown', press, { capture: true })
  return () => window.removeEventListener('keydown', press, { capture: true })
}
