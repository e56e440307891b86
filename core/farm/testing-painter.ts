/** For tests and benchmarks: a painter that takes its time and gives random bytes, the same for the same task. */
import { createHash } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { GeneratedPicture } from '../generate/ai-image-generator.ts'
import { ENGINE, type Fingerprint } from '../processes/painting/fingerprint.ts'
import type { Rgb } from '../raster/raster.ts'
import type { Painter, PaintOptions } from './painter.ts'
import type { Painted } from './result.ts'
import { Slots } from './slots.ts'
import type { Task } from './task.ts'

export interface StubOptions {
  milliseconds?: number
  lanes?: number
  made?: Partial<Fingerprint>
  /** Makes other pictures than a painter with another salt. */
  salt?: string
  /** What comes of each picture, in place of the picture. */
  change?: (painted: Painted) => Painted
  /** Called before each picture; may throw. */
  before?: (task: Pick<Task, 'request'>, signal: AbortSignal) => void | Promise<void>
}

export class StubPainter implements Painter {
  readonly lanes: number
  readonly made: Fingerprint
  /** Ids of the tasks that it has painted. */
  readonly painted: string[] = []
  readonly #options: StubOptions
  readonly #slots: Slots

  constructor(options: StubOptions = {}) {
    this.#options = options
    this.lanes = options.lanes ?? 1
    this.#slots = new Slots(this.lanes)
    this.made = { ...STUB_MADE, ...options.made }
  }

  async lanesFor(): Promise<number> {
    return this.lanes
  }

  async paint(task: Task, { signal, onProgress }: PaintOptions): Promise<Painted> {
    const { milliseconds = 0, before, salt = '', change = painted => painted } = this.#options
    await this.#slots.take(signal)
    try {
      onProgress({ kind: 'stage', stage: 'load' })
      await before?.(task, signal)
      if (milliseconds > 0) await wait(milliseconds, undefined, { signal })
      this.painted.push(task.id)
      return change(stubPicture(task, salt, this.made))
    } finally {
      this.#slots.free()
    }
  }
}

export const STUB_MADE: Fingerprint = {
  provider: 'stub',
  device: 'random bytes',
  engine: ENGINE,
  threads: 1,
  fingerprint: '0123456789abcdef',
}

export function stubPicture(
  { request, prompts }: Pick<Task, 'request' | 'prompts'>,
  salt: string,
  made: Fingerprint,
): Painted {
  const { width, height, word, seed } = request
  const of = `${salt} ${word} ${seed} ${request.style}`
  return {
    ...prompts,
    image: noise(of, width, height),
    ...{ mask: null, word: null, draft: false, notices: [], timings: {}, peakMemory: 0, made, legibility: null },
    ...{ engine: null, memory: [] },
    tokens: { prompt: 1, negativePrompt: null, dropped: 0 },
  }
}

/** Bytes that no compression makes smaller. */
function noise(of: string, width: number, height: number): Rgb {
  const data = createHash('shake256', { outputLength: width * height * 3 })
    .update(of)
    .digest()
  return { width, height, channels: 3, data: Uint8Array.from(data) }
}

/** What a stub gives for a request, as a maker would: the reference of a set. */
export const stubGenerated = (request: Task['request'], prompts: Task['prompts']): Omit<GeneratedPicture, 'files'> => ({
  ...stubPicture({ request, prompts }, '', STUB_MADE),
  request: { ...request, count: 1 },
  trace: null,
})
