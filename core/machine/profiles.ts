/**
 * How the memory of a machine is used: one table. A profile is chosen by the memory of what computes, and can be overridden
 * (settings, a request's "profile", --profile, ZIHUA_PROFILE).
 */
import { PROFILE_NAMES, type ProfileName } from '../contract/vocabulary.ts'
import type { LoadOptions } from '../engine/network.ts'
import type { RetentionPolicy } from '../engine/network-cache.ts'
import type { OpProfile, Provider } from '../graph/op-profiles.ts'

export interface OptimizationProfile {
  /** Memory of a GPU from which on it is chosen, bytes; null: the processor's. */
  from: number | null
  /** ControlNet and UNet as one graph a step, or as two that a small card's memory takes more easily. */
  step: OpProfile['step']
  /** Runs a guided step takes: two of batch 1 have half of the values between the layers. */
  passes: 1 | 2
  /** Pictures of one job that are denoised together, where their number can be divided so. */
  batch: number
  /** What stays in memory after its use; the rest is loaded again for the next picture. */
  keep: NonNullable<RetentionPolicy['keep']>
  /** Memory that decoding may take, bytes; a picture that needs more is decoded in tiles. null: no limit, or three tenths of the RAM. */
  decodeBytes: number | null
  /** "fitted": 16-bit weights are widened once where RAM allows it, and else stay mapped; "mapped": they stay mapped. */
  weights: 'fitted' | 'mapped'
  /** Tried in its place when memory runs out; null for the smallest. */
  smaller: ProfileName | null
}

// SDXL at 16 bits has 5.1 GB of UNet, 2.5 of ControlNet-Union, 1.6 of text encoders, 0.2 of VAE: 9.4 GB of weights.
// Its decoder takes 5 GB beside them for 1024² at 32 bits in one piece.
const TABLE = {
  // Everything and several sizes fit: nothing is ever given back, nothing is cut.
  ultra: {
    from: 80e9,
    step: 'fused',
    passes: 1,
    batch: 4,
    keep: 'all',
    decodeBytes: null,
    weights: 'fitted',
    smaller: 'high',
  },
  // All networks fit beside 1024²; a decoder of 2048² in one piece would not.
  high: {
    from: 24e9,
    step: 'fused',
    passes: 1,
    batch: 2,
    keep: 'all',
    decodeBytes: 8e9,
    weights: 'fitted',
    smaller: 'medium',
  },
  // The step's 7.6 GB stay; text encoders and VAE, of use once a picture, make room for it.
  medium: {
    from: 10e9,
    step: 'fused',
    passes: 1,
    batch: 1,
    keep: 'denoiser',
    decodeBytes: 3e9,
    weights: 'fitted',
    smaller: 'minimal',
  },
  // One network at a time, half a batch, small tiles: what an 8 GB card can do.
  minimal: {
    from: 0,
    step: 'split',
    passes: 2,
    batch: 1,
    keep: 'nothing',
    decodeBytes: 1e9,
    weights: 'fitted',
    smaller: null,
  },
  // The processor has all of the RAM, whose amount decides: core/engine/memory.ts.
  cpu: {
    from: null,
    step: 'fused',
    passes: 1,
    batch: 1,
    keep: 'all',
    decodeBytes: null,
    weights: 'fitted',
    smaller: 'cpu-small',
  },
  // What is left where even that is too much: weights in their files, one network at a time, half a batch, small tiles.
  'cpu-small': {
    from: null,
    step: 'split',
    passes: 2,
    batch: 1,
    keep: 'nothing',
    decodeBytes: 0.5e9,
    weights: 'mapped',
    smaller: null,
  },
} as const satisfies Record<ProfileName, OptimizationProfile>

export const PROFILES: Readonly<Record<ProfileName, OptimizationProfile>> = TABLE

/**
 * The profile that the memory suggests.
 * @param memory of the GPU, bytes; null where it is not known: the smallest is chosen. For the processor it does not matter.
 */
export function profileFor(provider: Provider, memory: number | null): ProfileName {
  if (provider === 'cpu') return 'cpu'
  const known = memory ?? 0
  return PROFILE_NAMES.find(name => PROFILES[name].from !== null && known >= PROFILES[name].from!)!
}

/** The profile and those that take its place when memory runs out, the next first. */
export function ladderFrom(name: ProfileName): ProfileName[] {
  const { smaller } = PROFILES[name]
  return smaller ? [name, ...ladderFrom(smaller)] : [name]
}

/** A profile of GPUs says nothing to the processor, and the other way round: the one that means the same there. */
export function profileOn(provider: Provider, wanted: ProfileName): ProfileName {
  const forProcessor = PROFILES[wanted].from === null
  if (forProcessor === (provider === 'cpu')) return wanted
  if (provider !== 'cpu') return wanted === 'cpu-small' ? 'minimal' : 'medium'
  return wanted === 'minimal' ? 'cpu-small' : 'cpu'
}

/** What a profile changes in how networks are loaded. `given` is what the provider and its self-test have settled. */
export function loadOptionsOf(name: ProfileName, given: LoadOptions): LoadOptions {
  const { step, passes, batch, decodeBytes, weights } = PROFILES[name]
  const ops = { ...given.ops, step, ...(weights === 'mapped' && given.provider === 'cpu' && { weights }) }
  return {
    ...given,
    passes,
    ...(batch > 1 && { batch }),
    ops,
    ...(decodeBytes !== null && { workingBytes: decodeBytes }),
  }
}
