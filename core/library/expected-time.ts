/** How long a picture will take, by what each stage of this model's last pictures took. */
import type { Request } from '../contract/request.ts'
import { LATENT_STRIDE, latentTiling, tileCount, tilingOf } from '../engine/tiles.ts'
import { startOf } from '../generate/flat-colours.ts'
import { tileSizeOf } from '../generate/prepare-job.ts'

/** A picture that was made, and what its stages took, milliseconds. */
export interface TimedPicture {
  request: Request
  timings: Readonly<Record<string, number>>
}

type Stage = 'maps' | 'encode' | 'load' | 'init' | 'control' | 'step' | 'decode'
const STAGES: readonly Stage[] = ['maps', 'encode', 'load', 'init', 'control', 'step', 'decode']

/** An encoder's work in parts of a decoder's, where no picture was read yet. */
const ENCODER_SHARE = 0.5

/**
 * What maps take whatever their size (fonts, strokes, handing over), in megapixels. Measured by bench:larger on a busy machine: 2048²
 * took 1.7 times what 512² did, not sixteen times; between the two, as a quiet one has less to wait for.
 */
const MAPS_START = 1

/** How much work each stage has: megapixels, times how often they are gone over; 1 where it does not depend on the picture. */
function workOf(request: Request): Record<Stage, number> {
  const { width, height, steps, controls, controlImages, upscale } = request
  const painted = (height: number, width: number, tiles: number) => (tiles * height * width * LATENT_STRIDE ** 2) / 1e6
  const tiling = latentTiling({ width, height }, tileSizeOf(upscale))
  const area = painted(tiling.height, tiling.width, tileCount(tiling))
  const vae = upscale
    ? tilingOf(height / LATENT_STRIDE, width / LATENT_STRIDE, Math.max(tiling.height, tiling.width))
    : tiling
  const seen = painted(vae.height, vae.width, tileCount(vae))
  const start = startOf(request)
  const run = start ? Math.trunc(steps * start.strength) : steps
  const drawn = Object.values(controls ?? {}).filter(({ weight }) => weight > 0).length
  const controlled = drawn + (controlImages?.length ?? 0)
  return {
    maps: drawn * (MAPS_START + (width * height) / 1e6),
    ...{ encode: 1, load: 1, init: start ? seen : 0 },
    ...{ control: controlled * area, step: run * area, decode: seen },
  }
}

/** Milliseconds; null where nothing was painted with this model yet. */
export function expectedTime(request: Request, made: readonly TimedPicture[]): number | null {
  const stages = expectedStages(request, made)
  return stages && Object.values(stages).reduce((sum, milliseconds) => sum + milliseconds, 0) * request.count
}

/** The same of each stage of one picture. @param made the newest first */
export function expectedStages(request: Request, made: readonly TimedPicture[]): Record<Stage, number> | null {
  const past = made.flatMap(({ request, timings }) => (timings['step'] ? [{ work: workOf(request), timings }] : []))
  if (past.length === 0) return null
  const rates = (stage: Stage) =>
    past.flatMap(({ work, timings }) =>
      work[stage] > 0 && timings[stage] !== undefined ? timings[stage] / work[stage] : [],
    )
  const rate = (stage: Stage): number => {
    const known = rates(stage).sort((a, b) => a - b)
    // Of two, the mean: one of them may have begun with everything cold.
    if (known.length > 0) return (known[known.length >> 1] + known[(known.length - 1) >> 1]) / 2
    return stage === 'init' ? ENCODER_SHARE * rate('decode') : 0
  }
  const work = workOf(request)
  return Object.fromEntries(STAGES.map(stage => [stage, work[stage] > 0 ? rate(stage) * work[stage] : 0])) as Record<
    Stage,
    number
  >
}
