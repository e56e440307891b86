/** The test picture of a kind: a worker's beside the producer's. */
import { z } from 'zod'
import type { Sameness } from '../contract/vocabulary.ts'
import { fault } from '../faults/fault.ts'
import { StudioError } from '../faults/studio-error.ts'
import { type Judgement, judgeInWorker } from '../legibility/legibility-worker.ts'
import type { Gray, Raster } from '../raster/raster.ts'
import { reportSchema } from './report.ts'
import type { Painted, ReadResult } from './result.ts'

/**
 * How far a worker's test picture may be from the producer's where only the look counts. Other kernels move pixels by a level
 * or two on average; another model, style or seed moves them by tens (core/farm/canary.test.ts measures both).
 */
export const LIMITS = { difference: 12, legibility: 0.15 }

export const admissionSchema = z.object({
  admitted: z.boolean(),
  refusal: reportSchema.nullable(),
  /** Hash of the picture that was judged. */
  of: z.string().optional(),
})
export type Admission = z.infer<typeof admissionSchema>

/** Why a worker does not join; null: it does. */
export async function judgeCanary(ours: Painted, theirs: ReadResult, same: Sameness): Promise<StudioError | null> {
  const { worker, outcome } = theirs
  if ('error' in outcome) return StudioError.from(outcome.error)
  const difference = meanDifference(ours.image, outcome.picture.image)
  if (same === 'exact') return difference === 0 ? null : differs(worker, difference, 0)
  const legibility = await legibilityLost(ours, outcome.picture)
  return difference <= LIMITS.difference && legibility <= LIMITS.legibility
    ? null
    : differs(worker, difference, legibility)
}

const differs = (worker: string, difference: number, legibility: number) =>
  fault('farmCanaryDiffers', { worker, difference: difference.toFixed(2), legibility: legibility.toFixed(2) })

/** Both are scored against the producer's mask: a worker's own could say anything. */
async function legibilityLost(ours: Painted, theirs: Painted): Promise<number> {
  const { mask } = ours
  if (!mask) return 0
  const [before, after] = await Promise.all([scoreOf(ours, mask), scoreOf(theirs, mask)])
  return Math.max(0, (before.score ?? 0) - (after.score ?? 0))
}

/** Of pictures that were scored before: the producer's is beside every worker's. */
const scored = new WeakMap<Painted, Promise<Judgement>>()

function scoreOf(painted: Painted, mask: Gray): Promise<Judgement> {
  const known = scored.get(painted)
  if (known) return known
  const scoring = judgeInWorker(painted.image, { word: null, layout: null, mask })
  scored.set(painted, scoring)
  scoring.catch(() => scored.delete(painted))
  return scoring
}

/** Mean absolute difference of two pictures of one size, 0..255. */
export function meanDifference(a: Raster, b: Raster): number {
  if (a.data.length !== b.data.length) return 255
  let sum = 0
  for (let i = 0; i < a.data.length; i++) sum += Math.abs(a.data[i] - b.data[i])
  return sum / a.data.length
}
