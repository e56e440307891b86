import { Search } from 'lucide-react'
import { useState } from 'react'
import type { FoundModel } from '../../core/machine/scan.ts'
import { api } from '../api.ts'
import { useLanguage, useMessages } from '../i18n/index.ts'
import { refreshModels } from '../store/facts.ts'
import { loadModels, useModels } from '../store/models.ts'
import { notifyError } from '../store/notices.ts'
import { bytesText } from './sizes.ts'

/** Models of other programs: looked for when one wishes, used where they are. */
export function Scan() {
  const t = useMessages().modelsScreen
  const language = useLanguage()
  const known = useModels(state => state.known)
  const [found, setFound] = useState<FoundModel[] | null>(null)
  const [busy, setBusy] = useState(false)
  const scan = async () => {
    setBusy(true)
    try {
      setFound((await api.models.scan()).found)
    } catch (error) {
      notifyError(error)
    } finally {
      setBusy(false)
    }
  }
  const use = ({ path, kind }: FoundModel) =>
    api.models
      .add({ path, ...(kind === 'controlnet' || kind === 'vae' ? { as: kind } : {}) })
      .then(() => Promise.all([refreshModels(), loadModels()]))
      .catch(notifyError)
  return (
    <div className="scan">
      <p className="hint">{t.scanHint}</p>
      <button type="button" className="plain" disabled={busy} onClick={() => void scan()}>
        <Search size={16} aria-hidden />
        {t.scan}
      </button>
      <div role="status">{found?.length === 0 && t.nothingFound}</div>
      <ul className="known">
        {found?.map(one => (
          <li className="known-row" key={one.path}>
            <div className="known-words">
              <strong>{one.name}</strong> <em>{t.kinds[one.kind]}</em>
              <small>
                {one.program} · {bytesText(one.bytes, language)} · {one.path}
              </small>
            </div>
            {known.some(({ path }) => path === one.path) ? (
              <span className="hint">{t.known}</span>
            ) : (
              <button type="button" className="plain" aria-label={t.use(one.name)} onClick={() => void use(one)}>
                {t.useIt}
              </button>
            )}
          </li>
        ))}
      </ul>
    </div>
  )
}
