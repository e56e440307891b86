import { Heart, Search } from 'lucide-react'
import { useState } from 'react'
import type { StyleDefinition } from '../../core/prompt/style.ts'
import { useMessages } from '../i18n/index.ts'
import { useCompose } from '../store/compose.ts'
import { useFacts } from '../store/facts.ts'
import { useLibrary } from '../store/library.ts'
import { useSettings } from '../store/settings.ts'
import { Section } from '../ui/parts.tsx'

/** Two rows: what one sees before asking for more. */
const FEW = 8

/** Favourites first; the chosen style is always among the few that are shown. */
function arrange(styles: StyleDefinition[], favourites: readonly string[], chosen: string, all: boolean) {
  const rank = ({ id }: StyleDefinition) => (favourites.includes(id) ? 0 : 1)
  const sorted = styles.toSorted((a, b) => rank(a) - rank(b))
  if (all) return sorted
  const few = sorted.slice(0, FEW)
  const style = sorted.find(({ id }) => id === chosen)
  return !style || few.includes(style) ? few : [...few.slice(0, FEW - 1), style]
}

export function StyleGallery() {
  const t = useMessages()
  const [all, setAll] = useState(false)
  const [text, setText] = useState('')
  const listed = useFacts(({ styles }) => styles)
  const { language, favourites } = useSettings(({ settings }) => settings)
  const chosen = useCompose(({ present }) => present.request.style ?? 'comic')
  const wanted = text.trim().toLowerCase()
  const styles = arrange(
    listed.map(({ style }) => style).filter(({ name }) => Object.values(name).join(' ').toLowerCase().includes(wanted)),
    favourites,
    chosen,
    all,
  )
  const name = listed.find(({ style }) => style.id === chosen)?.style.name[language]
  return (
    <Section
      title={t.style}
      aside={
        <>
          <span className="chosen">{name}</span>
          <FavouriteButton id={chosen} />
          <button
            type="button"
            className="icon-button"
            aria-expanded={all}
            aria-label={t.searchStyles}
            title={t.searchStyles}
            onClick={() => {
              setAll(!all)
              setText('')
            }}
          >
            <Search size={16} strokeWidth={1.75} aria-hidden />
          </button>
        </>
      }
    >
      {all && (
        <input
          className="search"
          aria-label={t.searchStyles}
          placeholder={t.searchStyles}
          value={text}
          // biome-ignore lint/a11y/noAutofocus: it was just asked for
          autoFocus
          onChange={event => setText(event.target.value)}
        />
      )}
      <div className="styles" role="radiogroup" aria-label={t.style}>
        {styles.map((style, at) => (
          <StyleButton
            key={style.id}
            style={style}
            label={style.name[language]}
            chosen={style.id === chosen}
            reachable={style.id === chosen || (at === 0 && !styles.some(({ id }) => id === chosen))}
          />
        ))}
      </div>
      {styles.length === 0 && listed.length > 0 && <p className="hint">{t.noStyles}</p>}
    </Section>
  )
}

function FavouriteButton({ id }: { id: string }) {
  const t = useMessages()
  const favourites = useSettings(({ settings }) => settings.favourites)
  const on = favourites.includes(id)
  const toggle = () =>
    useSettings.getState().change({ favourites: on ? favourites.filter(other => other !== id) : [...favourites, id] })
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={t.favourite}
      title={t.favourite}
      aria-pressed={on}
      onClick={toggle}
    >
      <Heart size={16} strokeWidth={1.75} aria-hidden fill={on ? 'currentColor' : 'none'} />
    </button>
  )
}

interface StyleButtonProps {
  style: StyleDefinition
  label: string
  chosen: boolean
  reachable: boolean
}

const MOVES: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }

function StyleButton({ style, label, chosen, reachable }: StyleButtonProps) {
  const sample = useLibrary(({ samples }) => samples[style.id])
  const choose = (id: string) =>
    useCompose.getState().edit(draft => ({ ...draft, request: { ...draft.request, style: id } }))
  return (
    // biome-ignore lint/a11y/useSemanticElements: a radio input can't hold a picture
    <button
      type="button"
      role="radio"
      className="style"
      aria-checked={chosen}
      tabIndex={reachable ? 0 : -1}
      data-style={style.id}
      title={label}
      onClick={() => choose(style.id)}
      onKeyDown={event => {
        const by = MOVES[event.key]
        if (!by) return
        event.preventDefault()
        const all = [...(event.currentTarget.parentElement?.querySelectorAll<HTMLElement>('[role=radio]') ?? [])]
        const next = all[(all.indexOf(event.currentTarget) + by + all.length) % all.length]
        next?.focus()
        if (next?.dataset['style']) choose(next.dataset['style'])
      }}
    >
      {sample ? <img src={sample} alt="" loading="lazy" /> : <Swatches palette={style.palette} />}
      <span>{label}</span>
    </button>
  )
}

/** The colours that a style likes, until there is a picture of it. */
function Swatches({ palette }: { palette: readonly string[] }) {
  const [ground = '#888888', ...inks] = palette
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true">
      <rect width="24" height="24" fill={ground} />
      {inks.slice(0, 4).map((ink, at) => (
        <rect key={ink} x={4 + at * 4.4} y={5 + at} width="2.8" height={14 - at * 2} rx="1.4" fill={ink} />
      ))}
    </svg>
  )
}
