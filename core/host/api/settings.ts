/** The settings, and how each of them is checked. */

import { oc, type } from '@orpc/contract'
import { z } from 'zod'
import { LANGUAGES, PROFILE_NAMES, PROVIDER_NAMES, THEMES } from '../../contract/vocabulary.ts'
import { loggingSchema } from '../../log/settings.ts'
import { DEFAULT_SETTINGS, type Settings } from '../default-settings.ts'
import { savedQuery } from './library.ts'

/** Settings of which more is checked than that they have the type of their default. */
const CHECKED_SETTINGS = {
  language: z.enum(LANGUAGES),
  languageChosen: z.boolean(),
  theme: z.enum(THEMES),
  model: z.string().max(4096),
  controlnet: z.string().max(4096).nullable(),
  favourites: z.array(z.string().max(40)).max(1000),
  samples: z.record(z.string().max(40), z.string().max(100)),
  searches: z.array(z.strictObject({ name: z.string().trim().min(1).max(60), query: savedQuery })).max(200),
  shortcuts: z.record(z.string().max(40), z.array(z.string().min(1).max(40)).max(4)),
  logging: loggingSchema.nullable(),
  localApi: z.strictObject({ port: z.int().min(1).max(65535), token: z.string().min(8).max(200).nullish() }).nullable(),
  provider: z.enum([...PROVIDER_NAMES, 'auto']),
  profile: z.enum([...PROFILE_NAMES, 'auto']),
  sketches: z.boolean(),
  idleMinutes: z.number().min(0).max(1440),
} satisfies { [K in keyof Settings]?: z.ZodType<Settings[K]> }

type SettingsShape = { [K in keyof Settings]: z.ZodType<Settings[K]> }

export const settingsSchema = z.strictObject({ ...byDefaults(), ...CHECKED_SETTINGS } as SettingsShape)

/** A switch or a number is checked by the type of its default alone. */
function byDefaults(): Record<string, z.ZodType> {
  const checks: Record<string, z.ZodType> = { boolean: z.boolean(), number: z.number() }
  return Object.fromEntries(
    Object.entries(DEFAULT_SETTINGS).map(([name, value]) => [name, checks[typeof value] ?? z.never()]),
  )
}

export const settings = {
  get: oc.output(type<Settings>()),
  /** Changes what is given and returns the whole. */
  set: oc.input(settingsSchema.partial()).output(type<Settings>()),
}
