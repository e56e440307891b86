/** What the palette finds for a typed text: commands, and once something is typed styles, fonts, models and words. */
import { type Messages, messages } from '../i18n/index.ts'
import { useCompose } from '../store/compose.ts'
import { useFacts } from '../store/facts.ts'
import { useLibrary } from '../store/library.ts'
import { useSettings } from '../store/settings.ts'
import { chooseStyle, nameOf } from '../store/styles.ts'
import { COMMANDS, type Command } from './commands.ts'

/** The most results of one kind besides commands. */
const MOST_OF_A_KIND = 8

export function findCommands(text: string, t: Messages = messages()): readonly Command[] {
  const wanted = text.trim().toLowerCase()
  const matches = (command: Command) => command.label(t).toLowerCase().includes(wanted)
  const commands = COMMANDS.filter(
    command => command.id !== 'palette' && command.enabled?.() !== false && matches(command),
  )
  if (wanted === '') return commands
  const kinds = [styles(), fonts(), models(), words()]
  return [...commands, ...kinds.flatMap(kind => kind.filter(matches).slice(0, MOST_OF_A_KIND))]
}

const styles = (): Command[] =>
  useFacts.getState().styles.map(({ style }) => ({
    id: `style:${style.id}`,
    label: t => `${t.style}: ${nameOf(style)}`,
    run: () => chooseStyle(style.id),
  }))

const fonts = (): Command[] =>
  useFacts.getState().fonts.map(({ id, family }) => ({
    id: `font:${id}`,
    label: t => `${t.font}: ${family}`,
    run: () => useCompose.getState().layout({ font: id }),
  }))

const models = (): Command[] =>
  (useFacts.getState().info?.models ?? [])
    .filter(({ present }) => present)
    .map(({ id, name }) => ({
      id: `model:${id}`,
      label: t => `${t.model}: ${name}`,
      run: () => useSettings.getState().change({ model: id }),
    }))

/** Words of the pictures that are loaded. */
function words(): Command[] {
  const known = new Set(Object.values(useLibrary.getState().pictures).flatMap(({ word }) => word ?? []))
  return [...known].map(word => ({
    id: `word:${word}`,
    label: t => `${t.word}: ${word}`,
    run: () => useCompose.getState().patch({ word, translation: null }),
  }))
}
