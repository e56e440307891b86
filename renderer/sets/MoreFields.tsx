import { Plus, X } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { useMessages } from '../i18n/index.ts'
import { MAP_ORDER } from '../lists.ts'
import { requestOf, useCompose } from '../store/compose.ts'
import { styleOf, useFacts } from '../store/facts.ts'
import { controlOf } from '../store/maps.ts'
import { useSets } from '../store/sets.ts'
import { useAskedFocus } from '../ui/asked-focus.ts'
import { Check, Choice, IconButton } from '../ui/parts.tsx'
import { NumberField } from '../ui/Slider.tsx'
import type { AxisDraft } from './draft.ts'

/** Rarely used options; expanded when any is set. */
export function MoreFields() {
  const t = useMessages()
  const draft = useSets(state => state.draft)
  const { change } = useSets.getState()
  const used =
    draft.keep !== 'all' ||
    draft.deck ||
    draft.cards ||
    draft.variants.length > 0 ||
    draft.x.field !== '' ||
    draft.y.field !== ''
  const details = useRef<HTMLDetailsElement>(null)
  useEffect(() => {
    if (used && details.current) details.current.open = true
  }, [used])
  return (
    <details ref={details} className="section sets-more">
      <summary>{t.sets.more}</summary>
      <div className="field">
        <span className="field-label" />
        <span className="checks">
          <Check label={t.sets.sheet} checked={draft.sheet} onChange={sheet => change({ sheet })} />
          <Check label={t.sets.zip} checked={draft.zip} onChange={zip => change({ zip })} />
          <Check label={t.sets.deck} checked={draft.deck} onChange={deck => change({ deck })} />
          <Check label={t.sets.cards} checked={draft.cards} onChange={cards => change({ cards })} />
        </span>
      </div>
      <Keep />
      <h4>{t.sets.matrix}</h4>
      <Axis axis="x" />
      <Axis axis="y" />
      <Variants />
    </details>
  )
}

function Keep() {
  const t = useMessages()
  const { keep, best, target, tries } = useSets(({ draft }) => draft)
  const { change } = useSets.getState()
  return (
    <>
      <div className="field">
        <span className="field-label">{t.sets.keep}</span>
        <span className="seeding">
          <Choice
            label={t.sets.keep}
            value={keep}
            onChange={next => change({ keep: next })}
            options={(['all', 'best', 'legible'] as const).map(value => ({ value, label: t.sets.keeps[value] }))}
          />
        </span>
      </div>
      <div className="field under">
        <span className="field-label" />
        <span className="keep-numbers">
          {keep === 'best' && (
            <Numbered label={t.sets.best} value={best} min={2} max={64} onCommit={value => change({ best: value })} />
          )}
          {keep === 'legible' && (
            <>
              <Numbered
                label={t.sets.target}
                value={Math.round(target * 100)}
                min={0}
                max={100}
                onCommit={percent => change({ target: percent / 100 })}
              />
              <Numbered
                label={t.sets.tries}
                value={tries}
                min={1}
                max={16}
                onCommit={value => change({ tries: value })}
              />
            </>
          )}
          <span className="hint">{t.sets.keepTips[keep]}</span>
        </span>
      </div>
    </>
  )
}

interface NumberedProps {
  label: string
  value: number
  min: number
  max: number
  onCommit(value: number): void
}

function Numbered({ label, onCommit, ...range }: NumberedProps) {
  return (
    <span className="numbered">
      <span aria-hidden="true">{label}</span>
      <NumberField label={label} {...range} step={1} onCommit={value => onCommit(Math.round(value))} />
    </span>
  )
}

/** One axis of the matrix: a field of the request and its values. */
function Axis({ axis }: { axis: 'x' | 'y' }) {
  const t = useMessages()
  const draft = useSets(state => state.draft[axis])
  const change = (part: Partial<AxisDraft>) => useSets.getState().change({ [axis]: { ...draft, ...part } })
  const fields: Record<string, string> = {
    ...Object.fromEntries(MAP_ORDER.map(map => [`controls.${map}.weight`, `${t.map[map]}: ${t.strength}`])),
    guidanceScale: t.guidance,
    steps: t.steps,
    sampler: t.sampler,
    seed: t.seed,
    'layout.weight': `${t.writing}: ${t.weight}`,
    'layout.slant': `${t.writing}: ${t.slant}`,
    'layout.margin': `${t.writing}: ${t.margin}`,
    ...Object.fromEntries(MAP_ORDER.map(map => [`controls.${map}.end`, `${t.map[map]}: ${t.spanEnd}`])),
    ...Object.fromEntries(MAP_ORDER.map(map => [`controls.${map}.start`, `${t.map[map]}: ${t.spanStart}`])),
  }
  const isOther = draft.field !== '' && !(draft.field in fields)
  const name = t.sets.axis[axis]
  const { ask, field: asked } = useAskedFocus()
  return (
    <div className="field">
      <span className="field-label">{name}</span>
      <span className="axis">
        <select
          aria-label={name}
          value={isOther ? 'other' : draft.field}
          onChange={event => {
            if (event.target.value === 'other') ask()
            change({ field: event.target.value === 'other' ? ' ' : event.target.value })
          }}
        >
          <option value="">{t.sets.nothing}</option>
          {Object.entries(fields).map(([field, label]) => (
            <option key={field} value={field}>
              {label}
            </option>
          ))}
          <option value="other">{t.sets.otherField}</option>
        </select>
        {isOther && (
          <input
            ref={asked}
            aria-label={`${name}: ${t.sets.fieldName}`}
            placeholder={t.sets.fieldName}
            spellCheck={false}
            value={draft.field.trimStart()}
            onChange={event => change({ field: event.target.value || ' ' })}
          />
        )}
        {draft.field !== '' && (
          <input
            aria-label={`${name}: ${t.sets.values}`}
            placeholder={t.sets.values}
            spellCheck={false}
            value={draft.values}
            onChange={event => change({ values: event.target.value })}
          />
        )}
      </span>
    </div>
  )
}

function Variants() {
  const t = useMessages()
  const variants = useSets(({ draft }) => draft.variants)
  const { ask, field } = useAskedFocus()
  const change = (next: typeof variants) => useSets.getState().change({ variants: next })
  const add = () => {
    const { present } = useCompose.getState()
    const style = styleOf(useFacts.getState(), present.request.style)
    const draft = { ...present, request: requestOf(present) }
    const controls = Object.fromEntries(MAP_ORDER.map(map => [map, controlOf(draft, style, map)]))
    ask()
    change([...variants, { name: String.fromCharCode(65 + (variants.length % 26)), request: { controls } }])
  }
  return (
    <>
      <h4>{t.sets.variants}</h4>
      <p className="hint">{t.sets.variantsHint}</p>
      <ul className="variants">
        {variants.map((variant, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a variant is its place; its name is being typed
          <li key={at}>
            <input
              ref={at === variants.length - 1 ? field : null}
              aria-label={t.sets.variantName}
              maxLength={60}
              value={variant.name}
              onChange={event => change(variants.with(at, { ...variant, name: event.target.value }))}
            />
            <span className="hint">
              {MAP_ORDER.map(map => {
                const weight = variant.request.controls?.[map]?.weight
                return weight === undefined ? '–' : t.decimal(weight, 2)
              }).join(' · ')}
            </span>
            <IconButton
              icon={X}
              label={`${variant.name}: ${t.remove}`}
              onClick={() => change(variants.toSpliced(at, 1))}
            />
          </li>
        ))}
      </ul>
      <button type="button" className="plain" onClick={add}>
        <Plus size={16} strokeWidth={1.75} aria-hidden />
        {t.sets.addVariant}
      </button>
    </>
  )
}
