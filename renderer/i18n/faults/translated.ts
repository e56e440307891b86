import type { Faults, Phrases, ValuesOf } from '../../../core/faults/fault.ts'
import type { ForeignPhrases } from '../../../core/faults/issue.ts'
import type { Sentences } from '../../../core/faults/says.ts'

/** Every fault of core/faults in another language, from the same values; phrases among the values are translated already. */
export type TranslatedFaults = { readonly [Key in keyof Faults]: (values: ValuesOf<Faults[Key]>) => Sentences }

export type TranslatedPhrases = { readonly [Key in keyof Phrases]: (values: ValuesOf<Phrases[Key]>) => string } & {
  readonly [Key in keyof ForeignPhrases]: (values: ForeignPhrases[Key]) => string
}

/** The faults of one file of core/faults. */
export type Translated<Area> = Pick<TranslatedFaults, keyof Area & keyof TranslatedFaults>
