/**
 * What happened and what to do, in the designer's language. The host writes English and sends the values that it is made
 * of; what has no key (another program's words, or a failure that an older version kept) stays as it came.
 */
import type { Phrase } from '../../../core/faults/studio-error.ts'
import * as ru from './ru/index.ts'
import * as zh from './zh/index.ts'

export interface Told {
  message: string
  hint: string
}

/** A report of whatever kind, as far as it is read here. */
export type Report = Phrase & { hint: string }

type Say<T> = Readonly<Record<string, (values: never) => T>>

/** English is what the host sends. */
const OTHERS: Readonly<Record<string, { faults: Say<readonly [string, string]>; phrases: Say<string> }>> = { ru, zh }

/** Both sentences of a report. */
export function sentence(report: Report, language: string): Told {
  const { message, hint } = report
  const found = say(OTHERS[language]?.faults, report, language)
  return found ? { message: found[0], hint: found[1] } : { message, hint }
}

/** Both in a row. */
export function sentences(report: Report, language: string): string {
  const { message, hint } = sentence(report, language)
  return `${message} ${hint}`
}

/** A part of a sentence, or the first one of a report. */
export function words(part: Phrase, language: string): string {
  const other = OTHERS[language]
  return say(other?.phrases, part, language) ?? say(other?.faults, part, language)?.[0] ?? part.message
}

function say<T>(catalogue: Say<T> | undefined, { key, values = {} }: Phrase, language: string): T | null {
  if (!catalogue || key === undefined || !Object.hasOwn(catalogue, key)) return null
  try {
    return catalogue[key](spoken(values, language) as never)
  } catch {
    // Kept by a version that gave other values.
    return null
  }
}

const isPhrase = (value: unknown): value is Phrase => typeof value === 'object' && value !== null && 'message' in value

/** The values with every phrase among them in the language. */
function spoken(values: object, language: string): object {
  const one = (value: unknown) => (isPhrase(value) ? words(value, language) : value)
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, Array.isArray(value) ? value.map(one) : one(value)]),
  )
}
