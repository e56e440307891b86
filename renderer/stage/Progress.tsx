import { Clipboard, Play, RotateCw, X } from 'lucide-react'
import type { ErrorReport } from '../../core/faults/studio-error.ts'
import { api } from '../api.ts'
import { sentence, useLanguage, useMessages } from '../i18n/index.ts'
import { secondsText } from '../models/sizes.ts'
import { notifyError } from '../store/notices.ts'
import { cancelCurrent, isOpen, setPaused, useQueue } from '../store/queue.ts'
import { useStage } from '../store/stage.ts'
import { IconButton } from '../ui/parts.tsx'

/** The running job's progress as a thin line and in words, or the error of the last job. */
export function Progress() {
  const t = useMessages()
  const job = useQueue(({ jobs }) => jobs.find(isOpen) ?? jobs[0])
  const paused = useQueue(state => state.paused)
  const language = useLanguage()
  const preview = useStage(state => state.preview)
  if (!job || job.state === 'done' || job.state === 'cancelled') return <div className="progress" />
  if (job.state === 'waiting' && paused) return <Paused />
  if (job.state === 'failed') return <Failed id={job.id} error={job.error} />
  const mine = preview?.jobId === job.id ? preview : null
  const { done, total, secondsLeft } = job.progress
  const share = total > 0 ? done / total : 0
  const ofSet = job.kind === 'set'
  const step = mine ? t.step(mine.step, mine.steps) : !ofSet && done > 0 ? t.step(done, total) : null
  const words = [
    job.state === 'waiting'
      ? t.waiting
      : ofSet && total > 0
        ? `${job.title}: ${t.sets.done(done, total)}`
        : (step ?? t.preparing),
    ofSet && step,
    mine && mine.images > 1 ? t.imageOf(mine.image + 1, mine.images) : null,
    secondsLeft === null ? null : t.left(secondsText(secondsLeft, language)),
  ]
  return (
    <div className="progress" data-busy={total === 0 || done === 0}>
      <div
        className="progress-line"
        role="progressbar"
        aria-label={job.title}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(share * 100)}
      >
        <span data-slow={mine?.fades} style={{ transform: `scaleX(${share})` }} />
      </div>
      <p role="status">{words.filter(Boolean).join(', ')}</p>
      <IconButton icon={X} label={t.cancel} act="cancel" onClick={cancelCurrent} />
    </div>
  )
}

/** Nothing is painted until the user goes on, wherever the queue was paused. */
function Paused() {
  const t = useMessages()
  return (
    <div className="progress">
      <p role="status">{t.queuePaused}</p>
      <button type="button" className="plain" onClick={() => setPaused(false)}>
        <Play size={16} aria-hidden />
        {t.resume}
      </button>
      <IconButton icon={X} label={t.cancel} act="cancel" onClick={cancelCurrent} />
    </div>
  )
}

function Failed({ id, error }: { id: string; error: ErrorReport | null }) {
  const t = useMessages()
  const language = useLanguage()
  const words = error && sentence(error, language)
  const details = error && words ? `${error.code}: ${words.message} ${words.hint}` : t.failed
  return (
    <div className="progress failed" role="alert">
      <p>
        <strong>{words?.message ?? t.failed}</strong> {words?.hint}
      </p>
      <IconButton icon={RotateCw} label={t.retry} onClick={() => api.queue.retry({ id }).catch(notifyError)} />
      <IconButton icon={Clipboard} label={t.copyDetails} onClick={() => void navigator.clipboard.writeText(details)} />
      <IconButton icon={X} label={t.dismiss} onClick={() => api.queue.remove({ id }).catch(notifyError)} />
    </div>
  )
}
