import type { Faults, Phrases, ValuesOf } from '../../../core/faults/fault.ts'
import type { ForeignPhrases } from '../../../core/faults/issue.ts'
import type { Sentences } from '../../../core/faults/says.ts'

/** Every fault of core/faults in another language, from the same values; phrases among these are words of it by then. */
export type ToldFaults = { readonly [Key in keyof Faults]: (values: ValuesOf<Faults[Key]>) => Sentences }

export type ToldPhrases = { readonly [Key in keyof Phrases]: (values: ValuesOf<Phrases[Key]>) => string } & {
  readonly [Key in keyof ForeignPhrases]: (values: ForeignPhrases[Key]) => string
}

/** Those of one file of core/faults. */
export type Told<Area> = Pick<ToldFaults, keyof Area & keyof ToldFaults>
