/**
 * The languages of the screen. English comes with the page; another one is loaded when it is chosen, and shown as a whole
 * when it is there.
 */
import { create } from 'zustand'
import type { Language } from '../../core/contract/vocabulary.ts'
import type { Phrase } from '../../core/faults/studio-error.ts'
import { notifyFailure } from '../store/notices.ts'
import { useSettings } from '../store/settings.ts'
import { en, type Messages } from './en.ts'
import { addTranslation, words } from './faults/sentence.ts'

export type { Language } from '../../core/contract/vocabulary.ts'
export type { Messages } from './en.ts'
export { sentence, sentences, words } from './faults/sentence.ts'

export const LANGUAGES: Readonly<Record<Language, { name: string; tag: string }>> = {
  en: { name: 'English', tag: 'en' },
  ru: { name: 'Русский', tag: 'ru' },
  zh: { name: '简体中文', tag: 'zh-Hans' },
}

const LOADERS: Readonly<Record<Language, () => Promise<Messages>>> = {
  en: async () => en,
  async ru() {
    const [{ ru }, faults] = await Promise.all([import('./ru.ts'), import('./faults/ru/index.ts')])
    addTranslation('ru', faults)
    return ru
  },
  async zh() {
    const [{ zh }, faults] = await Promise.all([import('./zh.ts'), import('./faults/zh/index.ts')])
    addTranslation('zh', faults)
    return zh
  },
}

const useShown = create<{ language: Language; messages: Messages }>()(() => ({ language: 'en', messages: en }))

/** Shows the chosen language when its words have come; of several choices the last one. */
export async function showLanguage(): Promise<void> {
  const { language } = useSettings.getState().settings
  try {
    const messages = await LOADERS[language]()
    if (useSettings.getState().settings.language === language) useShown.setState({ language, messages })
  } catch {
    notifyFailure(messages().languageMissing)
  }
}

useSettings.subscribe(({ settings }, before) => {
  if (settings.language !== before.settings.language) void showLanguage()
})

/** The language that the screen speaks. */
export const useLanguage = (): Language => useShown(({ language }) => language)

export const language = (): Language => useShown.getState().language

/** Every string that the screen shows, in the designer's language. */
export const useMessages = (): Messages => useShown(({ messages }) => messages)

/** Phrases of the host in the designer's language. */
export const useWords = (): ((part: Phrase) => string) => {
  const language = useLanguage()
  return part => words(part, language)
}

export const messages = (): Messages => useShown.getState().messages
