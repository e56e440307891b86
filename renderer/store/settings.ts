/** The studio's settings; the screen changes at once, the host keeps them. */
import { create } from 'zustand'
import type { Settings } from '../../core/host/api.ts'
import { api } from '../api.ts'
import { keep, recall } from './keep.ts'
import { tell } from './notices.ts'

const KEY = 'zihua.settings'
const STANDARD: Settings = {
  language: 'en',
  theme: 'system',
  model: 'draft',
  controlnet: null,
  favourites: [],
  shortcuts: {},
}

/** The browser's language where the studio speaks it. */
function browserLanguage(): Settings['language'] {
  const code = navigator.language.slice(0, 2)
  return code === 'ru' || code === 'zh' ? code : 'en'
}

interface SettingsState {
  settings: Settings
  change(part: Partial<Settings>): void
}

export const useSettings = create<SettingsState>()((set, get) => ({
  // What was last seen stands until the host has answered, so that no theme flashes.
  settings: { ...STANDARD, language: browserLanguage(), ...recall<Partial<Settings>>(KEY) },
  change(part) {
    const settings = { ...get().settings, ...part }
    set({ settings })
    keep(KEY, settings)
    api.settings.set(part).catch(tell)
  },
}))

export async function startSettings(): Promise<void> {
  const first = recall<Settings>(KEY) === null
  const settings = await api.settings.get()
  const language = first && settings.language === 'en' ? browserLanguage() : settings.language
  useSettings.setState({ settings: { ...settings, language } })
  keep(KEY, { ...settings, language })
}
