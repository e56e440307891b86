/**
 * What this machine computes with: its providers, each believed only after a self-test, the profile that its memory suggests,
 * and what the user has settled.
 */
import { availableParallelism } from 'node:os'
import { PROFILE_NAMES, type ProfileName } from '../contract/vocabulary.ts'
import { machineMemory, weightsBudget } from '../engine/memory.ts'
import type { Provider } from '../graph/op-profiles.ts'
import { ownBytesOf, roomHere } from './admission.ts'
import type { EngineChoice, Rung } from './engine-choice.ts'
import type { PictureShape } from './estimate.ts'
import { type EstimateAnswer, type EstimateFiles, Estimator } from './estimator.ts'
import { type MeasuredFactor, refined } from './factors.ts'
import { fromEnvironment } from './from-environment.ts'
import { GPUManager, type MachineStatus } from './gpu/gpu-manager.ts'
import { MachineFile, type MeasuredStep } from './machine-file.ts'
import { ladderFrom, loadOptionsOf, PROFILES, profileFor, profileOn } from './profiles.ts'
import { cardOf, memoryOf } from './providers/order.ts'
import { ProviderSelection, type ProviderVerdict, type Selected, type SelectionOptions } from './providers/selection.ts'
import { hasSpilled } from './spill.ts'

export interface MachineWishes {
  provider: Provider | 'auto'
  profile: ProfileName | 'auto'
}

export interface ProviderState extends Omit<ProviderVerdict, 'card'> {
  /** The card that it computes on; null for the processor, or where none was found. */
  card: string | null
  /** It computes pictures now. */
  chosen: boolean
  /** The step that was measured last with it; null: none was. */
  step: MeasuredStep | null
}

/** Bytes. */
export interface MachineEstimate extends EstimateAnswer {
  provider: Provider
  /** Of the memory that is meant: the card's, or the machine's. */
  total: number
}

export interface MachineOptions extends SelectionOptions {
  gpus?: GPUManager
}

/** Part of a card's memory that loaded weights may take. */
const CARD_SHARE = 0.85

export class Machine {
  readonly gpus: GPUManager
  readonly file: MachineFile
  readonly #platform: NodeJS.Platform
  readonly #providers: ProviderSelection
  readonly #estimator = new Estimator()
  #wishes: MachineWishes = { provider: 'auto', profile: 'auto' }

  constructor(dataFolder: string, options: MachineOptions = {}) {
    this.gpus = options.gpus ?? new GPUManager()
    this.file = new MachineFile(dataFolder)
    this.#platform = options.platform ?? process.platform
    this.#providers = new ProviderSelection({ dataFolder, gpus: this.gpus, file: this.file }, options)
  }

  /** The user's settings; ZIHUA_PROVIDER and ZIHUA_PROFILE come before them. */
  set wishes(wishes: MachineWishes) {
    this.#providers.wanted = wishes.provider
    this.#wishes = wishes
  }

  status(): Promise<MachineStatus> {
    return this.gpus.getGpuStatus()
  }

  /**
   * What a picture is to be computed with.
   * @param profile in place of the settings'
   * @param only in place of the settings' provider; where it cannot be had, the notices say so
   */
  async choose(profile?: ProfileName, only?: Provider): Promise<EngineChoice> {
    const { provider, report, notices, runtime } = await this.#providers.select(only)
    const { gpus } = provider === 'cpu' ? { gpus: [] } : await this.status()
    const card = cardOf(provider, gpus)
    const memory = card && memoryOf(card, machineMemory().total)
    const wanted = profile ?? fromEnvironment('ZIHUA_PROFILE', PROFILE_NAMES) ?? this.#wishes.profile
    const fixed = wanted !== 'auto'
    const name = fixed ? profileOn(provider, wanted) : profileFor(provider, memory)
    const rungs = ladderFrom(name).map((each): Rung => this.#rung(each, { provider, report, runtime }, memory))
    const { factors } = await this.file.read()
    const cardFree = card?.memory.free ?? null
    return {
      provider,
      device: card?.name ?? null,
      ladder: rungs as [Rung, ...Rung[]],
      fixed,
      cardFree,
      factors,
      notices,
    }
  }

  #rung(profile: ProfileName, { provider, report, runtime }: Omit<Selected, 'notices'>, memory: number | null): Rung {
    const engine = { provider, ...(runtime && { runtime }) }
    const given = { ...engine, threads: availableParallelism(), ...(report && { ops: report.ops }) }
    const budget = provider === 'cpu' ? weightsBudget(machineMemory()) : (memory ?? machineMemory().total) * CARD_SHARE
    const retention = { budgetBytes: budget, keep: PROFILES[profile].keep }
    return { profile, settings: { load: loadOptionsOf(profile, given), retention } }
  }

  /**
   * What a picture would take, and whether it fits.
   * @param pids of the inference processes, whose memory it may have
   * @throws StudioError as Estimator.estimate()
   */
  async estimate(
    picture: { files: EstimateFiles; shape: PictureShape },
    { profile, pids = [], signal }: { profile?: ProfileName; pids?: readonly number[]; signal?: AbortSignal } = {},
  ): Promise<MachineEstimate | null> {
    const choice = await this.choose(profile)
    const memory = machineMemory()
    const own = pids.reduce((sum, pid) => sum + (ownBytesOf(pid) ?? 0), 0)
    const { cardFree, provider } = choice
    const room = cardFree === null ? roomHere(own, memory) : { total: memory.total, available: cardFree }
    const answer = await this.#estimator.estimate({ ...picture, choice, room }, signal)
    if (!answer) return null
    const [card] = provider === 'cpu' ? [null] : [cardOf(provider, (await this.status()).gpus)]
    return { ...answer, provider, total: card?.memory.total ?? memory.total }
  }

  /** Ends the thread that estimates. */
  close(): Promise<void> {
    return this.#estimator.close()
  }

  /** Memory that is free on the card that computes, bytes; null for the processor, or where nobody tells. */
  async cardFree(): Promise<number | null> {
    const { provider } = await this.#providers.select()
    return provider === 'cpu' ? null : (cardOf(provider, (await this.status()).gpus)?.memory.free ?? null)
  }

  /** Has the next estimates follow what was measured. A folder that cannot be written forgets it. */
  async noteFactors(measured: readonly MeasuredFactor[]): Promise<void> {
    if (measured.length === 0) return
    await this.file
      .change(facts => {
        facts.factors = refined(facts.factors, measured)
      })
      .catch(() => {})
  }

  /**
   * Whether a step was so slow that its card's driver must have moved memory into the processor's (spill.ts); then it is no
   * measure of the provider.
   * @returns how many times as long as usual it took; null: it was not
   */
  async spilled(step: Omit<MeasuredStep, 'at'>, used: number | null): Promise<number | null> {
    const platform = this.#platform
    // Elsewhere drivers fail, and nothing need be asked.
    if (platform !== 'win32' || used === null) return null
    const [{ steps }, { gpus }] = await Promise.all([this.file.read(), this.status()])
    const usual = steps.find(other => isSameStep(other, step))?.seconds ?? null
    const total = cardOf(step.provider, gpus)?.memory.total ?? null
    return hasSpilled({ platform, seconds: step.seconds, usual, used, total }) ? step.seconds / usual! : null
  }

  /** Remembers how long a step took. A folder that cannot be written forgets it. */
  async noteStep(step: Omit<MeasuredStep, 'at'>): Promise<void> {
    await this.file
      .change(facts => {
        facts.steps = [
          ...facts.steps.filter(other => !isSameStep(other, step)),
          { ...step, at: new Date().toISOString() },
        ]
      })
      .catch(() => {})
  }

  /**
   * Every provider with what is known of it. Tries none.
   * @param model whose measured steps are of interest, a path; default: of any
   */
  async providers(model?: string): Promise<ProviderState[]> {
    // One after another: selecting may try a provider, whose verdict is then among them.
    const selected = await this.#providers.select()
    const [verdicts, { steps }] = await Promise.all([this.#providers.verdicts(), this.file.read()])
    return verdicts.map(({ card, ...verdict }) => {
      const { provider } = verdict
      const step = steps.findLast(one => one.provider === provider && (model === undefined || one.model === model))
      return { ...verdict, card: card?.name ?? null, chosen: provider === selected.provider, step: step ?? null }
    })
  }

  /** Tries every provider again, one after another. */
  async tryAll(): Promise<ProviderState[]> {
    await this.#providers.tryAll()
    return this.providers()
  }
}

const isSameStep = (a: Omit<MeasuredStep, 'at'>, b: Omit<MeasuredStep, 'at'>): boolean =>
  a.provider === b.provider && a.model === b.model && a.width * a.height === b.width * b.height
