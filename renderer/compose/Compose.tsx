import { CornerDownLeft } from 'lucide-react'
import { useKeyOf } from '../commands/use-key.ts'
import { language, messages, sentences, useMessages } from '../i18n/index.ts'
import { useCompose } from '../store/compose.ts'
import { useFacts } from '../store/facts.ts'
import { useMaps } from '../store/maps.ts'
import { generate } from '../store/queue.ts'
import { useSettings } from '../store/settings.ts'
import { Kbd } from '../ui/parts.tsx'
import { PictureFields } from './PictureFields.tsx'
import { PromptFields } from './PromptFields.tsx'
import { StartField } from './StartField.tsx'
import { StyleGallery } from './StyleGallery.tsx'
import { WordFields } from './WordFields.tsx'
import { WritingFields } from './WritingFields.tsx'

/** Why nothing can be generated now; null where it can. */
export function obstacle(): string | null {
  const { info } = useFacts.getState()
  const { settings } = useSettings.getState()
  const { word, prompt } = useCompose.getState().present.request
  if (!word?.trim() && !prompt) return messages().emptyWord
  // What is wrong with it stands under the word.
  if (useMaps.getState().problem) return messages().wordProblem
  const { problem: refused } = useFacts.getState()
  if (refused) return sentences(refused, language())
  const model = info?.models.find(({ id, path }) => id === settings.model || path === settings.model)
  if (info && !model?.present) return messages().noModel
  return null
}

export function generateNow(): void {
  const { settings } = useSettings.getState()
  if (!obstacle()) void generate({ model: settings.model, controlnet: settings.controlnet })
}

export function Compose() {
  const t = useMessages()
  const key = useKeyOf('generate')
  const count = useCompose(({ present }) => present.request.count ?? 1)
  // Read for their changes: obstacle() looks at them.
  useCompose(({ present }) => Boolean(present.request.word?.trim() || present.request.prompt))
  useFacts(({ info }) => info)
  useFacts(state => state.problem)
  useMaps(({ problem }) => problem)
  useSettings(({ settings }) => settings.model)
  const why = obstacle()
  return (
    <section className="panel compose" aria-label={t.desk.compose}>
      <h2 className="visually-hidden">{t.desk.compose}</h2>
      <div className="panel-scroll">
        <WordFields />
        <StyleGallery />
        <WritingFields />
        <PromptFields />
        <StartField />
        <PictureFields />
      </div>
      <footer className="panel-foot">
        {why && (
          <p className="hint obstacle" id="obstacle" role="status">
            {why}
          </p>
        )}
        <button
          type="button"
          className="primary"
          disabled={why !== null}
          onClick={generateNow}
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
    </section>
  )
}
