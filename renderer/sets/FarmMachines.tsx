import { LogOut, Pause, Play, X } from 'lucide-react'
import type { WorkerState } from '../../core/farm/machines.ts'
import { sentences, useLanguage, useMessages, words } from '../i18n/index.ts'
import { leaveFarm, orderWorker, useFarm } from '../store/farm.ts'
import { IconButton } from '../ui/parts.tsx'
import { useUnits } from './units.ts'

/**
 * The farm's machines with what each does, how fast they are together, and what stands in their way.
 * @param forgettable the farm can be left: not while a set is on it
 */
export function FarmMachines({ forgettable = false }: { forgettable?: boolean }) {
  const t = useMessages()
  const language = useLanguage()
  const { duration } = useUnits()
  const { url, status, problem } = useFarm()
  if (url === null) return null
  return (
    <section className="farm" aria-label={t.farm.machines}>
      <header>
        <span title={url}>{url}</span>
        {forgettable && <IconButton icon={X} label={t.farm.leave} onClick={leaveFarm} />}
      </header>
      {problem && <p className="problem">{sentences(problem, language)}</p>}
      {status && (
        <>
          <p className="hint" aria-live="polite">
            {[
              t.farm.count(status.workers.length),
              status.picturesAnHour !== null && t.farm.hourly(Math.round(status.picturesAnHour)),
              status.timeLeft !== null && t.farm.left(duration(status.timeLeft)),
            ]
              .filter(Boolean)
              .join(' · ')}
          </p>
          <ul>
            {status.workers.map(worker => (
              <Machine key={worker.id} worker={worker} />
            ))}
          </ul>
          {status.sets.flatMap(({ set, notes, failures }) => [
            ...notes.map(note => (
              <p className="hint" key={`${set} ${note.message}`}>
                {sentences(note, language)}
              </p>
            )),
            ...failures.slice(-5).map(({ word, ...failure }, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the same word may fail for the same reason more than once
              <p className="problem" key={`${set} ${at}`}>
                {word}: {words(failure, language)}
              </p>
            )),
          ])}
        </>
      )}
    </section>
  )
}

function Machine({ worker }: { worker: WorkerState }) {
  const t = useMessages()
  const language = useLanguage()
  const { id, name, state, doing, done, failed, rate, problems, made } = worker
  const paused = state === 'paused'
  return (
    <li>
      <span className="farm-machine">
        <strong>{name}</strong> {t.farm.states[state]}
      </span>
      <span className="farm-orders">
        <IconButton
          icon={paused ? Play : Pause}
          label={`${name}: ${paused ? t.farm.resume : t.farm.pause}`}
          onClick={() => orderWorker(id, paused ? 'run' : 'pause')}
        />
        <IconButton icon={LogOut} label={`${name}: ${t.farm.drain}`} onClick={() => orderWorker(id, 'drain')} />
      </span>
      <small className="hint">{`${made.device}, ${made.provider}`}</small>
      <small>
        {t.farm.painted(done, failed)}
        {rate !== null && ` · ${t.farm.hourly(Math.round(rate))}`}
        {doing.map(({ word, step, steps }, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a machine may paint the same word twice at once
          <span key={at}>{` · ${word} ${step}/${steps}`}</span>
        ))}
      </small>
      {problems.map(problem => (
        <small className="problem" key={problem.message}>
          {sentences(problem, language)}
        </small>
      ))}
    </li>
  )
}
