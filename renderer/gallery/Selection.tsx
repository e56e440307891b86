import { CheckCheck, Columns2, FolderMinus, RotateCcw, Trash2, X } from 'lucide-react'
import { useMessages } from '../i18n/index.ts'
import { trashWithUndo } from '../stage/trash.ts'
import { takeFromAlbum } from '../store/albums.ts'
import { note, purge, restore, selectAll, useLibrary } from '../store/library.ts'
import { notifyError } from '../store/notices.ts'
import { useScreen } from '../store/screen.ts'
import { useStage } from '../store/stage.ts'
import { IconButton } from '../ui/parts.tsx'
import { Rating } from '../ui/Rating.tsx'
import { IntoAlbum } from './IntoAlbum.tsx'
import { NewTag } from './NewTag.tsx'

/** Commands for the selected pictures. */
export function Selection({ trashed }: { trashed: boolean }) {
  const t = useMessages()
  const selected = useLibrary(state => state.selected)
  const ratings = useLibrary(({ pictures }) => [...new Set(selected.map(id => pictures[id]?.rating ?? 0))].join())
  const album = useLibrary(({ found }) => found.query.album)
  if (selected.length === 0) return null
  const ids = [...selected]
  return (
    <div className="selection" role="toolbar" aria-label={t.selected(ids.length)}>
      <span>{t.selected(ids.length)}</span>
      <IconButton icon={CheckCheck} label={t.selectAll} keys="Ctrl A" onClick={() => selectAll().catch(notifyError)} />
      <IconButton icon={X} label={t.selectNone} keys="Esc" onClick={() => useLibrary.setState({ selected: [] })} />
      {trashed ? (
        <>
          <IconButton icon={RotateCcw} label={t.restore} onClick={() => restore(ids).catch(notifyError)} />
          <IconButton icon={Trash2} label={t.purge} danger onClick={() => purge(ids).catch(notifyError)} />
        </>
      ) : (
        <>
          <Rating value={Number(ratings) || 0} onChange={rating => note(ids, { rating })} />
          <NewTag ids={ids} />
          <IntoAlbum ids={ids} />
          {album !== undefined && (
            <IconButton icon={FolderMinus} label={t.output.outOfAlbum} onClick={() => void takeFromAlbum(ids, album)} />
          )}
          <IconButton
            icon={Columns2}
            label={t.compareTwo}
            disabled={ids.length !== 2}
            onClick={() => compareTwo(ids)}
          />
          <IconButton icon={Trash2} label={t.trash} act="trash" onClick={() => trashWithUndo(ids)} />
        </>
      )}
    </div>
  )
}

/** Shows the first picture on the stage and compares it with the second. */
function compareTwo([first, second]: string[]): void {
  useStage.getState().show(first ?? null)
  if (second) useStage.setState({ comparison: { kind: 'picture', id: second } })
  useScreen.setState({ gallery: false, tab: 'stage' })
}
