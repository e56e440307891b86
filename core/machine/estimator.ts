/** What a picture will take of memory, told by a thread of its own that ends when nobody asks. */
import { Channel } from '../channel/channel.ts'
import { startThread } from '../channel/endpoint.ts'
import type { ProfileName } from '../contract/vocabulary.ts'
import { fault } from '../faults/fault.ts'
import type { Phrase } from '../faults/studio-error.ts'
import type { Room } from './admission.ts'
import type { EngineChoice } from './engine-choice.ts'
import type { PictureShape } from './estimate.ts'
import type { EstimatedStage } from './factors.ts'

/** Absolute paths. LoRAs change numbers, not sizes. */
export interface EstimateFiles {
  model: string
  controlnet: string | null
  vae: string | null
}

/** Bytes. */
export interface WeighedProfile {
  profile: ProfileName
  fits: boolean
  /** weights + working. */
  total: number
  weights: number
  /** What must be free for it: an estimate may be a tenth too low. */
  needed: number
  /** Values between the layers, arrays, and the process itself. */
  working: number
  /** Parts of weights files that are in memory as long as nobody else wants it. */
  mapped: number
  /** Where the most is taken. */
  stage: EstimatedStage
  /** The decoder cuts the picture into so many. */
  tiles: number
  /** 16-bit weights stay in their files: slower, but it runs. */
  stays: boolean
}

export interface EstimateAnswer {
  /** The profile that would be used first, then smaller ones down to the first that fits. */
  profiles: WeighedProfile[]
  /** It would be painted: with the first profile, or with a smaller one where the user has named none. */
  fits: boolean
  /** Where it does not: what would. */
  offers: Phrase[]
  /** Memory that it may have, bytes. */
  available: number
}

export interface EstimateRequest {
  files: EstimateFiles
  shape: PictureShape
  choice: EngineChoice
  room: Room
}

export interface EstimateCalls {
  estimate: { request: EstimateRequest; event: never; reply: EstimateAnswer | null }
}

const IDLE_MS = 30_000
const DEADLINE_MS = 60_000

export class Estimator {
  #channel: Channel<EstimateCalls> | null = null
  #idle: NodeJS.Timeout | undefined

  /**
   * @returns null for a quantised file whose copy is not made yet: it cannot be told before
   * @throws StudioError 'missing-model', 'bad-weights'; 'cancelled' where the signal aborts
   */
  async estimate(request: EstimateRequest, signal?: AbortSignal): Promise<EstimateAnswer | null> {
    clearTimeout(this.#idle)
    if (!this.#channel || this.#channel.ended) {
      const script = new URL('./estimate-thread.ts', import.meta.url)
      this.#channel = new Channel(startThread(script), { died: ({ how }) => fault('estimateFailed', { how }) })
    }
    try {
      return await this.#channel.call('estimate', request, { signal, deadlineMs: DEADLINE_MS }).reply
    } finally {
      this.#idle = setTimeout(() => void this.close(), IDLE_MS).unref()
    }
  }

  async close(): Promise<void> {
    clearTimeout(this.#idle)
    const channel = this.#channel
    this.#channel = null
    await channel?.kill()
  }
}
