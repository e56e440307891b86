import type { Language } from '../../core/contract/vocabulary.ts'
import type { Phrase } from '../../core/faults/studio-error.ts'
import { useSettings } from '../store/settings.ts'
import { en, type Messages } from './en.ts'
import { words } from './faults/sentence.ts'
import { ru } from './ru.ts'
import { zh } from './zh.ts'

export type { Language } from '../../core/contract/vocabulary.ts'
export type { Messages } from './en.ts'
export { sentence, sentences, words } from './faults/sentence.ts'

export const LANGUAGES: Readonly<Record<Language, { messages: Messages; name: string; tag: string }>> = {
  en: { messages: en, name: 'English', tag: 'en' },
  ru: { messages: ru, name: 'Русский', tag: 'ru' },
  zh: { messages: zh, name: '简体中文', tag: 'zh-Hans' },
}

export const useLanguage = (): Language => useSettings(({ settings }) => settings.language)

export const language = (): Language => useSettings.getState().settings.language

/** Every string that the screen shows, in the designer's language. */
export const useMessages = (): Messages => LANGUAGES[useLanguage()].messages

/** Phrases of the host in the designer's language. */
export const useWords = (): ((part: Phrase) => string) => {
  const language = useLanguage()
  return part => words(part, language)
}

export const messages = (): Messages => LANGUAGES[language()].messages
