/**
 * The studio's inference processes: one with all cores for single pictures, and lanes that share the cores for pictures
 * of a set.
 */
import type { MemoryWishes } from '../../contract/request.ts'
import type { ProfileName } from '../../contract/vocabulary.ts'
import { machineMemory } from '../../engine/memory.ts'
import { batchOf, type LoadOptions } from '../../engine/network.ts'
import { phrase } from '../../faults/fault.ts'
import { type Phrase, StudioError } from '../../faults/studio-error.ts'
import type { Provider } from '../../graph/op-profiles.ts'
import type { EngineChoice, Rung } from '../../machine/engine-choice.ts'
import type { MemoryRecord } from '../../machine/memory-monitor.ts'
import { memoryReturned } from '../../machine/memory-return.ts'
import { oomKills } from '../../machine/oom-kills.ts'
import type { PipelineJob, PipelinePreparation } from '../../pipeline/job.ts'
import { type ClientOptions, DEFAULT_SETTINGS, InferenceClient, type JobOptions } from './client.ts'
import { type Fingerprint, fingerprintFor } from './fingerprint.ts'
import { isSmall, mostLanes, shareOf } from './lane-limits.ts'
import { kindOf, LaneSpeed } from './lane-speed.ts'
import { Lanes } from './lanes.ts'
import type { EngineOrder, Holding, PaintReply } from './protocol.ts'

export interface PoolJobOptions extends JobOptions, MemoryWishes {
  /** One of many pictures: throughput counts, not the time of this one. */
  together?: boolean
}

export interface PoolOptions extends ClientOptions {
  /** For single pictures, started already. */
  main?: InferenceClient
  /** What computes each picture, and how memory is used. Default: `settings`, whatever they take. */
  choose?: (profile?: ProfileName) => Promise<EngineChoice>
  /** Memory that is free on the card that computes, bytes. */
  cardFree?: () => Promise<number | null>
  /** Hears of every job that was painted by itself, and says what the user should know of it. */
  onPainted?: (job: PipelineJob, reply: PaintReply) => Promise<readonly Phrase[]>
  /** Bytes beside the networks beyond which a process is replaced. Default 1.5 GB. */
  boundBytes?: number
}

export interface PoolReply extends PaintReply {
  /** What decided the bytes of these pictures. */
  made: Fingerprint
}

/** Networks that nobody has used for so long are given back; a user's setting. */
const IDLE_MS = 10 * 60_000

/**
 * A process whose own memory has grown beyond this much of what its networks were planned to hold is replaced between two
 * pictures: engines and drivers have leaked, and only the end of a process gives everything back.
 */
const BOUND = { factor: 1.5, bytes: 1.5e9 }

export class InferencePool {
  readonly #main: InferenceClient
  readonly #lanes: Lanes | null
  readonly #options: PoolOptions
  readonly #atOnce: number
  readonly #memory: MemoryRecord[] = []
  #provider: Provider
  /** The card that was chosen last; null: the processor. */
  #device: string | null = null
  /** As the networks are loaded by the profile that was chosen last. */
  #load: LoadOptions
  /** Jobs under way. */
  #busy = 0
  #idle: NodeJS.Timeout | undefined
  #idleMs = IDLE_MS
  /** What decides whether lanes are used, beside their limits. */
  readonly speed = new LaneSpeed()
  /** Processes that were replaced because they had grown. */
  recycled = 0

  /** @param options.settings for the main process; lanes divide its threads and memory */
  constructor(options: PoolOptions = {}) {
    const settings = options.settings ?? DEFAULT_SETTINGS
    this.#options = options
    this.#atOnce = mostLanes(settings, machineMemory().total)
    this.#provider = settings.load.provider
    this.#load = settings.load
    this.#main = options.main ?? new InferenceClient({ ...options, settings })
    const shared = { ...options, settings: shareOf(settings, this.#atOnce) }
    this.#lanes = this.#atOnce > 1 ? new Lanes(this.#atOnce, () => new InferenceClient(shared)) : null
  }

  /** How many pictures of a small model are made at the same time with `together`. */
  get atOnce(): number {
    return this.#provider === 'cpu' ? this.#atOnce : 1
  }

  /** The ONNX Runtime provider that computed the last picture, or will compute the first where that is known. */
  get provider(): Provider {
    return this.#provider
  }

  /** Ids of the running processes. */
  get pids(): number[] {
    return [this.#main, ...(this.#lanes?.clients ?? [])].flatMap(({ pid }) => pid ?? [])
  }

  /** As InferenceClient.start, for a single picture. */
  start(): void {
    this.#main.start()
  }

  /** As InferenceClient.prepare, for a single picture, with the profile that the picture will be painted with. */
  async prepare(
    preparation: PipelinePreparation,
    { profile, force = false, signal }: MemoryWishes & { signal?: AbortSignal } = {},
  ): Promise<void> {
    this.#begin()
    try {
      const choice = await this.#options.choose?.(profile)
      const engine = choice && orderOf({ ...choice, force }, 1)
      await this.#main.prepare({ ...preparation, ...(engine && { engine }) }, signal ? { signal } : {})
    } finally {
      this.#end()
    }
  }

  /** How many pictures of this size and these files are painted at the same time with `together`. */
  async lanesFor(job: Pick<PipelineJob, 'width' | 'height' | 'files'>): Promise<number> {
    if (!this.#lanes || !this.speed.worthwhile(kindOf(job), this.#atOnce)) return 1
    return (await isSmall(job)) ? this.atOnce : 1
  }

  /** How many of a job's pictures are denoised together. */
  async batchOf(count: number, { profile }: MemoryWishes = {}): Promise<number> {
    if (count === 1) return 1
    const choice = await this.#options.choose?.(profile)
    return batchOf(count, (choice?.ladder[0].settings ?? this.#options.settings ?? DEFAULT_SETTINGS).load)
  }

  /**
   * What decides the bytes of its pictures, by the choice made last; settle() makes one before the first picture. A picture
   * tells its own: a smaller profile may have been taken, or the decoder have cut it into tiles.
   */
  get made(): Fingerprint {
    return fingerprintFor(this.#load, this.#device)
  }

  /** Chooses what will compute, for whoever asks `made` before there is a picture. */
  async settle(): Promise<void> {
    const choice = await this.#options.choose?.()
    if (choice) this.#settled(choice)
  }

  #settled({ provider, device, ladder: [{ settings }] }: EngineChoice): void {
    this.#provider = provider
    this.#device = device
    this.#load = settings.load
  }

  /** What the operations of the last pictures took, the oldest first. */
  get memory(): readonly MemoryRecord[] {
    return this.#memory
  }

  /** After how long without a job the processes end, milliseconds; 0: never. */
  set idleMs(milliseconds: number) {
    this.#idleMs = milliseconds
    this.#rest()
  }

  /**
   * As InferenceClient.run; in a lane where `together` is set and the job is small. The pixels are the same. Where memory runs
   * out, the next smaller profile is tried once, and the result says so.
   */
  async run(
    job: PipelineJob,
    { together = false, profile, force = false, ...options }: PoolJobOptions = {},
  ): Promise<PoolReply> {
    const choice = (await this.#options.choose?.(profile)) ?? null
    if (!choice) return this.#paint(job, null, together, options)
    this.#settled(choice)
    const kills = oomKills()
    try {
      return await this.#paint(job, { ...choice, force }, together, options)
    } catch (error) {
      const [first, ...smaller] = choice.ladder
      if (!ranOut(error, kills) || smaller.length === 0 || options.signal?.aborted) throw error
      await this.#giveBack(choice)
      const ladder = smaller as [Rung, ...Rung[]]
      const result = await this.#paint(job, { ...choice, ladder, force }, together, options)
      const to = result.engine?.profile ?? ladder[0].profile
      return { ...result, notices: [...result.notices, phrase('profileLowered', { from: first.profile, to })] }
    }
  }

  /** Gives all networks back, after the job that runs. */
  async release(): Promise<void> {
    if (this.#busy === 0) await this.stop()
    else await this.#main.release()
  }

  /** Ends all processes; running jobs fail. Settles when they are gone. */
  async stop(): Promise<void> {
    clearTimeout(this.#idle)
    await Promise.all([this.#main.stop(), this.#lanes?.stop()])
  }

  async #paint(
    job: PipelineJob,
    order: (EngineChoice & { force: boolean }) | null,
    together: boolean,
    options: JobOptions,
  ): Promise<PoolReply> {
    this.#begin()
    // Lanes have a share of the threads, and paint the same bytes.
    const { threads } = order ? order.ladder[0].settings.load : this.#load
    const device = order ? order.device : this.#device
    try {
      const lanes = together && (await this.lanesFor(job)) > 1 ? this.#lanes : null
      const engine = order && orderOf(order, lanes ? this.#atOnce : 1)
      const running = (lanes ?? this.#main).run({ ...job, ...(engine && { engine }) }, options)
      // Jobs of the main process are one after another: only lanes would take its cores.
      const resting = () => this.#lanes?.idle === this.#atOnce
      const before = lanes ? lanes.idle === 0 : resting()
      const result = await running
      // run() has freed the lane by now: all were busy if none but this one is idle.
      const after = lanes ? lanes.idle <= 1 : resting()
      if (before && after) this.speed.note(kindOf(job), lanes ? 'together' : 'alone', result.memory)
      this.#memory.push(...result.memory)
      this.#memory.splice(0, this.#memory.length - MEMORY_RECORDS)
      // Lanes share the processor: a step of one is no measure.
      const told = lanes ? [] : ((await this.#options.onPainted?.(job, result).catch(() => null)) ?? [])
      if (!lanes) await this.#recycle(result.holding)
      const { load, tiles } = result.computed
      const made = fingerprintFor({ ...load, ...(threads !== undefined && { threads }) }, device, tiles)
      return { ...result, made, notices: [...result.notices, ...(order?.notices ?? []), ...told] }
    } finally {
      this.#end()
    }
  }

  #begin(): void {
    clearTimeout(this.#idle)
    this.#busy++
  }

  #end(): void {
    this.#busy--
    this.#rest()
  }

  async #recycle({ own, networks }: Holding): Promise<void> {
    if (this.#busy > 1 || own < networks * BOUND.factor + (this.#options.boundBytes ?? BOUND.bytes)) return
    this.recycled++
    await this.#main.stop()
  }

  #rest(): void {
    clearTimeout(this.#idle)
    if (this.#busy === 0 && this.#idleMs > 0) this.#idle = setTimeout(() => void this.stop(), this.#idleMs).unref()
  }

  /** Before a smaller profile is tried: the process ends, and its card's driver has given the memory back. */
  async #giveBack({ cardFree: before, ladder }: EngineChoice): Promise<void> {
    await this.stop()
    const { cardFree } = this.#options
    if (before === null || !cardFree) return
    await memoryReturned({ free: cardFree, before, held: Math.min(before, ladder[0].settings.retention.budgetBytes) })
  }
}

const MEMORY_RECORDS = 400

/** Memory ran out in the process, or the system ended the process because its own did. */
function ranOut(error: unknown, killsBefore: number): boolean {
  if (!(error instanceof StudioError)) return false
  if (error.code === 'out-of-memory') return error.key !== 'doesNotFit'
  return error.code === 'inference-crashed' && oomKills() > killsBefore
}

/** @param lanes that share the threads and the memory */
function orderOf(
  { ladder, fixed, force, cardFree, factors }: EngineChoice & { force: boolean },
  lanes: number,
): EngineOrder {
  const shared = ladder.map(({ profile, settings }) => ({ profile, settings: shareOf(settings, lanes) }))
  return { ladder: shared as [Rung, ...Rung[]], fixed, force, cardFree, factors }
}
