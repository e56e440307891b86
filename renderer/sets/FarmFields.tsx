import { useEffect, useState } from 'react'
import { sentences, useLanguage, useMessages } from '../i18n/index.ts'
import { joinFarm, useFarm, watchFarm } from '../store/farm.ts'
import { useSets } from '../store/sets.ts'
import { Check, Choice } from '../ui/parts.tsx'
import { FarmMachines } from './FarmMachines.tsx'

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
          <Farm />
        </>
      )}
    </div>
  )
}

function Farm() {
  const url = useFarm(state => state.url)
  useEffect(watchFarm, [])
  return url === null ? <Address /> : <FarmMachines forgettable />
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
