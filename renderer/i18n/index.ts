import { useSettings } from '../store/settings.ts'
import { en, type Messages } from './en.ts'
import { ru } from './ru.ts'
import { zh } from './zh.ts'

export type { Messages } from './en.ts'
export type Language = 'en' | 'ru' | 'zh'

export const LANGUAGES: Readonly<Record<Language, { messages: Messages; name: string; tag: string }>> = {
  en: { messages: en, name: 'English', tag: 'en' },
  ru: { messages: ru, name: 'Русский', tag: 'ru' },
  zh: { messages: zh, name: '简体中文', tag: 'zh-Hans' },
}

/** Every string that the screen shows, in the designer's language. */
export const useMessages = (): Messages => LANGUAGES[useSettings(({ settings }) => settings.language)].messages

export const messages = (): Messages => LANGUAGES[useSettings.getState().settings.language].messages
