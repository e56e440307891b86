import { PencilLine, Undo2 } from 'lucide-react'
import type { PromptPart } from '../../core/prompt/prompt-builder.ts'
import { useMessages } from '../i18n/index.ts'
import { isPromptStale, useCompose } from '../store/compose.ts'
import { useFacts } from '../store/facts.ts'
import { useAskedFocus } from '../ui/asked-focus.ts'
import { IconButton, Section } from '../ui/parts.tsx'

/** Both prompts as they are built, each part marked with its source; either can be edited by hand. */
export function PromptFields() {
  const t = useMessages()
  const built = useFacts(state => state.built)
  const prompt = useCompose(({ present }) => present.request.prompt ?? null)
  const negative = useCompose(({ present }) => present.request.negativePrompt ?? null)
  const isStale = useCompose(({ present }) => isPromptStale(present))
  const { patch } = useCompose.getState()
  return (
    <>
      <PromptField
        title={t.prompt}
        own={prompt}
        text={built?.prompt ?? ''}
        parts={built?.parts.prompt ?? []}
        tokens={built?.tokens.prompt ?? null}
        empty={t.noPrompt}
        isStale={isStale}
        // A request with its own prompt gets no negative prompt from the style, so the one shown is copied.
        onChange={(text, typed) =>
          patch({ prompt: text, negativePrompt: negative ?? built?.negativePrompt ?? '' }, typed)
        }
        onBack={() => patch({ prompt: null, negativePrompt: null })}
      />
      <PromptField
        title={t.negativePrompt}
        own={negative}
        text={built?.negativePrompt ?? ''}
        parts={built?.parts.negativePrompt ?? []}
        tokens={built?.tokens.negativePrompt ?? null}
        empty={t.nothingAvoided}
        isStale={false}
        onChange={(text, typed) => patch({ negativePrompt: text }, typed)}
        onBack={() => patch({ negativePrompt: null })}
      />
    </>
  )
}

interface PromptFieldProps {
  title: string
  /** Written by hand, or null. */
  own: string | null
  text: string
  parts: readonly PromptPart[]
  tokens: number | null
  empty: string
  /** Written by hand for another word or style than the one on the desk. */
  isStale: boolean
  onChange(text: string, key?: string): void
  onBack(): void
}

function PromptField({ title, own, text, parts, tokens, empty, isStale, onChange, onBack }: PromptFieldProps) {
  const t = useMessages()
  const { ask, field } = useAskedFocus()
  const edit = () => {
    ask()
    onChange(text)
  }
  const sources = [...new Set(parts.map(({ source }) => source))]
  return (
    <Section
      title={title}
      aside={
        <>
          {tokens !== null && <span className="chosen">{t.tokens(tokens)}</span>}
          {own === null ? (
            <IconButton icon={PencilLine} label={`${title}: ${t.edit}`} onClick={edit} />
          ) : (
            <IconButton icon={Undo2} label={`${title}: ${t.backToBuilt}`} onClick={onBack} />
          )}
        </>
      }
    >
      {own !== null ? (
        <>
          {isStale && (
            <p className="prompt-old" role="status">
              {t.promptOld}{' '}
              <button type="button" className="link" onClick={onBack}>
                {t.rebuildPrompt}
              </button>
            </p>
          )}
          <textarea
            aria-label={title}
            ref={field}
            rows={4}
            value={own}
            onChange={event => onChange(event.target.value, `prompt ${title}`)}
            onBlur={() => useCompose.getState().seal()}
          />
        </>
      ) : (
        <>
          <p className="prompt" lang="en">
            {parts.length === 0 && <span className="hint">{empty}</span>}
            {parts.map((part, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: parts have no identity but their place
              <span key={at} className={`part ${part.source}`} title={t.sources[part.source]}>
                {part.text}
              </span>
            ))}
          </p>
          {sources.length > 1 && (
            <ul className="part-legend">
              {sources.map(source => (
                <li key={source}>
                  <span className={`part ${source}`}>{t.sources[source]}</span>
                </li>
              ))}
            </ul>
          )}
        </>
      )}
    </Section>
  )
}
