import { Heart, PenLine, Search } from 'lucide-react'
import { useState } from 'react'
import { DEFAULT_STYLE } from '../../core/contract/vocabulary.ts'
import type { StyleDefinition } from '../../core/prompt/style.ts'
import type { ListedStyle } from '../../core/prompt/user-styles.ts'
import { sentences, useMessages } from '../i18n/index.ts'
import { useCompose } from '../store/compose.ts'
import { useFacts } from '../store/facts.ts'
import { useSettings } from '../store/settings.ts'
import { StyleMenu } from '../style-editor/StyleMenu.tsx'
import { Section } from '../ui/parts.tsx'

/** Two rows of styles while the list is collapsed. */
const FEW = 8

/** Favourites first, then the designer's own; the chosen style is always among the few that are shown. */
function arrange(styles: ListedStyle[], favourites: readonly string[], chosen: string, all: boolean) {
  const rank = ({ style, origin }: ListedStyle) => (favourites.includes(style.id) ? 0 : origin === 'user' ? 1 : 2)
  const sorted = styles.toSorted((a, b) => rank(a) - rank(b))
  if (all) return sorted
  const few = sorted.slice(0, FEW)
  const listed = sorted.find(({ style }) => style.id === chosen)
  return !listed || few.includes(listed) ? few : [...few.slice(0, FEW - 1), listed]
}

export function StyleGallery() {
  const t = useMessages()
  const [all, setAll] = useState(false)
  const [text, setText] = useState('')
  const listed = useFacts(({ styles }) => styles)
  const problems = useFacts(({ styleProblems }) => styleProblems)
  const { language, favourites } = useSettings(({ settings }) => settings)
  const chosen = useCompose(({ present }) => present.request.style ?? DEFAULT_STYLE)
  const wanted = text.trim().toLowerCase()
  const styles = arrange(
    listed.filter(({ style }) => Object.values(style.name).join(' ').toLowerCase().includes(wanted)),
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
          <StyleMenu />
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
        {styles.map(({ style, origin }, at) => (
          <StyleButton
            key={style.id}
            style={style}
            label={style.name[language]}
            own={origin === 'user'}
            chosen={style.id === chosen}
            reachable={style.id === chosen || (at === 0 && !styles.some(({ style: { id } }) => id === chosen))}
          />
        ))}
      </div>
      {text === '' && listed.length > FEW && (
        <button type="button" className="link more-styles" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? t.fewerStyles : t.moreStyles(listed.length - styles.length)}
        </button>
      )}
      {styles.length === 0 && listed.length > 0 && <p className="hint">{t.noStyles}</p>}
      {all && problems.length > 0 && (
        <details className="style-files">
          <summary>{t.styleFiles(problems.length)}</summary>
          {problems.map(({ file, error }) => (
            <p key={file}>{sentences(error, language)}</p>
          ))}
        </details>
      )}
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
  own: boolean
  chosen: boolean
  reachable: boolean
}

const MOVES: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }

function StyleButton({ style, label, own, chosen, reachable }: StyleButtonProps) {
  const t = useMessages()
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
      title={own ? `${label}, ${t.ownStyle}` : label}
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
      <StyleSample style={style} own={own} />
      <span>{label}</span>
      {own && (
        <i className="own-mark">
          <PenLine size={12} strokeWidth={1.75} aria-label={t.ownStyle} role="img" />
        </i>
      )}
    </button>
  )
}

/** The picture that the designer has pinned to this style, else its sample (npm run samples:styles), else its colours. */
export function StyleSample({ style, own }: { style: StyleDefinition; own: boolean }) {
  const pinned = useSettings(({ settings }) => settings.samples[style.id])
  // A pinned picture may have been deleted for good.
  const [broken, setBroken] = useState<string | null>(null)
  const isPinned = pinned !== undefined && pinned !== broken
  const sample = isPinned ? `/thumbnails/${pinned}.webp` : own ? null : `./styles/${style.id}.webp`
  if (!sample) return <Swatches palette={style.palette} />
  return <img src={sample} alt="" loading="lazy" onError={() => isPinned && setBroken(pinned)} />
}

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
