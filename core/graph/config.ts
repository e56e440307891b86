/** Reads config.json: every size comes from it, and a value that these graphs do not know is an error that names it. */

import { fault, phrase } from '../faults/fault.ts'
import type { Phrase } from '../faults/studio-error.ts'

export type Config = Readonly<Record<string, unknown>>

function fail(what: string, field: string, value: unknown, expected: Phrase): never {
  throw fault('configUnsupported', { what, field, value: JSON.stringify(value) ?? 'nothing', expected })
}

/** A reader over one config; `what` names the network in errors. */
export class ConfigReader {
  readonly what: string
  readonly #config: Config
  constructor(what: string, config: Config) {
    this.what = what
    this.#config = config
  }

  int(key: string, fallback?: number): number {
    const value = this.#config[key] ?? fallback
    if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > 1_000_000) {
      return fail(this.what, key, value, phrase('wholeNumberExpected'))
    }
    return value
  }

  float(key: string, fallback?: number): number {
    const value = this.#config[key] ?? fallback
    return typeof value === 'number' && Number.isFinite(value)
      ? value
      : fail(this.what, key, value, phrase('numberExpected'))
  }

  bool(key: string, fallback: boolean): boolean {
    const value = this.#config[key] ?? fallback
    return typeof value === 'boolean' ? value : fail(this.what, key, value, phrase('booleanExpected'))
  }

  /** A list of whole numbers; one number stands for all. */
  ints(key: string, length?: number, fallback?: number | number[]): number[] {
    const value = this.#config[key] ?? fallback
    const list = typeof value === 'number' && length !== undefined ? new Array<unknown>(length).fill(value) : value
    const good =
      Array.isArray(list) && list.length > 0 && list.length <= 16 && list.every(n => Number.isInteger(n) && n >= 0)
    if (!good || (length !== undefined && list.length !== length)) {
      return fail(this.what, key, value, phrase('wholeNumbersExpected', { count: length ?? null }))
    }
    return list as number[]
  }

  oneOf<T extends string>(key: string, known: readonly T[], fallback?: T): T {
    const value = this.#config[key] ?? fallback
    return known.includes(value as T)
      ? (value as T)
      : fail(this.what, key, value, phrase('knownAre', { names: known.join(', ') }))
  }

  names<T extends string>(key: string, known: readonly T[]): T[] {
    const value = this.#config[key]
    if (!Array.isArray(value) || value.length === 0 || !value.every(item => known.includes(item))) {
      return fail(this.what, key, value, phrase('knownAre', { names: known.join(', ') }))
    }
    return value as T[]
  }

  /** Switches of the reference implementation that change the arithmetic and that no SDXL model uses: each must be as given, or absent. */
  expect(fixed: Readonly<Record<string, unknown>>): void {
    for (const [key, expected] of Object.entries(fixed)) {
      const value = this.#config[key]
      if (value === undefined || value === null || value === expected) continue
      fail(this.what, key, value, phrase('onlyKnown', { value: JSON.stringify(expected) }))
    }
  }
}
