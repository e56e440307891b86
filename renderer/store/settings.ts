/** The studio's settings. The screen changes at once; what the host refuses goes back to what it was. */
import { create } from 'zustand'
import { LANGUAGES } from '../../core/contract/vocabulary.ts'
import { DEFAULT_SETTINGS, type Settings } from '../../core/host/default-settings.ts'
import { api } from '../api.ts'
import { keep, recall } from './keep.ts'
import { notifyError } from './notices.ts'
import { inOrder, Optimistic } from './optimistic.ts'

const KEY = 'zihua.settings'
/** Until the user chooses a language: the browser's where the studio is translated into it, else English. */
function spoken(settings: Settings): Settings {
  if (settings.languageChosen) return settings
  const code = navigator.language.slice(0, 2)
  return { ...settings, language: LANGUAGES.find(known => known === code) ?? DEFAULT_SETTINGS.language }
}

interface SettingsState {
  settings: Settings
  /** Resolves when the host has taken or refused it. */
  change(part: Partial<Settings>): Promise<void>
}

/** The key of the one value in `optimistic`. */
const ID = 'settings'
const optimistic = new Optimistic<Settings>()
const send = inOrder()

export const useSettings = create<SettingsState>()((set, get) => ({
  // The last known settings until the host has answered, so that no other theme flashes up.
  settings: spoken({ ...DEFAULT_SETTINGS, ...recall<Partial<Settings>>(KEY) }),
  change(given) {
    const part = given.language === undefined ? given : { ...given, languageChosen: true }
    const end = (accepted: boolean) => set({ settings: optimistic.end(ID, part, accepted) ?? get().settings })
    set({ settings: optimistic.begin(ID, get().settings, part) })
    return send(() => api.settings.set(part)).then(
      () => end(true),
      error => {
        end(false)
        notifyError(error)
      },
    )
  },
}))

useSettings.subscribe(({ settings }, before) => {
  // A token is no matter of the browser's storage.
  if (settings !== before.settings) keep(KEY, { ...settings, localApi: null })
})

/** Loads the host's settings. Changes made meanwhile are sent after this call, so that its answer cannot undo them. */
export async function startSettings(): Promise<void> {
  const settings = await send(() => api.settings.get())
  useSettings.setState({ settings: optimistic.received(ID, spoken(settings)) })
}
