/** What the user prefers: each setting with its type and its default. No zod: the renderer imports it at run time. */
import type { Language, ProfileName, Theme } from '../contract/vocabulary.ts'
import type { Provider } from '../graph/op-profiles.ts'
import type { LoggingInput } from '../log/settings.ts'

/** What the gallery was asked for. */
export interface SavedQuery {
  text?: string | undefined
  style?: string | undefined
  from?: string | undefined
  to?: string | undefined
  minRating?: number | undefined
  tag?: string | undefined
  set?: string | undefined
  album?: string | undefined
  inSets?: boolean | undefined
  trashed?: boolean | undefined
  sort: 'date' | 'rating' | 'legibility'
}

export interface Settings {
  /** Of the screen, where it was chosen; else each browser's own counts. */
  language: Language
  languageChosen: boolean
  theme: Theme
  /** Id or path. */
  model: string
  /** Path; null: the model's own. */
  controlnet: string | null
  /** Ids of styles. */
  favourites: string[]
  /** Pictures that stand for a style in place of its own sample: their ids by the style's. */
  samples: Record<string, string>
  /** Searches of the gallery that were kept, by name. */
  searches: { name: string; query: SavedQuery }[]
  /** Keys of commands by the command's id, where they are not the standard ones; []: the command has no key. */
  shortcuts: Record<string, string[]>
  /** Levels and switches of the logs; read when the studio starts. */
  logging: LoggingInput | null
  /**
   * Other programs of this computer may use the Writing Service, on this port of 127.0.0.1; with a token only those that
   * show it. null: none may.
   */
  localApi: { port: number; token?: string | null | undefined } | null
  /** What computes pictures; "auto": the fastest that passes its self-test. */
  provider: Provider | 'auto'
  /** How memory is used; "auto": as the machine's memory suggests. */
  profile: ProfileName | 'auto'
  /** What is on the desk is painted as one types, where the draft paints. */
  sketches: boolean
  /** Loaded networks that nobody has used for so long are given back; 0: never. */
  idleMinutes: number
}

export const DEFAULT_SETTINGS: Settings = {
  language: 'en',
  languageChosen: false,
  theme: 'system',
  model: 'draft',
  controlnet: null,
  favourites: [],
  samples: {},
  searches: [],
  shortcuts: {},
  logging: null,
  localApi: null,
  provider: 'auto',
  profile: 'auto',
  sketches: false,
  idleMinutes: 10,
}
