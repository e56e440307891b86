import { Bookmark, BookmarkX, FolderX, Pencil } from 'lucide-react'
import { useState } from 'react'
import { useMessages } from '../i18n/index.ts'
import { forgetSearch, renameAlbum, saveSearch, useAlbums } from '../store/albums.ts'
import { type Query, search } from '../store/library.ts'
import { useSettings } from '../store/settings.ts'
import { useAskedFocus } from '../ui/asked-focus.ts'
import { IconButton } from '../ui/parts.tsx'

/** What the gallery shows: everything, an album, or a search that was kept; and the commands for it. */
export function Places({ query }: { query: Query }) {
  const t = useMessages().output
  const albums = useAlbums(state => state.albums)
  const searches = useSettings(({ settings }) => settings.searches)
  const [naming, setNaming] = useState<'album' | 'search' | null>(null)
  const { ask, field } = useAskedFocus()
  const { album, set, ...conditions } = query
  const key = keyOf(query)
  const saved = searches.find(each => keyOf(each.query) === key)
  const value = saved ? `search:${saved.name}` : set ? `set:${set}` : album !== undefined ? `own:${album}` : 'all'
  const choose = (place: string) => {
    setNaming(null)
    const at = place.indexOf(':')
    const [kind, id] = at < 0 ? [place, ''] : [place.slice(0, at), place.slice(at + 1)]
    const { sort } = query
    if (kind === 'search') void search(searches.find(({ name }) => name === id)?.query ?? { sort })
    else void search({ sort, ...(kind === 'set' ? { set: id } : kind === 'own' ? { album: id } : {}) })
  }
  const name = (kind: 'album' | 'search') => {
    ask()
    setNaming(kind)
  }
  const finish = (text: string) => {
    setNaming(null)
    if (naming === 'search' && text) saveSearch(text.slice(0, 60), query)
    if (naming === 'album' && text && album !== undefined && text !== album) void renameAlbum(album, text)
  }
  const group = (label: string, kind: 'set' | 'own') => {
    const some = albums.filter(each => each.kind === kind)
    // A chosen album whose last picture has left it is still what is shown.
    const lost = kind === 'own' && album !== undefined && !some.some(({ id }) => id === album)
    if (some.length === 0 && !lost) return null
    return (
      <optgroup label={label}>
        {some.map(({ id, name, pictures }) => (
          <option key={id} value={`${kind}:${id}`}>
            {t.counted(name, pictures)}
          </option>
        ))}
        {lost && <option value={`own:${album}`}>{t.counted(album, 0)}</option>}
      </optgroup>
    )
  }
  return (
    <>
      <select className="places" aria-label={t.place} value={value} onChange={event => choose(event.target.value)}>
        <option value="all">{t.allPictures}</option>
        {group(t.sets, 'set')}
        {group(t.albums, 'own')}
        {searches.length > 0 && (
          <optgroup label={t.searches}>
            {searches.map(each => (
              <option key={each.name} value={`search:${each.name}`}>
                {each.name}
              </option>
            ))}
          </optgroup>
        )}
      </select>
      {naming && (
        <input
          ref={field}
          className="new-tag"
          aria-label={naming === 'album' ? t.nameOfAlbum : t.nameOfSearch}
          placeholder={naming === 'album' ? t.nameOfAlbum : t.nameOfSearch}
          defaultValue={naming === 'album' ? album : (query.text ?? '')}
          maxLength={naming === 'album' ? 120 : 60}
          onKeyDown={event => {
            // Enter and Escape of an input method are about the word that is being written.
            if (event.nativeEvent.isComposing) return
            if (event.key === 'Enter') finish(event.currentTarget.value.trim())
            else if (event.key === 'Escape') setNaming(null)
            else return
            event.preventDefault()
            event.stopPropagation()
          }}
        />
      )}
      {!naming && album !== undefined && !saved && (
        <>
          <IconButton icon={Pencil} label={t.renameAlbum} onClick={() => name('album')} />
          <IconButton icon={FolderX} label={t.dissolveAlbum} onClick={() => void renameAlbum(album, null)} />
        </>
      )}
      {!naming && saved && (
        <IconButton icon={BookmarkX} label={t.forgetSearch} onClick={() => forgetSearch(saved.name)} />
      )}
      {!naming && !saved && Object.keys(conditions).length > 1 && (
        <IconButton icon={Bookmark} label={t.saveSearch} onClick={() => name('search')} />
      )}
    </>
  )
}

/** The same for the same conditions, in whatever order they were given. */
const keyOf = (query: Query): string => JSON.stringify(Object.entries(query).sort(([a], [b]) => (a < b ? -1 : 1)))
