import { CornerDownLeft } from 'lucide-react'
import { type ReactNode, startTransition, useEffect, useState } from 'react'
import { useKeyOf } from '../commands/use-key.ts'
import { BlocksPanel } from '../composition/BlocksPanel.tsx'
import { useMessages } from '../i18n/index.ts'
import { useCompose } from '../store/compose.ts'
import { isDraftModel, useFacts } from '../store/facts.ts'
import { useMaps } from '../store/maps.ts'
import { useSettings } from '../store/settings.ts'
import { toggleSketches } from '../store/sketches.ts'
import { Check, Kbd } from '../ui/parts.tsx'
import { Splitter } from '../ui/Splitter.tsx'
import { generateNow, obstacle } from './generate-now.ts'
import { PaletteFields } from './PaletteFields.tsx'
import { PictureFields } from './PictureFields.tsx'
import { PictureMemory } from './PictureMemory.tsx'
import { PromptFields } from './PromptFields.tsx'
import { StartField } from './StartField.tsx'
import { StyleGallery } from './StyleGallery.tsx'
import { WordFields } from './WordFields.tsx'
import { WritingFields } from './WritingFields.tsx'

export function Compose() {
  const t = useMessages()
  const key = useKeyOf('generate')
  const count = useCompose(({ present }) => present.request.count ?? 1)
  // Subscribed to because obstacle() reads them.
  useCompose(({ present }) => Boolean(present.request.word?.trim() || present.request.prompt))
  useFacts(({ info }) => info)
  useFacts(state => state.problem)
  useMaps(({ problem }) => problem)
  useSettings(({ settings }) => settings.model)
  const why = obstacle()
  const isOwnOnDraft = useOwnStyleOnDraft()
  return (
    <section className="panel compose" aria-label={t.desk.compose}>
      <h2 className="visually-hidden">{t.desk.compose}</h2>
      <div className="panel-scroll">
        <WordFields />
        <StyleGallery />
        <AfterFirstPaint>
          <WritingFields />
          <BlocksPanel />
          <PaletteFields />
          <PromptFields />
          <StartField />
          <PictureFields />
        </AfterFirstPaint>
      </div>
      <footer className="panel-foot">
        {why && (
          <p className="hint obstacle" id="obstacle" role="status">
            {why}
          </p>
        )}
        {!why && isOwnOnDraft && <p className="hint obstacle">{t.ownStyleOnDraft}</p>}
        {!why && <PictureMemory />}
        <SketchSwitch />
        <button
          type="button"
          className="primary"
          disabled={why !== null}
          onClick={() => generateNow()}
          {...(why ? { 'aria-describedby': 'obstacle' } : {})}
        >
          <span>{count > 1 ? t.generateMany(count) : t.generate}</span>
          {key && (
            <Kbd>
              {key.replace('Enter', '')}
              {key.includes('Enter') && <CornerDownLeft size={12} aria-label="Enter" />}
            </Kbd>
          )}
        </button>
      </footer>
      <Splitter side="compose" />
    </section>
  )
}

/** What lies further down in its panel waits until the word's field can be typed into. */
function AfterFirstPaint({ children }: { children: ReactNode }) {
  const [painted, setPainted] = useState(false)
  useEffect(() => startTransition(() => setPainted(true)), [])
  return painted ? children : null
}

/** Only the draft is quick enough to be painted as one types. */
function SketchSwitch() {
  const t = useMessages()
  const { model, sketches } = useSettings(({ settings }) => settings)
  const isDraft = useFacts(facts => isDraftModel(facts, model))
  return isDraft ? (
    <span title={t.sketchesTip}>
      <Check label={t.sketches} checked={sketches} onChange={() => void toggleSketches()} />
    </span>
  ) : null
}

/** The draft model was trained on the studio's own styles alone, so a style of one's own does little there. */
function useOwnStyleOnDraft(): boolean {
  const model = useSettings(({ settings }) => settings.model)
  const isDraft = useFacts(facts => isDraftModel(facts, model))
  const id = useCompose(({ present }) => present.request.style)
  return useFacts(({ styles }) => isDraft && styles.some(({ style, origin }) => style.id === id && origin === 'user'))
}
