import { Download } from 'lucide-react'
import { useEffect } from 'react'
import { sentences, useLanguage, useMessages } from '../i18n/index.ts'
import { changeExport, type ExportKind, startExport, stopExport, useExport } from '../store/export.ts'
import { useScreen } from '../store/screen.ts'
import { Check, Field } from '../ui/parts.tsx'
import { Sheet } from '../ui/Sheet.tsx'
import { CardFields } from './CardFields.tsx'

const FORMATS = { png: 'PNG', jpeg: 'JPEG', webp: 'WebP', avif: 'AVIF', tiff: 'TIFF' } as const
const KINDS = ['pictures', 'sheet', 'deck', 'cards', 'psd', 'svg'] as const satisfies readonly ExportKind[]

/** What the selected pictures leave the studio as. */
export function ExportSheet() {
  const t = useMessages().output
  const language = useLanguage()
  const { ids, draft, making, problem } = useExport()
  const { kind } = draft
  useEffect(() => () => void stopExport(), [])
  return (
    <Sheet title={t.exportOf(ids.length)} place="middle" onClose={() => useScreen.getState().open(null)}>
      <form
        className="export"
        onSubmit={event => {
          event.preventDefault()
          void startExport()
        }}
      >
        <Field label={t.what}>
          <select
            aria-label={t.what}
            value={kind}
            onChange={event => changeExport({ kind: event.target.value as ExportKind })}
          >
            {KINDS.map(each => (
              <option key={each} value={each}>
                {t.kinds[each]}
              </option>
            ))}
          </select>
        </Field>
        <p className="hint">{t.kindTips[kind]}</p>
        {kind === 'pictures' && <PictureOptions />}
        {(kind === 'pictures' || kind === 'psd' || kind === 'svg') && (
          <Field label={t.names}>
            <input
              aria-label={t.names}
              spellCheck={false}
              required
              maxLength={300}
              value={draft.names}
              onChange={event => changeExport({ names: event.target.value })}
            />
          </Field>
        )}
        {(kind === 'sheet' || kind === 'deck' || kind === 'cards') && (
          <Field label={t.title}>
            <input
              aria-label={t.title}
              required
              maxLength={120}
              value={draft.title}
              onChange={event => changeExport({ title: event.target.value })}
            />
          </Field>
        )}
        {kind === 'sheet' && (
          <Field label={t.pageFormat}>
            <select
              aria-label={t.pageFormat}
              value={draft.pages}
              onChange={event => changeExport({ pages: event.target.value as 'pdf' | 'png' })}
            >
              <option value="pdf">PDF</option>
              <option value="png">PNG</option>
            </select>
          </Field>
        )}
        {(kind === 'deck' || kind === 'cards') && (
          <Check label={t.mapsOnBack} checked={draft.maps} onChange={maps => changeExport({ maps })} />
        )}
        {kind === 'cards' && <CardFields />}
        {problem && (
          <p className="problem" role="alert">
            {sentences(problem, language)}
          </p>
        )}
        <button type="submit" className="primary" disabled={making || ids.length === 0}>
          <Download size={16} strokeWidth={1.75} aria-hidden />
          {making ? t.making : t.start}
        </button>
      </form>
    </Sheet>
  )
}

function PictureOptions() {
  const t = useMessages().output
  const { format, transparent, strip } = useExport(state => state.draft)
  return (
    <>
      <Field label={t.format}>
        <select
          aria-label={t.format}
          value={format}
          onChange={event => changeExport({ format: event.target.value as keyof typeof FORMATS })}
        >
          {Object.entries(FORMATS).map(([id, name]) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </Field>
      <Field label={t.transparent}>
        <select
          aria-label={t.transparent}
          value={format === 'jpeg' ? 'none' : transparent}
          disabled={format === 'jpeg'}
          onChange={event => changeExport({ transparent: event.target.value as typeof transparent })}
        >
          {(['none', 'word', 'glow'] as const).map(id => (
            <option key={id} value={id}>
              {t.transparencies[id]}
            </option>
          ))}
        </select>
      </Field>
      <p className="hint">{t.glowTip}</p>
      <Check label={t.strip} checked={strip} onChange={on => changeExport({ strip: on })} />
    </>
  )
}
