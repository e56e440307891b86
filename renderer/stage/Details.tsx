import { NotebookPen, X } from 'lucide-react'
import { Popover } from 'radix-ui'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { SAMPLER_TITLES } from '../../core/contract/vocabulary.ts'
import type { Picture } from '../../core/host/api/library.ts'
import { NewTag } from '../gallery/NewTag.tsx'
import { useLanguage, useMessages } from '../i18n/index.ts'
import { useFacts } from '../store/facts.ts'
import { note } from '../store/library.ts'
import { Facts, IconButton } from '../ui/parts.tsx'

/** Tags, notes and settings of a picture. */
export function Details({ picture }: { picture: Picture }) {
  const t = useMessages()
  return (
    <Popover.Root>
      <Popover.Trigger className="icon-button" aria-label={t.details} title={t.details}>
        <NotebookPen size={16} strokeWidth={1.75} aria-hidden />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          className="popover details"
          align="end"
          side="top"
          sideOffset={8}
          collisionPadding={12}
          aria-label={t.details}
          // Otherwise the first tag's "remove" would have it.
          onOpenAutoFocus={event => {
            event.preventDefault()
            if (event.target instanceof Element) event.target.querySelector<HTMLElement>('.new-tag')?.focus()
          }}
        >
          <Tags picture={picture} />
          <Notes key={picture.id} picture={picture} />
          <Making picture={picture} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}

function Tags({ picture: { id, tags } }: { picture: Picture }) {
  const t = useMessages()
  return (
    <div className="tags">
      {tags.map(tag => (
        <span key={tag} className="tag">
          {tag}
          <IconButton
            icon={X}
            label={t.removeTag(tag)}
            onClick={() => note([id], { tags: tags.filter(other => other !== tag) })}
          />
        </span>
      ))}
      <NewTag ids={[id]} />
    </div>
  )
}

/** Saved on blur and when the field is unmounted. */
function Notes({ picture: { id, notes } }: { picture: Picture }) {
  const t = useMessages()
  const [text, setText] = useState(notes)
  const keep = () => void (text !== notes && note([id], { notes: text }))
  const last = useRef(keep)
  last.current = keep
  useEffect(() => () => last.current(), [])
  return (
    <textarea
      aria-label={t.notes}
      placeholder={t.notes}
      rows={2}
      maxLength={10_000}
      value={text}
      onChange={event => setText(event.target.value)}
      onBlur={keep}
    />
  )
}

function Making({ picture }: { picture: Picture }) {
  const t = useMessages()
  const language = useLanguage()
  const { request, seed, prompt, negativePrompt, width, height, createdAt } = picture
  // A style or model that no longer exists is shown by the name in the picture's request.
  const style = useFacts(({ styles }) => styles.find(({ style }) => style.id === picture.style)?.style)
  const model = useFacts(({ info }) =>
    info?.models.find(({ id, path }) => id === request.model || path === request.model),
  )
  const facts: [string, ReactNode][] = [
    [t.date, new Date(createdAt).toLocaleString(language, { dateStyle: 'medium', timeStyle: 'short' })],
    [t.style, style?.name[language] ?? picture.style],
    [t.size, `${width} × ${height}`],
    [t.steps, `${request.steps}`],
    [t.guidance, t.decimal(request.guidanceScale)],
    [t.sampler, SAMPLER_TITLES[request.sampler]],
    [t.seed, `${seed}`],
    [t.model, model?.name ?? request.model.split(/[\\/]/).at(-1)],
    [t.prompt, prompt],
    [t.negativePrompt, negativePrompt ?? ''],
  ]
  const known = facts.filter(([, value]) => value !== '')
  return <Facts className="making" facts={known} />
}
