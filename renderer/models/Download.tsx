import { Download as DownloadIcon, Pause, Play, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { DownloadView } from '../../core/host/api/models.ts'
import { api } from '../api.ts'
import { sentences, useLanguage, useMessages } from '../i18n/index.ts'
import { useModels } from '../store/models.ts'
import { notifyError } from '../store/notices.ts'
import { IconButton } from '../ui/parts.tsx'
import { bytesText, secondsText } from './sizes.ts'

/** Something that can be downloaded: what it is, how large, under which licence, and how far it is. */
export function Download({ download, isStarter = false }: { download: DownloadView; isStarter?: boolean }) {
  const t = useMessages().modelsScreen
  const language = useLanguage()
  const { id, name, state, error } = download
  const start = () => api.models.download({ id, paint: isStarter }).catch(notifyError)
  const isRunning = state === 'running'
  return (
    <article className="download" data-starter={isStarter} data-download={id}>
      <div className="download-head">
        <div>
          <strong>{name}</strong>
          <p>{t.purposes[id] ?? download.purpose}</p>
          <Size download={download} />
        </div>
        <div className="download-acts">
          {isRunning ? (
            <IconButton
              icon={Pause}
              label={`${name}: ${t.pause}`}
              onClick={() => void api.models.pause({ id }).catch(notifyError)}
            />
          ) : (
            <button
              type="button"
              className={isStarter ? 'primary' : 'plain'}
              aria-label={`${name}: ${state === 'begun' ? t.goOn : t.download}`}
              onClick={() => void start()}
            >
              {state === 'begun' ? <Play size={16} aria-hidden /> : <DownloadIcon size={16} aria-hidden />}
              {state === 'begun' ? t.goOn : isStarter ? t.downloadAndPaint : t.download}
            </button>
          )}
          {(isRunning || state === 'begun') && (
            <IconButton
              icon={Trash2}
              label={`${name}: ${t.cancel}`}
              onClick={() => void api.models.discard({ id }).catch(notifyError)}
            />
          )}
        </div>
      </div>
      {isRunning && <Progress download={download} />}
      {error && (
        <p className="problem" role="alert">
          {sentences(error, language)}
        </p>
      )}
      <Licences download={download} />
    </article>
  )
}

/** "9.6 GB, 214 GB free, about 4 min". */
function Size({ download }: { download: DownloadView }) {
  const t = useMessages().modelsScreen
  const language = useLanguage()
  const { list } = useModels()
  const { bytes, exact, onDisk, state } = download
  if (state === 'running') return null
  const size = bytes === 0 ? t.sizeUnknown : exact ? bytesText(bytes, language) : t.atLeast(bytesText(bytes, language))
  const words = [
    size,
    ...(state === 'begun' ? [t.arrived(bytesText(onDisk, language))] : []),
    ...(list?.freeBytes == null ? [] : [t.free(bytesText(list.freeBytes, language))]),
    ...(list?.speed && bytes > 0 ? [t.about(secondsText((bytes - onDisk) / list.speed, language))] : []),
  ]
  return <small>{words.join(' · ')}</small>
}

function Progress({ download: { name, bytes, progress } }: { download: DownloadView }) {
  const t = useMessages().modelsScreen
  const language = useLanguage()
  const size = progress?.size || bytes
  const received = progress?.received ?? 0
  const words = [
    ...(size > 0 ? [t.of(bytesText(received, language), bytesText(size, language))] : []),
    ...(size === 0 && received > 0 ? [bytesText(received, language)] : []),
    ...(progress?.state === 'waiting' ? [t.waiting] : []),
    ...(progress?.state === 'verifying' ? [t.verifying] : []),
    ...(progress?.speed != null && progress.state === 'downloading'
      ? [t.speed(bytesText(progress.speed, language))]
      : []),
    ...(progress?.secondsLeft != null ? [t.left(secondsText(progress.secondsLeft, language))] : []),
  ]
  return (
    <div className="download-progress">
      <progress aria-label={name} value={size > 0 ? received / size : 0} max={1} />
      <small>{words.join(' · ')}</small>
    </div>
  )
}

function Licences({ download: { id, licences } }: { download: DownloadView }) {
  const t = useMessages().modelsScreen
  if (licences.length === 0) return null
  return (
    <details className="licences">
      <summary>
        {t.licence}: {[...new Set(licences.map(({ name }) => name))].join(', ')}
      </summary>
      {licences.map((licence, at) => (
        <Licence key={licence.of + licence.name} id={id} at={at} licence={licence} />
      ))}
    </details>
  )
}

/** The whole text where the studio has it; else where it is published. */
function Licence({ id, at, licence }: { id: string; at: number; licence: DownloadView['licences'][number] }) {
  const t = useMessages().modelsScreen
  const [text, setText] = useState<string | null>(null)
  const load = () =>
    api.models
      .licence({ id, at })
      .then(answer => setText(answer.text ?? t.licenceElsewhere))
      .catch(notifyError)
  return (
    <details onToggle={event => event.currentTarget.open && text === null && void load()}>
      <summary>
        {licence.of ? `${licence.of}: ` : ''}
        {licence.name}
      </summary>
      {licence.url && (
        <a href={licence.url} target="_blank" rel="noreferrer">
          {licence.url}
        </a>
      )}
      {text !== null && <pre>{text}</pre>}
    </details>
  )
}
