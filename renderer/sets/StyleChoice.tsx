import type { StyleDefinition } from '../../core/prompt/style.ts'
import { Swatches } from '../compose/StyleGallery.tsx'
import { useMessages } from '../i18n/index.ts'
import { useCompose } from '../store/compose.ts'
import { styleOf, useFacts } from '../store/facts.ts'
import { useLibrary } from '../store/library.ts'
import { useSets } from '../store/sets.ts'
import { useSettings } from '../store/settings.ts'
import { Section } from '../ui/parts.tsx'

/** Any number of styles, each by a picture; none is the desk's. */
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
          .map(({ style }) => (
            <StyleBox
              key={style.id}
              style={style}
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
  label: string
  chosen: boolean
  onChange(on: boolean): void
}

function StyleBox({ style, label, chosen, onChange }: StyleBoxProps) {
  const sample = useLibrary(({ samples }) => samples[style.id])
  return (
    <label className="style style-box" title={label}>
      <input type="checkbox" checked={chosen} onChange={event => onChange(event.target.checked)} />
      {sample ? <img src={sample} alt="" loading="lazy" /> : <Swatches palette={style.palette} />}
      <span>{label}</span>
    </label>
  )
}
