/** Which parts of the desk are open. */
import { create } from 'zustand'

export type Sheet =
  | 'queue'
  | 'settings'
  | 'models'
  | 'palette'
  | 'keys'
  | 'style'
  | 'sets'
  | 'status'
  | 'export'
  | 'comparison'
  | 'guide'

/** What tells this window or tab from others of the same studio. */
export const SCREEN = Math.random().toString(36).slice(2)

interface ScreenState {
  sheet: Sheet | null
  /** Ids of the pictures that the sheet 'comparison' shows. */
  compared: readonly string[]
  gallery: boolean
  /** On a narrow window: the part that is shown. */
  tab: 'compose' | 'stage' | 'maps'
  /** How many sheets lie over the desk. */
  sheets: number
  /** Whether the host answers; 'unknown-tab': another start of it answers, which has not let this tab in. */
  host: 'connected' | 'lost' | 'unknown-tab'
  open(sheet: Sheet | null): void
}

export const useScreen = create<ScreenState>()(set => ({
  sheet: null,
  compared: [],
  gallery: false,
  tab: 'compose',
  sheets: 0,
  host: 'connected',
  open: sheet => set({ sheet }),
}))
