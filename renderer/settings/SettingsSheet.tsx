import { Trash2 } from 'lucide-react'
import { useState } from 'react'
import { api } from '../api.ts'
import { LANGUAGES, type Language, useMessages } from '../i18n/index.ts'
import { refreshModels, useFacts } from '../store/facts.ts'
import { tell } from '../store/notices.ts'
import { useScreen } from '../store/screen.ts'
import { useSettings } from '../store/settings.ts'
import { Choice, Field, IconButton } from '../ui/parts.tsx'
import { Sheet } from '../ui/Sheet.tsx'

export function SettingsSheet() {
  const t = useMessages()
  const { settings, change } = useSettings()
  const info = useFacts(state => state.info)
  return (
    <Sheet title={t.settings} place="side" onClose={() => useScreen.getState().open(null)}>
      <div className="settings">
        <div className="row">
          <span className="row-label">{t.language}</span>
          <Choice
            label={t.language}
            value={settings.language}
            onChange={language => change({ language })}
            options={Object.entries(LANGUAGES).map(([value, { name }]) => ({ value: value as Language, label: name }))}
          />
        </div>
        <div className="row">
          <span className="row-label">{t.theme}</span>
          <Choice
            label={t.theme}
            value={settings.theme}
            onChange={theme => change({ theme })}
            options={(['light', 'dark', 'system'] as const).map(value => ({ value, label: t.themes[value] }))}
          />
        </div>
        <Models />
        <AddModel />
        {info && (
          <dl className="about">
            <dt>{t.dataFolder}</dt>
            <dd>{info.dataFolder}</dd>
            <dt>{t.version}</dt>
            <dd>{info.version}</dd>
          </dl>
        )}
      </div>
    </Sheet>
  )
}

function Models() {
  const t = useMessages()
  const { settings, change } = useSettings()
  const info = useFacts(state => state.info)
  const remove = (id: string) => api.models.remove({ id }).then(refreshModels).catch(tell)
  return (
    <fieldset className="models">
      <legend>{t.model}</legend>
      {info?.models.map(({ id, name, path, builtIn, present }) => (
        <div className="model" key={id}>
          <label>
            <input
              type="radio"
              name="model"
              checked={settings.model === id || settings.model === path}
              onChange={() => change({ model: id })}
            />
            <span>
              <strong>{name}</strong>
              {!present && <em> {t.missing}</em>}
              <small>{path}</small>
            </span>
          </label>
          {!builtIn && <IconButton icon={Trash2} label={`${name}: ${t.remove}`} onClick={() => void remove(id)} />}
        </div>
      ))}
      <p className="hint">{info?.sdxlHint}</p>
      <Field label={t.controlnet}>
        <input
          defaultValue={settings.controlnet ?? ''}
          placeholder={t.controlnetAuto}
          spellCheck={false}
          onBlur={event => change({ controlnet: event.target.value.trim() || null })}
        />
      </Field>
    </fieldset>
  )
}

/** A model of one's own, by its path; the host opens it, which proves that it is one. */
function AddModel() {
  const t = useMessages()
  const [path, setPath] = useState('')
  const [busy, setBusy] = useState(false)
  const add = async () => {
    setBusy(true)
    try {
      const { id } = await api.models.add({ path: path.trim() })
      await refreshModels()
      useSettings.getState().change({ model: id })
      setPath('')
    } catch (error) {
      tell(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <form
      className="add-model"
      onSubmit={event => {
        event.preventDefault()
        if (path.trim()) void add()
      }}
    >
      <input
        aria-label={t.modelPath}
        placeholder={t.modelPath}
        value={path}
        spellCheck={false}
        onChange={event => setPath(event.target.value)}
      />
      <button type="submit" className="plain" disabled={busy || !path.trim()}>
        {t.add}
      </button>
    </form>
  )
}
