import type { StyleDefinition } from '../../core/prompt/style.ts'
import { StyleSample } from '../compose/StyleGallery.tsx'
import { useMessages } from '../i18n/index.ts'
import { useCompose } from '../store/compose.ts'
import { styleOf, useFacts } from '../store/facts.ts'
import { useSets } from '../store/sets.ts'
import { useSettings } from '../store/settings.ts'
import { Section } from '../ui/parts.tsx'

/** Any number of styles; where none is chosen, the desk's. */
export function StyleChoice() {
  const t = useMessages()
  const listed = useFacts(({ styles }) => styles)
  const chosen = useSets(({ draft }) => draft.styles)
  const { language, favourites } = useSettings(({ settings }) => settings)
  const desk = useCompose(({ present }) => present.request.style)
  const deskStyle = useFacts(state => styleOf(state, desk))
  const change = (styles: string[]) => useSets.getState().change({ styles })
  const rank = ({ style }: { style: StyleDefinition }) => (favourites.includes(style.id) ? 0 : 1)
  return (
    <Section
      title={t.sets.styles}
      aside={
        <>
          <span className="chosen">
            {chosen.length > 0 ? t.sets.styleCount(chosen.length) : t.sets.deskStyle(deskStyle?.name[language] ?? '')}
          </span>
          <button type="button" className="plain small" onClick={() => change(listed.map(({ style }) => style.id))}>
            {t.sets.all}
          </button>
          <button type="button" className="plain small" onClick={() => change([])}>
            {t.sets.none}
          </button>
        </>
      }
    >
      <fieldset className="styles" aria-label={t.sets.styles}>
        {listed
          .toSorted((a, b) => rank(a) - rank(b))
          .map(({ style, origin }) => (
            <StyleBox
              key={style.id}
              style={style}
              own={origin === 'user'}
              label={style.name[language]}
              chosen={chosen.includes(style.id)}
              onChange={on => change(on ? [...chosen, style.id] : chosen.filter(id => id !== style.id))}
            />
          ))}
      </fieldset>
    </Section>
  )
}

interface StyleBoxProps {
  style: StyleDefinition
  own: boolean
  label: string
  chosen: boolean
  onChange(on: boolean): void
}

function StyleBox({ style, own, label, chosen, onChange }: StyleBoxProps) {
  return (
    <label className="style style-box" title={label}>
      <input type="checkbox" checked={chosen} onChange={event => onChange(event.target.checked)} />
      <StyleSample style={style} own={own} />
      <span>{label}</span>
    </label>
  )
}
