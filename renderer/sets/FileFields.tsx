import { useLayoutEffect, useRef } from 'react'
import type { MapName } from '../../core/contract/vocabulary.ts'
import type { Format } from '../../core/image/encode.ts'
import type { TemplateField } from '../../core/sets/template.ts'
import { useLanguage, useMessages, words } from '../i18n/index.ts'
import { MAP_ORDER } from '../lists.ts'
import { useSets } from '../store/sets.ts'
import { Check, Section } from '../ui/parts.tsx'
import { bare, isOf } from './problem.ts'

const FORMATS = { png: 'PNG', webp: 'WebP', jpeg: 'JPEG', avif: 'AVIF', tiff: 'TIFF' } as const satisfies Record<
  Format,
  string
>

/** In the order of use; core/sets/template.ts fills them in. */
const FIELDS = [
  ...(['index', 'word', 'pinyin', 'translation', 'style', 'seed', 'size', 'map', 'variant', 'x', 'y'] as const),
  ...(['width', 'height', 'model', 'sampler', 'steps', 'guidance', 'set'] as const),
] satisfies readonly TemplateField[]

/** Which files each picture gets, and how they are named. */
export function FileFields() {
  const t = useMessages()
  const { formats, maps, transparent, strip } = useSets(({ draft }) => draft)
  const { change } = useSets.getState()
  const toggleFormat = (format: Format, on: boolean) => {
    const next = on ? [...formats, format] : formats.filter(other => other !== format)
    // At least one picture format stays.
    if (next.length > 0) change({ formats: next })
  }
  const toggleMap = (map: MapName, on: boolean) =>
    change({ maps: on ? [...maps, map] : maps.filter(other => other !== map) })
  return (
    <Section title={t.sets.files}>
      <fieldset className="field" aria-label={t.sets.formats}>
        <span className="field-label">{t.sets.formats}</span>
        <span className="checks">
          {(Object.keys(FORMATS) as Format[]).map(format => (
            <Check
              key={format}
              label={FORMATS[format]}
              checked={formats.includes(format)}
              onChange={on => toggleFormat(format, on)}
            />
          ))}
        </span>
      </fieldset>
      <fieldset className="field" aria-label={t.sets.mapsAlong}>
        <span className="field-label">{t.sets.mapsAlong}</span>
        <span className="checks">
          {MAP_ORDER.map(map => (
            <Check key={map} label={t.map[map]} checked={maps.includes(map)} onChange={on => toggleMap(map, on)} />
          ))}
        </span>
      </fieldset>
      <div className="field">
        <span className="field-label" />
        <span className="checks">
          <Check label={t.sets.transparent} checked={transparent} onChange={on => change({ transparent: on })} />
          <Check label={t.sets.strip} checked={strip} onChange={on => change({ strip: on })} />
        </span>
      </div>
      <NameTemplate />
    </Section>
  )
}

/** The file name template with its first result; a field's button inserts it at the caret. */
function NameTemplate() {
  const t = useMessages()
  const language = useLanguage()
  const template = useSets(({ draft }) => draft.files)
  const example = useSets(({ planned }) => planned?.names)
  const problem = useSets(state => (isOf(state.problem, 'files') ? state.problem : null))
  const input = useRef<HTMLInputElement>(null)
  const caret = useRef<number | null>(null)
  useLayoutEffect(() => {
    if (caret.current === null) return
    input.current?.focus()
    input.current?.setSelectionRange(caret.current, caret.current)
    caret.current = null
  })
  const insert = (field: TemplateField) => {
    const token = field === 'index' ? '{index:3}' : `{${field}}`
    const { selectionStart, selectionEnd } = input.current ?? {}
    const [from, to] = [selectionStart ?? template.length, selectionEnd ?? template.length]
    caret.current = from + token.length
    useSets.getState().change({ files: template.slice(0, from) + token + template.slice(to) })
  }
  return (
    <>
      <label className="field">
        <span className="field-label">{t.sets.template}</span>
        <input
          ref={input}
          className="template"
          aria-invalid={problem !== null}
          aria-describedby="set-names"
          spellCheck={false}
          maxLength={300}
          value={template}
          onChange={event => useSets.getState().change({ files: event.target.value })}
        />
      </label>
      <div className="field under">
        <span className="field-label" />
        <div>
          <p id="set-names" role="status" className={problem ? 'problem' : 'hint names'}>
            {problem ? t.sets.line(0, words(bare(problem), language)) : example?.slice(0, 3).join('   ')}
          </p>
          <div className="template-fields">
            {FIELDS.map(field => (
              <button
                key={field}
                type="button"
                aria-label={t.sets.insert(t.sets.fields[field])}
                title={`{${field}}`}
                onClick={() => insert(field)}
              >
                {t.sets.fields[field]}
              </button>
            ))}
          </div>
        </div>
      </div>
    </>
  )
}
