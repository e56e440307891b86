/** What computes the next picture, and how its memory is used. */
import type { ProfileName } from '../contract/vocabulary.ts'
import type { LoadOptions } from '../engine/network.ts'
import type { RetentionPolicy } from '../engine/network-cache.ts'
import type { Phrase } from '../faults/studio-error.ts'
import type { Provider } from '../graph/op-profiles.ts'

/** How networks are loaded and kept. */
export interface InferenceSettings {
  load: LoadOptions
  retention: RetentionPolicy
}

/** One profile, as this machine's engine is told of it. */
export interface Rung {
  profile: ProfileName
  settings: InferenceSettings
}

export interface EngineChoice {
  provider: Provider
  /** The card that computes, by its name; null for the processor, or where the system names none. */
  device: string | null
  /** The profile to begin with, and those that take its place when memory runs out. */
  ladder: readonly [Rung, ...Rung[]]
  /** The user has named the profile: it is not exchanged before it was tried. */
  fixed: boolean
  /** Memory that is free on the card that computes, bytes; null: the processor's own decides. */
  cardFree: number | null
  /** What memory was measured to be: MachineFacts.factors. */
  factors: Readonly<Record<string, number>>
  /** What was asked for and cannot be had: another provider than the one that computes. */
  notices: readonly Phrase[]
}

/** What made a picture: part of its record. */
export interface EngineUsed {
  provider: Provider
  profile: ProfileName
}

/** How the networks of a picture were loaded, as far as it may change its numbers. */
export interface Computed {
  load: LoadOptions
  /** The decoder cut the picture into so many. */
  tiles: number
}
