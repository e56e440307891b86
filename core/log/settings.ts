/** What is logged and how much: from the settings file, each switch overridden by an environment variable of its name. */
import { z } from 'zod'

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const
const level = z.enum(LEVELS)

export const loggingSchema = z.strictObject({
  level: level.optional(),
  ai_models: z
    .strictObject({
      level: level.optional(),
      include_model_loading: z.boolean().optional(),
      include_memory_usage: z.boolean().optional(),
    })
    .optional(),
  generation: z
    .strictObject({
      level: level.optional(),
      include_timing: z.boolean().optional(),
      /** The request itself, prompt and word included. */
      include_parameters: z.boolean().optional(),
    })
    .optional(),
})
/** As the settings file has it: whatever is left out is the default. */
export type LoggingInput = z.infer<typeof loggingSchema>

type Level = (typeof LEVELS)[number]
export interface LoggingSettings {
  level: Level
  ai_models: { level: Level; include_model_loading: boolean; include_memory_usage: boolean }
  generation: { level: Level; include_timing: boolean; include_parameters: boolean }
}

/** Words and prompts are a user's own matter: they are logged only where someone asks for them. */
const DEFAULTS: LoggingSettings = {
  level: 'info',
  ai_models: { level: 'info', include_model_loading: true, include_memory_usage: true },
  generation: { level: 'info', include_timing: true, include_parameters: false },
}

/**
 * The settings with their defaults. ZIHUA_LOG_LEVEL, ZIHUA_LOG_AI_MODELS_INCLUDE_MEMORY_USAGE and so on win over the file;
 * a value that is none of the switch's is ignored.
 */
export function completeLogging(
  input: LoggingInput | null = {},
  env: NodeJS.ProcessEnv = process.env,
): LoggingSettings {
  const common = levelOf(env['ZIHUA_LOG_LEVEL']) ?? input?.level ?? DEFAULTS.level
  const section = <Section extends 'ai_models' | 'generation'>(name: Section): LoggingSettings[Section] => {
    const written: Record<string, unknown> = { ...DEFAULTS[name], level: common, ...given(input?.[name] ?? {}) }
    for (const key of Object.keys(written)) {
      const text = env[`ZIHUA_LOG_${name}_${key}`.toUpperCase()]
      const value = key === 'level' ? levelOf(text) : switchOf(text)
      if (value !== undefined) written[key] = value
    }
    return written as unknown as LoggingSettings[Section]
  }
  return { level: common, ai_models: section('ai_models'), generation: section('generation') }
}

const given = (fields: object) => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))

const levelOf = (text: string | undefined): Level | undefined => LEVELS.find(known => known === text)

function switchOf(text: string | undefined): boolean | undefined {
  if (text === 'true' || text === '1') return true
  return text === 'false' || text === '0' ? false : undefined
}
