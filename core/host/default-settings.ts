/** The settings of a studio that has none yet. No zod: the renderer imports it at run time. */
import type { Settings } from './api.ts'

export const DEFAULT_SETTINGS: Settings = {
  language: 'en',
  theme: 'system',
  model: 'draft',
  controlnet: null,
  favourites: [],
  samples: {},
  shortcuts: {},
}
