/**
 * The catalogue of errors: every sentence that a user may read when something fails, written once. Code that throws
 * names
 * the sentence by its key and gives the values. The command line, logs and the API print the English of this folder;
 * the
 * renderer builds the sentence in another language from key and values (renderer/i18n/faults).
 */
import { command } from './command.ts'
import { composition } from './composition.ts'
import { downloads } from './downloads.ts'
import { engine } from './engine.ts'
import { farm } from './farm.ts'
import { host } from './host.ts'
import { image } from './image.ts'
import { library } from './library.ts'
import { machine } from './machine.ts'
import { maps } from './maps.ts'
import { model } from './model.ts'
import { PHRASES } from './phrases.ts'
import { request } from './request.ts'
import type { Fault } from './says.ts'
import { sets } from './sets.ts'
import { troubleOf } from './sqlite.ts'
import { type ErrorReport, type Phrase, StudioError } from './studio-error.ts'
import { style } from './style.ts'
import { weights } from './weights.ts'
import { word } from './word.ts'

export const FAULTS = {
  ...word,
  ...image,
  ...maps,
  ...request,
  ...weights,
  ...model,
  ...engine,
  ...library,
  ...machine,
  ...host,
  ...style,
  ...sets,
  ...command,
  ...downloads,
  ...composition,
  ...farm,
}
export type Faults = typeof FAULTS
export type FaultKey = keyof Faults
export type Phrases = typeof PHRASES

/** Where a sentence takes text, a phrase may be given, which is translated too. */
type Given<V> = {
  [Name in keyof V]: V[Name] extends string
    ? V[Name] | Phrase
    : V[Name] extends readonly string[]
      ? readonly (string | Phrase)[]
      : V[Name]
}

/** The values that a sentence or phrase is built from. */
export type ValuesOf<F> = F extends Fault<infer V> ? V : F extends (values: infer V) => string ? V : never
/** Values may be left out where the sentence has none. */
type Arguments<V> = unknown extends V ? [values?: object] : keyof V extends never ? [values?: V] : [values: Given<V>]
type WithCause<A extends unknown[]> = A extends [values: infer V]
  ? [values: V, options?: ErrorOptions]
  : [values?: object, options?: ErrorOptions]

/** An error of the catalogue: `throw fault('noSuchFont', { font })`. */
export function fault<Key extends FaultKey>(
  key: Key,
  ...[values, options]: WithCause<Arguments<ValuesOf<Faults[Key]>>>
): StudioError {
  const { code, say } = FAULTS[key] as Fault<unknown>
  const given: object = values ?? {}
  const [message, hint] = say(inEnglish(given))
  return new StudioError(code, message, hint, { ...options, key, values: { ...given } })
}

/** A part of a sentence, passed to fault() as one of its values. */
export function phrase<Key extends keyof Phrases>(key: Key, ...[values]: Arguments<ValuesOf<Phrases[Key]>>): Phrase {
  const given: object = values ?? {}
  return { message: (PHRASES[key] as (values: object) => string)(inEnglish(given)), key, values: { ...given } }
}

/**
 * The report of anything that was thrown. An error outside the catalogue is reported under the key `otherwise`, with
 * its own message as the reason.
 */
export function reportOf(error: unknown, otherwise: Unforeseen = 'unexpected'): ErrorReport {
  return faultOf(error, otherwise).report()
}

/** The same as an error; SQLite's and the system's full disk have sentences of their own. */
export function faultOf(error: unknown, otherwise: Unforeseen = 'unexpected'): StudioError {
  if (error instanceof StudioError) return error
  const trouble = troubleOf(error)
  if (trouble === 'busy') return fault('databaseBusy', {}, { cause: error })
  if (trouble === 'full') return fault('databaseFull', {}, { cause: error })
  if (trouble === 'unwritable') return fault('databaseUnwritable', { reason: reasonOf(error) }, { cause: error })
  if (trouble === 'damaged') return fault('databaseUnreadable', {}, { cause: error })
  return fault(otherwise, { reason: reasonOf(error) }, { cause: error })
}

/** Keys whose only value is a reason in another program's words. */
type Unforeseen = {
  [Key in FaultKey]: { reason: string } extends ValuesOf<Faults[Key]> ? Key : never
}[FaultKey]

/** The message of anything that was thrown. */
export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const isPhrase = (value: unknown): value is Phrase => typeof value === 'object' && value !== null && 'message' in value

const wordsOf = (value: unknown): unknown => (isPhrase(value) ? value.message : value)

const inEnglish = (values: object): object =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, Array.isArray(value) ? value.map(wordsOf) : wordsOf(value)]),
  )
