/** Which parts of the desk are open. */
import { create } from 'zustand'

export type Sheet = 'queue' | 'settings' | 'palette' | 'keys' | 'style' | 'sets'

interface ScreenState {
  sheet: Sheet | null
  gallery: boolean
  /** On a narrow window: the part that is shown. */
  tab: 'compose' | 'stage' | 'maps'
  /** The host answers. */
  connected: boolean
  open(sheet: Sheet | null): void
}

export const useScreen = create<ScreenState>()(set => ({
  sheet: null,
  gallery: false,
  tab: 'compose',
  connected: true,
  open: sheet => set({ sheet }),
}))
