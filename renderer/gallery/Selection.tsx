import {
  CheckCheck,
  Columns2,
  Copy,
  Download,
  FolderMinus,
  ImageOff,
  ListPlus,
  RotateCcw,
  SquareSplitHorizontal,
  Trash2,
  X,
} from 'lucide-react'
import { useState } from 'react'
import { useMessages } from '../i18n/index.ts'
import { MOST_COMPARED } from '../lists.ts'
import { trashWithUndo } from '../stage/trash.ts'
import { takeFromAlbum, useAlbums } from '../store/albums.ts'
import { copyPicture } from '../store/clipboard.ts'
import { openExport } from '../store/export.ts'
import { note, restore, selectAll, useLibrary } from '../store/library.ts'
import { notifyError } from '../store/notices.ts'
import { useScreen } from '../store/screen.ts'
import { openPicturesAsSet } from '../store/sets.ts'
import { useStage } from '../store/stage.ts'
import { IconButton } from '../ui/parts.tsx'
import { Rating } from '../ui/Rating.tsx'
import { IntoAlbum } from './IntoAlbum.tsx'
import { NewTag } from './NewTag.tsx'
import { PurgeQuestion } from './PurgeQuestion.tsx'

/** Commands for the selected pictures. */
export function Selection({ trashed }: { trashed: boolean }) {
  const t = useMessages()
  const selected = useLibrary(state => state.selected)
  const ratings = useLibrary(({ pictures }) => [...new Set(selected.map(id => pictures[id]?.rating ?? 0))].join())
  const album = useLibrary(({ found }) => found.query.album)
  const [asking, setAsking] = useState<readonly string[] | null>(null)
  if (selected.length === 0) return null
  const ids = [...selected]
  const some = ids.length >= 2 && ids.length <= MOST_COMPARED
  return (
    <div className="selection" role="toolbar" aria-label={t.selected(ids.length)}>
      <span>{t.selected(ids.length)}</span>
      <IconButton icon={CheckCheck} label={t.selectAll} keys="Ctrl A" onClick={() => selectAll().catch(notifyError)} />
      <IconButton icon={X} label={t.selectNone} keys="Esc" onClick={() => useLibrary.setState({ selected: [] })} />
      {trashed ? (
        <>
          <IconButton icon={RotateCcw} label={t.restore} onClick={() => restore(ids).catch(notifyError)} />
          <IconButton icon={ImageOff} label={t.purge} danger onClick={() => setAsking(ids)} />
          {asking && <PurgeQuestion ids={asking} onClose={() => setAsking(null)} />}
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
            label={t.output.compareMany(some ? ids.length : 0)}
            disabled={!some}
            onClick={() => useScreen.setState({ sheet: 'comparison', compared: selected.slice(0, MOST_COMPARED) })}
          />
          {ids.length === 2 && (
            <IconButton icon={SquareSplitHorizontal} label={t.compareTwo} onClick={() => compareTwo(ids)} />
          )}
          <IconButton icon={ListPlus} label={t.output.makeSet} onClick={() => void openPicturesAsSet(ids)} />
          <IconButton
            icon={Copy}
            label={t.output.copyPicture}
            keys="Ctrl C"
            onClick={() => void copyPicture(ids[0]!)}
          />
          <IconButton icon={Download} label={t.output.export} onClick={() => openExport(ids, titleOf())} />
          <IconButton icon={Trash2} label={t.trash} act="trash" onClick={() => trashWithUndo(ids)} />
        </>
      )}
    </div>
  )
}

/** What a deck or a contact sheet of an album is called. */
function titleOf(): string | undefined {
  const { album, set } = useLibrary.getState().found.query
  return album ?? useAlbums.getState().albums.find(({ id }) => id === set)?.name
}

/** Shows the first picture on the stage and compares it with the second. */
function compareTwo([first, second]: string[]): void {
  useStage.getState().show(first ?? null)
  if (second) useStage.setState({ comparison: { kind: 'picture', id: second } })
  useScreen.setState({ gallery: false, tab: 'stage' })
}
