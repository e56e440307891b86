/**
 * Sketches: what is on the desk, painted in a fraction of a picture's time while one types. They are shown and kept nowhere.
 *
 * Four steps of DPM++ 2M on Karras' timesteps without guidance are four evaluations of the networks where the draft's picture
 * takes twenty. Layout, colours and the word are those of the picture of the same seed; fine texture and strong contrast are not
 * there yet (models/draft/README.md, "Sketches").
 */
import type { Request, RequestInput } from '../contract/request.ts'
import { isDraftName } from '../contract/vocabulary.ts'
import type { Studio } from '../generate/studio.ts'
import type { PictureMaker } from '../library/maker.ts'
import { DRAFT } from '../machine/draft-folder.ts'
import type { StudioQueue } from '../queue/studio-jobs.ts'
import type { Sketch } from './api/studio.ts'
import type { Blobs } from './blobs.ts'

/** What of a request is set aside for a sketch. */
export const QUICK = { steps: 4, guidanceScale: 1, sampler: 'dpmpp_2m_karras', count: 1 } as const
/** Longer side of a sketch, pixels: the draft was trained at this one. */
const SIDE = 512
/** Sides are multiples of it, so that latents have whole numbers at every depth of the networks. */
const GRAIN = 64

export interface SketchParts {
  studio: Pick<Studio, 'dataFolder' | 'registry'>
  maker: PictureMaker
  queue: StudioQueue
  blobs: Blobs
}

export class Sketches {
  readonly #parts: SketchParts
  #running: AbortController | null = null

  constructor(parts: SketchParts) {
    this.#parts = parts
    // Whoever asked for a picture waits for it: a sketch does not take its cores.
    parts.queue.subscribe(event => {
      if (event.kind === 'changed' && event.job.state === 'running') this.#running?.abort()
    })
  }

  /**
   * Paints a sketch; a newer one takes the place of the older.
   * @returns null where a job has the machine, a newer sketch was asked for, or the model is not the draft
   * @throws StudioError for a request that cannot be painted
   */
  async paint(input: RequestInput, signal?: AbortSignal): Promise<Sketch | null> {
    const { studio, maker, blobs } = this.#parts
    this.#running?.abort()
    this.#running = null
    if (this.#isBusy()) return null
    const own = new AbortController()
    this.#running = own
    try {
      if (!(await this.#isDraft(input.model ?? DRAFT))) return null
      const { upscale: _, ...whole } = input
      const base = studio.dataFolder
      const request = sketchOf(await maker.complete({ ...whole, ...QUICK }, base))
      if (own.signal.aborted) return null
      const both = signal ? AbortSignal.any([own.signal, signal]) : own.signal
      const [{ image }] = await maker.generate(request, { base, signal: both })
      const { width, height } = image
      return own.signal.aborted ? null : { url: await blobs.put(image), width, height }
    } catch (error) {
      if (own.signal.aborted) return null
      throw error
    } finally {
      if (this.#running === own) this.#running = null
    }
  }

  #isBusy(): boolean {
    const { queue } = this.#parts
    return queue.count('running') > 0 || (!queue.paused && queue.count('waiting') > 0)
  }

  async #isDraft(model: string): Promise<boolean> {
    if (isDraftName(model)) return true
    const known = await this.#parts.studio.registry.list()
    return known.some(({ builtIn, path }) => builtIn && path === model)
  }
}

/** The request at the size of a sketch, its shape kept as far as the grain allows. */
function sketchOf(request: Request): Request {
  const scale = Math.min(1, SIDE / Math.max(request.width, request.height))
  if (scale === 1) return request
  const side = (length: number) => Math.max(GRAIN, Math.round((length * scale) / GRAIN) * GRAIN)
  return { ...request, width: side(request.width), height: side(request.height) }
}
