import { FileBox, FolderOpen, Trash2 } from 'lucide-react'
import { useId, useState } from 'react'
import { api } from '../api.ts'
import { desktop } from '../desktop.ts'
import { useMessages } from '../i18n/index.ts'
import { refreshModels, useFacts } from '../store/facts.ts'
import { forgetFailure, notifyError } from '../store/notices.ts'
import { plainPath } from '../store/paths.ts'
import { useScreen } from '../store/screen.ts'
import { useSettings } from '../store/settings.ts'
import { commitBy } from '../ui/commit.ts'
import { IconButton } from '../ui/parts.tsx'

/** The list of models, a field to add one's own, and the control network. */
export function Models() {
  const t = useMessages()
  const { settings, change } = useSettings()
  const info = useFacts(state => state.info)
  const remove = (id: string) => api.models.remove({ id }).then(refreshModels).catch(notifyError)
  return (
    <>
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
        {info?.provider === 'cpu' && <p className="hint">{t.noGpu}</p>}
        <button type="button" className="link" onClick={() => useScreen.getState().open('models')}>
          {t.modelsScreen.open}
        </button>
        <p className="hint">{t.getSdxlHere}</p>
        <AddModel />
      </fieldset>
      <Controlnet />
    </>
  )
}

/** Adds a model by its path; the host opens it to check that it is one. */
function AddModel() {
  const t = useMessages()
  const [path, setPath] = useState('')
  const [busy, setBusy] = useState(false)
  const add = async (path: string) => {
    setBusy(true)
    const modelNow = () => useSettings.getState().settings.model
    const modelBefore = modelNow()
    try {
      const { id } = await api.models.add({ path: plainPath(path) })
      await refreshModels()
      forgetFailure()
      // A model that was chosen meanwhile stays chosen, and a path that was typed meanwhile stays in the field.
      if (modelNow() === modelBefore) useSettings.getState().change({ model: id })
      setPath(now => (now === path ? '' : now))
    } catch (error) {
      setPath(now => now || path)
      notifyError(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <form
      className="add-model"
      onSubmit={event => {
        event.preventDefault()
        if (path.trim()) void add(path)
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
      <Choosers of={t.model} disabled={busy} onChoose={add} />
    </form>
  )
}

function Controlnet() {
  const t = useMessages()
  const id = useId()
  const { settings, change } = useSettings()
  /** What is typed, until it is taken over. */
  const [text, setText] = useState<string | null>(null)
  // The host opens it to check that it is one: with a wrong path the next picture would fail.
  const choose = async (chosen: string) => {
    const path = plainPath(chosen)
    if (path === (settings.controlnet ?? '')) return setText(null)
    setText(chosen)
    try {
      const added = path ? await api.models.add({ path, as: 'controlnet' }) : null
      forgetFailure()
      setText(null)
      // As the host has found it: "~" means nothing where pictures are made.
      await change({ controlnet: added?.path ?? null })
    } catch (error) {
      notifyError(error)
    }
  }
  return (
    <div className="row">
      <label className="row-label" htmlFor={id}>
        {t.controlnet}
      </label>
      <div className="add-model">
        <input
          id={id}
          value={text ?? settings.controlnet ?? ''}
          placeholder={t.controlnetAuto}
          spellCheck={false}
          onChange={event => setText(event.target.value)}
          {...commitBy(text => void choose(text))}
        />
        <Choosers of={t.controlnet} disabled={false} onChoose={path => void choose(path)} />
      </div>
    </div>
  )
}

interface ChoosersProps {
  /** Names what is being chosen, for the buttons' labels. */
  of: string
  disabled: boolean
  onChoose(path: string): void
}

/** Buttons for the system's dialogs, on the desktop only: a browser tells a page no paths. */
function Choosers({ of, disabled, onChoose }: ChoosersProps) {
  const t = useMessages()
  if (!desktop) return null
  const { chooseModel } = desktop
  const choose = (kind: 'folder' | 'file') =>
    chooseModel(kind)
      .then(path => path !== null && onChoose(path))
      .catch(notifyError)
  return (
    <div className="choosers">
      <button
        type="button"
        className="plain"
        disabled={disabled}
        aria-label={`${of}: ${t.chooseFolder}`}
        onClick={() => void choose('folder')}
      >
        <FolderOpen size={16} strokeWidth={1.75} aria-hidden />
        {t.chooseFolder}
      </button>
      <button
        type="button"
        className="plain"
        disabled={disabled}
        aria-label={`${of}: ${t.chooseCheckpoint}`}
        onClick={() => void choose('file')}
      >
        <FileBox size={16} strokeWidth={1.75} aria-hidden />
        {t.chooseCheckpoint}
      </button>
    </div>
  )
}
