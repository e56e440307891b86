/** Generating what is on the desk, or saying why that cannot be done. */
import { language, messages, sentences } from '../i18n/index.ts'
import { useCompose } from '../store/compose.ts'
import { useFacts } from '../store/facts.ts'
import { mapsAreDue, useMaps } from '../store/maps.ts'
import { notify } from '../store/notices.ts'
import { generate } from '../store/queue.ts'
import { useSettings } from '../store/settings.ts'

/** Why nothing can be generated now; null where it can. */
export function obstacle(): string | null {
  const { info, problem, problemOf } = useFacts.getState()
  const { settings } = useSettings.getState()
  const { request } = useCompose.getState().present
  const { word, prompt, composition } = request
  const written = word?.trim() || composition?.blocks.some(({ kind, source }) => kind === 'word' && source.text?.trim())
  if (!written && !prompt) return messages().emptyWord
  // The reason stands under the word. What was said of an older draft says nothing of this one: the host answers that.
  if (useMaps.getState().problem && !mapsAreDue()) return messages().wordProblem
  if (problem && problemOf === request) return sentences(problem, language())
  const model = info?.models.find(({ id, path }) => id === settings.model || path === settings.model)
  if (info && !model?.present) return messages().noModel
  return null
}

/** @param wishes force: also where it may not fit into memory */
export function generateNow(wishes: { force?: boolean } = {}): void {
  const why = obstacle()
  const { model, controlnet } = useSettings.getState().settings
  if (why) notify(why)
  else void generate({ model, controlnet }, wishes)
}
