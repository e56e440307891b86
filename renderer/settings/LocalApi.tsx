import { useEffect, useId } from 'react'
import { desktop } from '../desktop.ts'
import { sentences, useLanguage, useMessages } from '../i18n/index.ts'
import { changeLocalApi, newToken, refreshLocalApi, USUAL_PORT, useLocalApi } from '../store/local-api.ts'
import { useSettings } from '../store/settings.ts'
import { CopyButton } from '../ui/CopyButton.tsx'
import { commitBy } from '../ui/commit.ts'

/** Lets other programs of this computer use the studio: a switch, their port, and the token that they have to show. */
export function LocalApi() {
  const t = useMessages()
  const localApi = useSettings(({ settings }) => settings.localApi)
  const state = useLocalApi(({ state }) => state)
  useEffect(() => void refreshLocalApi(), [])
  if (state === null || state.kind === 'none') return null
  return (
    <fieldset className="models local-api">
      <legend>{t.localApi.title}</legend>
      {state.kind === 'served' ? (
        <p className="hint">{t.localApi.served(state.origin)}</p>
      ) : (
        <>
          <label className="check">
            <input
              type="checkbox"
              checked={localApi !== null}
              onChange={event => void changeLocalApi(event.target.checked ? { port: USUAL_PORT } : null)}
            />
            {t.localApi.allow}
          </label>
          <p className="hint">{t.localApi.what}</p>
          {localApi && <Details {...localApi} />}
          <State />
        </>
      )}
    </fieldset>
  )
}

function Details({ port, token = null }: { port: number; token?: string | null | undefined }) {
  const t = useMessages()
  const id = useId()
  const choose = (text: string) => {
    const chosen = Number(text)
    if (Number.isInteger(chosen) && chosen >= 1 && chosen <= 65535 && chosen !== port)
      void changeLocalApi({ port: chosen, token })
  }
  return (
    <>
      <div className="row">
        <label className="row-label" htmlFor={id}>
          {t.localApi.port}
        </label>
        <input
          // Remounts the field where the host has refused a port and the old one is back.
          key={port}
          id={id}
          type="number"
          min={1}
          max={65535}
          defaultValue={port}
          {...commitBy(choose)}
        />
      </div>
      <label className="check">
        <input
          type="checkbox"
          checked={token !== null}
          onChange={event => void changeLocalApi({ port, token: event.target.checked ? newToken() : null })}
        />
        {t.localApi.askToken}
      </label>
      {token === null ? (
        <p className="hint">{t.localApi.noToken}</p>
      ) : (
        <div className="secret">
          <code>{token}</code>
          <CopyButton text={token} label={t.localApi.copyToken} />
        </div>
      )}
    </>
  )
}

function State() {
  const t = useMessages()
  const language = useLanguage()
  const state = useLocalApi(({ state }) => state)
  const open = useSettings(({ settings }) => !settings.localApi?.token)
  if (state?.kind === 'failed')
    return (
      <p className="problem" role="alert">
        {sentences(state.error, language)}
      </p>
    )
  if (state?.kind !== 'on') return null
  const docs = `${state.origin}/docs`
  return (
    <p className="hint" role="status">
      {t.localApi.on(state.origin)} {/* A window of the desktop opens nothing of another address. */}
      {!desktop && open ? (
        <a href={docs} target="_blank" rel="noreferrer">
          {t.localApi.docs}
        </a>
      ) : (
        `${t.localApi.docs}: ${docs}`
      )}
    </p>
  )
}
