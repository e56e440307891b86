import { useVirtualizer } from '@tanstack/react-virtual'
import {
  ArrowDown,
  ArrowUp,
  Check,
  ChevronDown,
  ChevronUp,
  CircleAlert,
  CircleSlash,
  Clock,
  History,
  ListX,
  Loader,
  Pause,
  Play,
  RotateCw,
  X,
} from 'lucide-react'
import { useRef } from 'react'
import type { Job } from '../../core/host/api/queue.ts'
import { api } from '../api.ts'
import { sentences, useLanguage, useMessages } from '../i18n/index.ts'
import { secondsText } from '../models/sizes.ts'
import { SetDetails } from '../sets/SetDetails.tsx'
import { notifyError } from '../store/notices.ts'
import { cancelJob, clearFinished, hasOlder, isOpen, moveJob, setPaused, showOlder, useQueue } from '../store/queue.ts'
import { useScreen } from '../store/screen.ts'
import { resumeSet, useSets } from '../store/sets.ts'
import { useStage } from '../store/stage.ts'
import { useStyleName } from '../store/styles.ts'
import { IconButton } from '../ui/parts.tsx'
import { Sheet } from '../ui/Sheet.tsx'

/** Least height of a row, pixels; measured once it is there. */
const ROW = 60

export function QueueSheet() {
  const t = useMessages()
  const queue = useQueue()
  const { jobs, paused } = queue
  const over = jobs.some(job => !isOpen(job))
  return (
    <Sheet title={t.queue} place="side" onClose={() => useScreen.getState().open(null)}>
      <div className="sheet-tools">
        <button type="button" className="plain" onClick={() => setPaused(!paused)}>
          {paused ? <Play size={16} aria-hidden /> : <Pause size={16} aria-hidden />}
          {paused ? t.resume : t.pause}
        </button>
        {over && (
          <button type="button" className="plain" onClick={() => void clearFinished()}>
            <ListX size={16} aria-hidden />
            {t.output.clearFinished}
          </button>
        )}
      </div>
      {jobs.length === 0 && <p className="sheet-empty">{t.queueEmpty}</p>}
      <Jobs jobs={jobs} />
      {hasOlder(queue) && (
        <div className="sheet-tools">
          <button type="button" className="plain" onClick={() => void showOlder()}>
            <History size={16} aria-hidden />
            {t.olderJobs}
          </button>
        </div>
      )}
    </Sheet>
  )
}

/** Thousands of jobs may wait; only those that are seen are in the page. */
function Jobs({ jobs }: { jobs: readonly Job[] }) {
  const list = useRef<HTMLOListElement>(null)
  const rows = useVirtualizer({
    count: jobs.length,
    getScrollElement: () => list.current?.closest('dialog') ?? null,
    getItemKey: at => jobs[at]?.id ?? at,
    estimateSize: () => ROW,
    overscan: 8,
    scrollMargin: list.current?.offsetTop ?? 0,
  })
  return (
    <ol className="jobs" ref={list} style={{ height: rows.getTotalSize() }}>
      {rows.getVirtualItems().map(({ index, key, start }) => {
        const job = jobs[index]
        if (!job) return null
        return (
          <li
            key={key}
            ref={rows.measureElement}
            data-index={index}
            className="job"
            data-state={job.state}
            aria-posinset={index + 1}
            aria-setsize={jobs.length}
            style={{ transform: `translateY(${start - rows.options.scrollMargin}px)` }}
          >
            <JobRow job={job} />
          </li>
        )
      })}
    </ol>
  )
}

const ICONS = { waiting: Clock, running: Loader, done: Check, failed: CircleAlert, cancelled: CircleSlash } as const

function JobRow({ job }: { job: Job }) {
  const t = useMessages()
  const language = useLanguage()
  const { id, state, title, error, pictures, set, styles, count, thumbnailUrl } = job
  const style = useStyleName(styles[0] ?? '')
  const { done, total, secondsLeft } = job.progress
  const Icon = state === 'done' && set?.failed ? CircleAlert : ICONS[state]
  const last = pictures.at(-1)
  const shown = useSets(sets => sets.shown === id)
  const styleWords = styles.length > 1 ? `${style} +${styles.length - 1}` : style
  const words = [
    t.states[state],
    set ? total > 0 && t.sets.done(set.done, total) : state === 'running' && total > 0 && `${done}/${total}`,
    set && set.failed > 0 && t.sets.failed(set.failed),
    state === 'running' && secondsLeft !== null ? t.left(secondsText(secondsLeft, language)) : null,
  ]
  return (
    <>
      <span className="job-picture">
        {thumbnailUrl ? <img src={thumbnailUrl} alt="" loading="lazy" /> : null}
        <Icon size={16} strokeWidth={1.75} aria-hidden />
      </span>
      <div className="job-words">
        <strong>{title}</strong>
        <span>{words.filter(Boolean).join(', ')}</span>
        <span>{[styleWords, count > 0 && t.pictures(count)].filter(Boolean).join(', ')}</span>
        {error && <span>{sentences(error, language)}</span>}
      </div>
      {state === 'waiting' && (
        <>
          <IconButton icon={ArrowUp} label={`${title}: ${t.up}`} onClick={() => moveJob(id, -1)} />
          <IconButton icon={ArrowDown} label={`${title}: ${t.down}`} onClick={() => moveJob(id, 1)} />
        </>
      )}
      {last && (
        <button
          type="button"
          className="plain small"
          onClick={() => {
            useStage.getState().show(last)
            useScreen.getState().open(null)
          }}
        >
          {t.show}
        </button>
      )}
      {set && (
        <button
          type="button"
          className="icon-button"
          aria-expanded={shown}
          aria-label={`${title}: ${t.sets.showPictures}`}
          title={t.sets.showPictures}
          onClick={() => useSets.setState({ shown: shown ? null : id })}
        >
          {shown ? <ChevronUp size={16} aria-hidden /> : <ChevronDown size={16} aria-hidden />}
        </button>
      )}
      {(state === 'failed' || state === 'cancelled') &&
        (set ? (
          <IconButton icon={Play} label={`${title}: ${t.resume}`} onClick={() => resumeSet(id, 'all')} />
        ) : (
          <IconButton
            icon={RotateCw}
            label={`${title}: ${t.retry}`}
            onClick={() => api.queue.retry({ id }).catch(notifyError)}
          />
        ))}
      {isOpen(job) ? (
        <IconButton icon={X} label={`${title}: ${t.cancel}`} onClick={() => void cancelJob(job)} />
      ) : (
        <IconButton
          icon={X}
          label={`${title}: ${t.remove}`}
          onClick={() => api.queue.remove({ id }).catch(notifyError)}
        />
      )}
      {set && shown && <SetDetails job={job} />}
      {state === 'running' && total > 0 && (
        <span className="job-line" style={{ transform: `scaleX(${done / total})` }} aria-hidden="true" />
      )}
    </>
  )
}
