/** Does a picture fit into memory, with which profile, and what else would fit. */
import { readFileSync } from 'node:fs'
import type { ProfileName } from '../contract/vocabulary.ts'
import { fitToMemory, type MachineMemory, machineMemory, unfoldedBytes } from '../engine/memory.ts'
import { batchOf, type LoadOptions } from '../engine/network.ts'
import { LATENT_STRIDE, latentTiling } from '../engine/tiles.ts'
import { fault, phrase } from '../faults/fault.ts'
import type { Phrase } from '../faults/studio-error.ts'
import type { Model } from '../weights/types.ts'
import type { Rung } from './engine-choice.ts'
import { estimatePicture, type MemoryEstimate, type PictureShape } from './estimate.ts'
import type { Factors } from './factors.ts'

/** A profile with what the picture would take under it. */
export interface WeighedRung {
  profile: ProfileName
  rung: Rung
  /** As the networks would be loaded. */
  options: LoadOptions
  estimate: MemoryEstimate
  fits: boolean
}

/** Of the memory that is free, what an estimate may take: it may be a tenth too low. */
const SHARE = 0.9
/** Sizes that are offered in place of one that does not fit, as parts of its sides. */
const SMALLER = [0.75, 0.5, 0.375, 0.25]
const SIDE_GRAIN = 64
const SMALLEST_SIDE = 256

export interface Room {
  /** Bytes that the picture's process may have in all: what is free, and what it has already. */
  available: number
  /** The machine's, for what the processor computes. */
  total: number
}

/** What this process may have. @param held bytes of it that would be given back first; read from the system where not given */
export function roomHere(held = ownBytes(), { total, free }: MachineMemory = machineMemory()): Room {
  return { total, available: Math.min(total, free + held) }
}

/** Memory of this process that no other may have, bytes: mapped files not counted where the system tells them apart. */
export const ownBytes = (): number => ownBytesOf('self') ?? process.memoryUsage.rss()

/** The same of another process; null where the system does not tell. */
export function ownBytesOf(pid: number | 'self'): number | null {
  try {
    const kilobytes = /^RssAnon:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return kilobytes === undefined ? null : Number(kilobytes) * 1024
  } catch {
    // Only Linux has it, and only while the process lives.
    return null
  }
}

/** So far from full that nothing need be built to know that it fits: a picture of the usual size begins at once. */
export function surelyFits(model: Model, shape: PictureShape, { available }: Room, pictures = 1): boolean {
  const { height, width } = latentTiling(shape, shape.tiling)
  const run = height * width * LATENT_STRIDE ** 2
  // Measured: SDXL's decoder takes 5,000 bytes a pixel, its step 2,000; arrays of the whole take up to 40.
  const arrays = shape.tiling ? 40 * shape.width * shape.height : 0
  return 1.2 * unfoldedBytes(model) + (8000 * run + arrays) * pictures + 300e6 < available / 2
}

/** How networks are loaded under a profile, on this machine. */
export function optionsOf(model: Model, { settings }: Rung, { available, total }: Room): LoadOptions {
  return fitToMemory(model, settings.load, settings.retention.budgetBytes, { total, free: available })
}

export function weigh(model: Model, rung: Rung, shape: PictureShape, room: Room, factors: Factors): WeighedRung {
  const options = optionsOf(model, rung, room)
  const estimate = estimatePicture(model, options, rung.settings.retention, shape, factors)
  return { profile: rung.profile, rung, options, estimate, fits: estimate.total <= room.available * SHARE }
}

export interface Admission {
  rung: Rung
  options: LoadOptions
  /** It is not the profile that was asked for. */
  lowered: boolean
  /** null where it was plain without one. */
  estimate: MemoryEstimate | null
}

/**
 * The first profile of the ladder that fits.
 * @param fixed the user has named the first: no other is taken in its place
 * @throws StudioError 'out-of-memory' where none does, with what would fit
 */
export function admit(
  model: Model,
  { ladder, fixed }: { ladder: readonly Rung[]; fixed: boolean },
  shape: PictureShape,
  room: Room,
  factors: Factors,
): Admission {
  if (surelyFits(model, shape, room, batchOf(shape.count ?? 1, ladder[0].settings.load)))
    return { rung: ladder[0], options: optionsOf(model, ladder[0], room), lowered: false, estimate: null }
  const weighed: WeighedRung[] = []
  for (const rung of ladder) {
    const one = weigh(model, rung, shape, room, factors)
    weighed.push(one)
    if (one.fits && (!fixed || weighed.length === 1)) {
      return { rung, options: one.options, lowered: weighed.length > 1, estimate: one.estimate }
    }
  }
  const least = fixed ? weighed[0] : weighed.reduce((a, b) => (b.estimate.total < a.estimate.total ? b : a))
  throw fault('doesNotFit', {
    needed: gigabytes(neededBy(least.estimate), Math.ceil),
    free: gigabytes(room.available, Math.floor),
    offers: offersOf(model, weighed, shape, room, factors),
  })
}

/** What would fit, in words: a smaller profile of the ladder, or the largest smaller size. */
export function offersOf(
  model: Model,
  weighed: readonly WeighedRung[],
  shape: PictureShape,
  room: Room,
  factors: Factors,
): Phrase[] {
  const offers = weighed.filter(({ fits }) => fits).map(({ profile }) => phrase('offerProfile', { profile }))
  const smallest = weighed.at(-1)!
  for (const part of SMALLER) {
    const [width, height] = [shape.width, shape.height].map(side => Math.round((side * part) / SIDE_GRAIN) * SIDE_GRAIN)
    if (Math.min(width, height) < SMALLEST_SIDE) break
    const smaller = { ...shape, width, height }
    if (!weigh(model, smallest.rung, smaller, room, factors).fits) continue
    offers.push(phrase('offerSize', { width, height, profile: smallest.profile }))
    break
  }
  return offers
}

/** Memory that must be free for it to be tried, bytes: an estimate may be a tenth too low. */
export const neededBy = ({ total }: MemoryEstimate): number => total / SHARE

/** Of bytes, to one decimal. */
const gigabytes = (bytes: number, round: (value: number) => number): number => round(bytes / 1e8) / 10
