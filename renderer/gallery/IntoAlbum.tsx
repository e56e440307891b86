import { useId } from 'react'
import { useMessages } from '../i18n/index.ts'
import { addToAlbum, useAlbums } from '../store/albums.ts'
import { isEnter } from '../ui/commit.ts'

/** Enter puts these pictures into the album that is named; the user's own ones are offered. */
export function IntoAlbum({ ids }: { ids: string[] }) {
  const t = useMessages().output
  const list = useId()
  const albums = useAlbums(state => state.albums)
  return (
    <>
      <input
        className="new-tag"
        aria-label={t.intoAlbum}
        placeholder={t.intoAlbum}
        list={list}
        maxLength={120}
        onKeyDown={event => {
          const album = event.currentTarget.value.trim()
          if (!isEnter(event) || !album) return
          void addToAlbum(ids, album)
          event.currentTarget.value = ''
        }}
      />
      <datalist id={list}>
        {albums
          .filter(({ kind }) => kind === 'own')
          .map(({ id }) => (
            <option key={id} value={id} />
          ))}
      </datalist>
    </>
  )
}
