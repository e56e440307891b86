/** Users' own styles, which the host keeps as JSON files. */
import type { Picture } from '../../core/host/api/library.ts'
import type { StyleDefinition } from '../../core/prompt/style.ts'
import { api } from '../api.ts'
import { language, messages, useLanguage } from '../i18n/index.ts'
import { useCompose } from './compose.ts'
import { downloadJson } from './download.ts'
import { refreshStyles, useFacts } from './facts.ts'
import { notify, notifyError } from './notices.ts'
import { useSettings } from './settings.ts'

export const nameOf = ({ name }: StyleDefinition): string => name[language()]

/** The name of a style in the user's language; the id of one that is not there any more. */
export const useStyleName = (id: string): string => {
  const language = useLanguage()
  return useFacts(({ styles }) => styles.find(({ style }) => style.id === id)?.style.name[language] ?? id)
}

export const chooseStyle = (id: string): void => useCompose.getState().patch({ style: id })

/** Makes a picture the one that stands for its style, or gives the style its own sample back. */
export function pinSample({ id, style }: Picture, pinned: boolean): void {
  const { settings, change } = useSettings.getState()
  const { [style]: _, ...others } = settings.samples
  change({ samples: pinned ? { ...others, [style]: id } : others })
}

/** @throws the host's refusal */
export async function saveStyle(style: StyleDefinition): Promise<StyleDefinition> {
  const saved = await api.styles.save({ style })
  await refreshStyles()
  return saved
}

/** Deletes a style and chooses the first one where it was chosen; the notice undoes both. */
export async function deleteStyle(style: StyleDefinition): Promise<void> {
  const chosen = useCompose.getState().present.request.style === style.id
  const first = useFacts.getState().styles[0]?.style.id
  if (chosen && first) chooseStyle(first)
  try {
    await api.styles.remove({ id: style.id })
    await refreshStyles()
  } catch (error) {
    return notifyError(error)
  }
  const back = () =>
    saveStyle(style)
      .then(() => chosen && chooseStyle(style.id))
      .catch(notifyError)
  const t = messages()
  notify(t.styleDeleted(nameOf(style)), { label: t.undo, run: () => void back() })
}

/** Imports a style from a file and chooses it. */
export async function importStyle(file: File): Promise<void> {
  const t = messages()
  try {
    const asked = useCompose.getState().present.request
    const { style, renamedFrom, alreadyThere } = await api.styles.importText({ text: await file.text() })
    await refreshStyles()
    useCompose.getState().patchUntouched(asked, { style: style.id })
    const message = alreadyThere ? t.styleThere : renamedFrom ? t.styleRenamed : t.styleImported
    notify(message(nameOf(style)))
  } catch (error) {
    notifyError(error)
  }
}

/** Downloads a style as JSON. */
export async function exportStyle(id: string): Promise<void> {
  try {
    const { text } = await api.styles.exportText({ id })
    downloadJson(text, `${id}.json`)
  } catch (error) {
    notifyError(error)
  }
}
