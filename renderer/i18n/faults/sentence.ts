/**
 * Translates error reports into the user's language. The host writes English and sends the key and values of each sentence;
 * a report without a key (from another program, or stored by an older version) stays in English, as does one in a language
 * that has not been loaded.
 */
import type { Phrase } from '../../../core/faults/studio-error.ts'

/** What happened, and what to do about it. */
export interface Sentences {
  message: string
  hint: string
}

/** The fields of a report that are translated. */
export type Report = Phrase & { hint: string }

/** Sentences by the key of their fault. */
type Catalogue<T> = Readonly<Record<string, (values: never) => T>>

export interface Translation {
  faults: Catalogue<readonly [string, string]>
  phrases: Catalogue<string>
}

/** By language; English is what the host sends. */
const translations = new Map<string, Translation>()

export const addTranslation = (language: string, translation: Translation): void => {
  translations.set(language, translation)
}

/** Both sentences of a report. */
export function sentence(report: Report, language: string): Sentences {
  const { message, hint } = report
  const found = lookUp(translations.get(language)?.faults, report, language)
  return found ? { message: found[0], hint: found[1] } : { message, hint }
}

/** Both sentences as one text. */
export function sentences(report: Report, language: string): string {
  const { message, hint } = sentence(report, language)
  return `${message} ${hint}`
}

/** A part of a sentence, or the first sentence of a report. */
export function words(part: Phrase, language: string): string {
  const other = translations.get(language)
  return lookUp(other?.phrases, part, language) ?? lookUp(other?.faults, part, language)?.[0] ?? part.message
}

function lookUp<T>(catalogue: Catalogue<T> | undefined, { key, values = {} }: Phrase, language: string): T | null {
  if (!catalogue || key === undefined || !Object.hasOwn(catalogue, key)) return null
  try {
    return catalogue[key](translated(values, language) as never)
  } catch {
    // Stored by a version whose sentence had other values.
    return null
  }
}

const isPhrase = (value: unknown): value is Phrase => typeof value === 'object' && value !== null && 'message' in value

/** The values, with every phrase among them translated. */
function translated(values: object, language: string): object {
  const one = (value: unknown) => (isPhrase(value) ? words(value, language) : value)
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, Array.isArray(value) ? value.map(one) : one(value)]),
  )
}
