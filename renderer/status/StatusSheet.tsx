import { type ReactNode, useEffect, useState } from 'react'
import type { StudioStatus } from '../../core/host/api/studio.ts'
import { api } from '../api.ts'
import { useMessages } from '../i18n/index.ts'
import { useUnits } from '../sets/units.ts'
import { notifyError } from '../store/notices.ts'
import { useScreen } from '../store/screen.ts'
import { useStage } from '../store/stage.ts'
import { Facts } from '../ui/parts.tsx'
import { Sheet } from '../ui/Sheet.tsx'
import { MemoryCurve } from './MemoryCurve.tsx'

/** How often it is asked anew while it is open. */
const EVERY_MS = 3000

/** The studio at work: what the first description of the product calls the AI status dashboard. */
export function StatusSheet() {
  const t = useMessages()
  const status = useStatus()
  return (
    <Sheet title={t.status.title} place="side" onClose={() => useScreen.getState().open(null)}>
      {status ? (
        <div className="status">
          <Summary {...status} />
          <Models {...status} />
          <Durations {...status} />
          <Recent {...status} />
          <Memory {...status} />
        </div>
      ) : (
        <p className="hint status">{t.machine.asking}</p>
      )}
    </Sheet>
  )
}

function useStatus(): StudioStatus | null {
  const [status, setStatus] = useState<StudioStatus | null>(null)
  useEffect(() => {
    const stop = new AbortController()
    // What fails every time is told once, until it works again.
    let isTold = false
    const ask = () =>
      api.studio.status(undefined, { signal: stop.signal }).then(
        status => {
          isTold = false
          setStatus(status)
        },
        error => {
          if (stop.signal.aborted || isTold) return
          isTold = true
          notifyError(error)
        },
      )
    void ask()
    const timer = setInterval(ask, EVERY_MS)
    return () => {
      clearInterval(timer)
      stop.abort()
    }
  }, [])
  return status
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <h3>{title}</h3>
      {children}
    </section>
  )
}

function Summary({ provider, queue, generations, failures, disk }: StudioStatus) {
  const t = useMessages()
  const { size } = useUnits()
  const facts: [string, string][] = [
    [t.queue, t.status.queue(queue.running, queue.waiting, queue.paused)],
    [t.status.sinceStart, t.status.made(generations, failures)],
    [t.status.computedBy, provider === 'cpu' ? t.status.processor : provider],
    [t.status.disk, disk ? t.sets.free(size(disk.free)) : t.status.unknown],
  ]
  return <Facts className="status-facts" facts={facts} />
}

function Models({ models }: StudioStatus) {
  const t = useMessages()
  return (
    <Part title={t.status.models}>
      <ul>
        {models.map(({ id, name, present, inMemory, isDefault }) => (
          <li key={id}>
            <strong>{name}</strong>
            <span>
              {[isDefault && t.status.chosen, present ? inMemory && t.status.inMemory : t.missing]
                .filter(Boolean)
                .join(', ')}
            </span>
          </li>
        ))}
      </ul>
    </Part>
  )
}

function Durations({ durations }: StudioStatus) {
  const t = useMessages()
  const { seconds } = useUnits()
  if (durations.length === 0) return null
  return (
    <Part title={t.status.times}>
      <table>
        <thead>
          <tr>
            {[t.model, t.status.size, t.status.count, t.status.mean, t.status.p95].map(head => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {durations.map(({ model, size, count, meanMs, p95Ms }) => (
            <tr key={`${model} ${size}`}>
              <td>{model.split(/[/\\]/).at(-1)}</td>
              <td>{size.replace('x', ' × ')}</td>
              <td>{count}</td>
              <td>{seconds(meanMs)}</td>
              <td>{seconds(p95Ms)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Part>
  )
}

function Recent({ recent }: StudioStatus) {
  const t = useMessages()
  const { seconds } = useUnits()
  if (recent.length === 0) return null
  const show = (id: string) => {
    useStage.getState().show(id)
    useScreen.getState().open(null)
  }
  return (
    <Part title={t.status.recent}>
      <ol className="status-recent">
        {recent.map(({ id, word, style, timings }) => (
          <li key={id}>
            <button type="button" className="status-picture" onClick={() => show(id)}>
              <img src={`/thumbnails/${id}.webp`} alt="" width="40" height="40" />
              <span>
                <strong>{word ?? style}</strong>
                <small>
                  {Object.entries(timings)
                    .map(([stage, ms]) => `${t.status.stages[stage as Stage] ?? stage} ${seconds(ms)}`)
                    .join(', ')}
                </small>
              </span>
            </button>
          </li>
        ))}
      </ol>
    </Part>
  )
}

type Stage = keyof ReturnType<typeof useMessages>['status']['stages']

function Memory({ memory, memoryCurve }: StudioStatus) {
  const t = useMessages()
  const { size } = useUnits()
  const inference = memory.inference === null ? t.status.unknown : size(memory.inference)
  return (
    <Part title={t.status.memory}>
      <p className="hint">{t.status.memoryNow(size(memory.host), inference)}</p>
      <MemoryCurve samples={memoryCurve} />
    </Part>
  )
}
