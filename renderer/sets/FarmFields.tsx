import { LogOut, Pause, Play, X } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { WorkerState } from '../../core/farm/machines.ts'
import { sentences, useLanguage, useMessages, words } from '../i18n/index.ts'
import { joinFarm, leaveFarm, orderWorker, useFarm, watchFarm } from '../store/farm.ts'
import { useSets } from '../store/sets.ts'
import { Check, Choice, IconButton } from '../ui/parts.tsx'
import { useUnits } from './units.ts'

/** Whether the set is painted here or by the machines of a farm, and what those do. */
export function FarmFields() {
  const t = useMessages()
  const farm = useSets(({ draft }) => draft.farm)
  const { change } = useSets.getState()
  return (
    <div className="sets-farm">
      <Check label={t.farm.use} checked={farm !== ''} onChange={next => change({ farm: next ? 'look' : '' })} />
      {farm !== '' && (
        <>
          <Choice
            label={t.farm.same}
            value={farm}
            onChange={next => change({ farm: next })}
            options={(['look', 'exact'] as const).map(value => ({ value, label: t.farm.sames[value] }))}
          />
          <p className="hint">{t.farm.sameTips[farm]}</p>
          <Machines />
        </>
      )}
    </div>
  )
}

function Machines() {
  const t = useMessages()
  const language = useLanguage()
  const { duration } = useUnits()
  const { url, status, problem } = useFarm()
  useEffect(watchFarm, [])
  if (url === null) return <Address />
  return (
    <section className="farm" aria-label={t.farm.machines}>
      <header>
        <span title={url}>{url}</span>
        <IconButton icon={X} label={t.farm.leave} onClick={leaveFarm} />
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

function Address() {
  const t = useMessages()
  const language = useLanguage()
  const { problem, joining } = useFarm()
  const [url, setUrl] = useState('nats://')
  const [token, setToken] = useState('')
  return (
    <form
      className="farm-address"
      onSubmit={event => {
        event.preventDefault()
        void joinFarm(url.trim(), token.trim())
      }}
    >
      <label htmlFor="farm-url">{t.farm.address}</label>
      <input id="farm-url" spellCheck={false} value={url} onChange={event => setUrl(event.target.value)} />
      <label htmlFor="farm-token">{t.farm.token}</label>
      <input
        id="farm-token"
        type="password"
        autoComplete="off"
        value={token}
        onChange={event => setToken(event.target.value)}
      />
      {problem && <p className="problem">{sentences(problem, language)}</p>}
      <button type="submit" className="plain" disabled={joining || url.trim().length < 8}>
        {t.farm.join}
      </button>
      <p className="hint">{t.farm.how}</p>
    </form>
  )
}
