import { Trash2 } from 'lucide-react'
import { useEffect } from 'react'
import type { ModelDetails } from '../../core/host/api/models.ts'
import type { KnownModel } from '../../core/machine/registry.ts'
import { api } from '../api.ts'
import { useLanguage, useMessages, words } from '../i18n/index.ts'
import { useCompose } from '../store/compose.ts'
import { refreshModels } from '../store/facts.ts'
import {
  embeddingWord,
  loadDetails,
  loadModels,
  loraWeight,
  setEmbedding,
  setLora,
  takeOver,
  useModels,
} from '../store/models.ts'
import { notifyError } from '../store/notices.ts'
import { useSettings } from '../store/settings.ts'
import { IconButton } from '../ui/parts.tsx'
import { Slider } from '../ui/Slider.tsx'
import { bytesText } from './sizes.ts'

/** Models and parts that are there: which one paints, which take part in the picture on the desk. */
export function KnownList() {
  const { known } = useModels()
  const order: KnownModel['kind'][] = ['model', 'controlnet', 'vae', 'lora', 'embedding']
  const sorted = known.toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind))
  return (
    <ul className="known">
      {sorted.map(model => (
        <Row key={model.id} model={model} />
      ))}
    </ul>
  )
}

function Row({ model }: { model: KnownModel }) {
  const t = useMessages()
  const m = t.modelsScreen
  const { id, name, path, kind, builtIn, present } = model
  const details = useModels(state => state.details[id])
  const download = useModels(state => state.list?.downloads.find(one => one.id === id))
  const remove = () =>
    api.models
      .remove({ id })
      .then(() => Promise.all([refreshModels(), loadModels()]))
      .catch(notifyError)
  return (
    <li data-model={id}>
      <div className="known-row">
        <Use model={model} />
        <div className="known-words">
          <strong>{name}</strong> <em>{m.kinds[kind]}</em>
          {!present && <em> {t.missing}</em>}
          <details onToggle={event => event.currentTarget.open && present && !details && void loadDetails(id)}>
            <summary>{path}</summary>
            {details && <Details details={details} />}
            {download && <p>{download.licences.map(({ name, of }) => (of ? `${of}: ${name}` : name)).join('; ')}</p>}
          </details>
          {kind === 'lora' && present && <LoraUse id={id} path={path} />}
          {kind === 'embedding' && present && <EmbeddingWord path={path} />}
          {kind === 'lora' && download?.suggested && (
            <button type="button" className="link" onClick={() => takeOver(download.suggested!, path)}>
              {m.takeOver(suggestedText(download.suggested))}
            </button>
          )}
        </div>
        {!builtIn && <IconButton icon={Trash2} label={`${name}: ${t.remove}`} onClick={() => void remove()} />}
      </div>
    </li>
  )
}

/** The way in which it takes part. */
function Use({ model: { id, name, path, kind, present } }: { model: KnownModel }) {
  const m = useMessages().modelsScreen
  const { settings, change } = useSettings()
  const request = useCompose(state => state.present.request)
  const { patch, clear } = useCompose.getState()
  if (kind === 'model')
    return (
      <input
        type="radio"
        name="painting-model"
        aria-label={m.paintWith(name)}
        disabled={!present}
        checked={settings.model === id || settings.model === path}
        onChange={() => change({ model: id })}
      />
    )
  const box = (checked: boolean, set: (on: boolean) => void) => (
    <input
      type="checkbox"
      aria-label={m.use(name)}
      disabled={!present}
      checked={checked}
      onChange={event => set(event.target.checked)}
    />
  )
  if (kind === 'controlnet') return box(settings.controlnet === path, on => change({ controlnet: on ? path : null }))
  if (kind === 'vae') return box(request.vae === path, on => (on ? patch({ vae: path }) : clear('vae')))
  if (kind === 'lora') return box(loraWeight(request.loras, path) !== null, on => setLora(path, on ? 0.8 : null))
  if (kind === 'embedding')
    return box(!!request.embeddings?.some(used => used.path === path), on =>
      setEmbedding(path, on ? embeddingWord(path) : null),
    )
  return <span />
}

/** While it takes part: how much, and the words that call what it was trained on. */
function LoraUse({ id, path }: { id: string; path: string }) {
  const m = useMessages().modelsScreen
  const weight = useCompose(state => loraWeight(state.present.request.loras, path))
  const words = useModels(state => state.details[id]?.triggerWords)
  const isUsed = weight !== null
  useEffect(() => {
    if (isUsed && !useModels.getState().details[id]) void loadDetails(id)
  }, [isUsed, id])
  if (weight === null) return null
  return (
    <>
      <Slider
        label={m.weight}
        value={weight}
        min={-1}
        max={2}
        step={0.05}
        standard={0.8}
        onCommit={value => setLora(path, value)}
      />
      {words && words.length > 0 && <p>{m.triggerWords(words.join(', '))}</p>}
    </>
  )
}

function EmbeddingWord({ path }: { path: string }) {
  const m = useMessages().modelsScreen
  const used = useCompose(state => state.present.request.embeddings?.find(one => one.path === path))
  return used ? <p>{m.embeddingWord(used.token ?? embeddingWord(path))}</p> : null
}

function Details({ details }: { details: ModelDetails }) {
  const m = useMessages().modelsScreen
  const language = useLanguage()
  const { bytes, parts, description, missing, leftOver, widening, advice, triggerWords } = details
  const lines = [
    [bytesText(bytes, language), ...(description ? [words(description, language)] : [])].join(' · '),
    ...parts.map(part => `${part.name}: ${bytesText(part.bytes, language)}`),
    ...(missing.length > 0 ? [m.lacks(missing.length, missing.slice(0, 3).join(', '))] : []),
    ...(leftOver > 0 ? [m.leftOver(leftOver)] : []),
    ...(widening > 0 ? [m.widening(bytesText(widening, language))] : []),
    ...(triggerWords.length > 0 ? [m.triggerWords(triggerWords.join(', '))] : []),
  ]
  return (
    <>
      {lines.map(line => (
        <p key={line}>{line}</p>
      ))}
      {advice && (
        <button type="button" className="link" onClick={() => takeOver(advice.suggested)}>
          {m.takeOver(`${advice.training}: ${suggestedText(advice.suggested)}`)}
        </button>
      )}
    </>
  )
}

/** "euler, 4, 1": sampler, steps and guidance. */
const suggestedText = ({ sampler, steps, guidanceScale }: NonNullable<ModelDetails['advice']>['suggested']): string =>
  [sampler, steps, guidanceScale].filter(value => value !== undefined).join(', ')
