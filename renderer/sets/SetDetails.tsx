import { Check, Copy, Folder } from 'lucide-react'
import { useEffect } from 'react'
import type { Job } from '../../core/host/api/queue.ts'
import type { SetPicture } from '../../core/host/api/sets.ts'
import type { SetFailure } from '../../core/sets/state.ts'
import { desktop } from '../desktop.ts'
import { sentences, useLanguage, useMessages, words } from '../i18n/index.ts'
import { watchFarm } from '../store/farm.ts'
import { notifyError } from '../store/notices.ts'
import { isOpen } from '../store/queue.ts'
import { loadView, resumeSet, useSets } from '../store/sets.ts'
import { useStyleName } from '../store/styles.ts'
import { useCopy } from '../ui/CopyButton.tsx'
import { IconButton } from '../ui/parts.tsx'
import { explainScore, scoreText } from '../ui/Score.tsx'
import { FarmMachines } from './FarmMachines.tsx'

/** Details of a set in the queue: its pictures as they are made, failures with their reasons, its folder. */
export function SetDetails({ job }: { job: Job }) {
  const language = useLanguage()
  const { id, state, set } = job
  const view = useSets(({ views }) => views[id])
  // The start or end of a run may change more than its events say.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the state is the reason to ask again
  useEffect(() => void loadView(id), [id, state])
  if (!view || !set) return null
  return (
    <div className="set-details">
      <FolderLine folder={set.folder} />
      {set.onFarm && isOpen(job) && <Machines />}
      <Failures job={job} failures={view.failures} />
      <Thumbnails pictures={view.pictures} made={view.made} waits={isOpen(job)} />
      {view.notes.length > 0 && (
        <ul className="first-names">
          {view.notes.map(note => (
            <li key={note.message}>{words(note, language)}</li>
          ))}
        </ul>
      )}
    </div>
  )
}

/** Whoever has started a set on a farm sees there what its machines do. */
function Machines() {
  useEffect(watchFarm, [])
  return <FarmMachines />
}

function FolderLine({ folder }: { folder: string }) {
  const t = useMessages()
  const { copied, copy } = useCopy(folder)
  return (
    <p className="set-folder">
      <span title={folder}>{folder}</span>
      {desktop ? (
        <IconButton
          icon={Folder}
          label={t.sets.showFolder}
          onClick={() => desktop?.showPath(folder).catch(notifyError)}
        />
      ) : (
        <IconButton icon={copied ? Check : Copy} label={copied ? t.copied : t.copyPath} onClick={copy} />
      )}
    </p>
  )
}

function Failures({ job, failures }: { job: Job; failures: readonly SetFailure[] }) {
  const t = useMessages()
  const language = useLanguage()
  if (failures.length === 0) return null
  return (
    <div className="set-failures">
      <ul>
        {failures.map(({ index, word, ...failure }) => (
          <li key={index}>
            <strong>{t.sets.failure(index, word)}</strong> {sentences(failure, language)}
          </li>
        ))}
      </ul>
      {!isOpen(job) && (
        <button type="button" className="plain" onClick={() => resumeSet(job.id, 'failed')}>
          {t.sets.retryFailed(failures.length)}
        </button>
      )}
    </div>
  )
}

interface ThumbnailsProps {
  pictures: readonly SetPicture[]
  made: number
  /** There are more to come. */
  waits: boolean
}

function Thumbnails({ pictures, made, waits }: ThumbnailsProps) {
  const t = useMessages()
  if (pictures.length === 0) return waits ? <p className="hint">{t.sets.noPictures}</p> : null
  return (
    <>
      <ul className="set-pictures">
        {pictures.map(picture => (
          <li key={picture.index}>
            <Thumbnail {...picture} />
          </li>
        ))}
      </ul>
      {made > pictures.length && <p className="hint">{t.sets.inFolder(made - pictures.length)}</p>}
    </>
  )
}

function Thumbnail({ word, style, name, thumbnailUrl, ...scored }: SetPicture) {
  const t = useMessages()
  const language = useLanguage()
  const alt = t.pictureOf(word, useStyleName(style))
  const explained = explainScore(scored, t, language)
  const score = explained && `\n${scoreText(scored, t)}\n${explained}`
  return <img src={thumbnailUrl} alt={alt} title={`${name}${score}`} loading="lazy" />
}
