/** Makes several tries and keeps the picture in which the word can be read best. */

import type { Request } from '../contract/request.ts'
import { MAPS } from '../contract/vocabulary.ts'
import type { GeneratedPicture, GenerateOptions } from '../generate/ai-image-generator.ts'
import type { Judgement } from '../legibility/legibility-worker.ts'
import { legibilityOf, type PictureMaker } from './maker.ts'

/** The picture that was kept, its score, and how many were made. */
export interface BestPicture {
  picture: GeneratedPicture
  /** null where no word was drawn. */
  legibility: Judgement | null
  tries: number
  /** Factor on the request's weights. */
  scale: number
}

/** The largest weight that a request may have (core/contract/request.ts). */
const LARGEST_WEIGHT = 2
/** Beyond this the maps crowd out the style. */
const LARGEST_SCALE = 2

async function make(maker: PictureMaker, request: Request, options: GenerateOptions): Promise<BestPicture> {
  const [picture] = await maker.generate({ ...request, count: 1 }, options)
  const legibility = await legibilityOf(picture)
  return { picture, legibility, tries: 1, scale: 1 }
}

/** What cannot be judged comes last. */
const scoreOf = ({ legibility }: BestPicture) => legibility?.score ?? 0

/**
 * Makes `n` pictures from consecutive seeds and keeps the one that is read best; of equals the first.
 * @throws StudioError whatever the maker throws
 */
export async function keepBest(
  maker: PictureMaker,
  request: Request,
  n: number,
  options: GenerateOptions,
): Promise<BestPicture> {
  let best = await make(maker, request, options)
  for (let i = 1; i < n; i++) {
    const next = await make(maker, { ...request, seed: request.seed + i }, options)
    const [kept, left] = scoreOf(next) > scoreOf(best) ? [next, best] : [best, next]
    await maker.release?.(left.picture)
    best = kept
  }
  return { ...best, tries: Math.max(1, n) }
}

export interface LegibleTarget {
  /** 0..1; 0.5 is where a reader hesitates. */
  target: number
  /** Pictures made at most. */
  tries: number
}

/**
 * Raises all control weights by the smallest common factor with which the word can be read: tries the request as it is,
 * then
 * the largest factor, then bisects between the last failure and the last success.
 * @returns the smallest factor that reached the target, or the best picture where none did
 * @throws StudioError whatever the maker throws
 */
export async function keepLegible(
  maker: PictureMaker,
  request: Request,
  { target, tries }: LegibleTarget,
  options: GenerateOptions,
): Promise<BestPicture> {
  let best = await make(maker, request, options)
  let used = 1
  const weights = [
    ...MAPS.map(map => request.controls?.[map].weight ?? 0),
    ...(request.controlImages ?? []).map(c => c.weight),
  ]
  const heaviest = Math.max(...weights)
  if (scoreOf(best) >= target || best.legibility?.score == null || heaviest === 0) return best
  let [low, high] = [1, Math.max(1, Math.min(LARGEST_SCALE, LARGEST_WEIGHT / heaviest))]
  let next = high
  let reached: BestPicture | null = null
  while (used < tries && high - low > 0.02) {
    const made = { ...(await make(maker, scaled(request, next), options)), scale: next }
    used++
    if (scoreOf(made) > scoreOf(best)) best = made
    if (scoreOf(made) >= target) [reached, high] = [made, next]
    else if (next === high)
      break // already at the maximum
    else low = next
    next = (low + high) / 2
  }
  return { ...(reached ?? best), tries: used }
}

function scaled(request: Request, scale: number): Request {
  const controls = request.controls && structuredClone(request.controls)
  if (controls) for (const map of MAPS) controls[map].weight = Math.min(LARGEST_WEIGHT, controls[map].weight * scale)
  const controlImages = request.controlImages?.map(control => ({
    ...control,
    weight: Math.min(LARGEST_WEIGHT, control.weight * scale),
  }))
  return { ...request, controls, controlImages: controlImages ?? null }
}
