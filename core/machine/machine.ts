/**
 * What this machine computes with: its providers, each believed only after a self-test, the profile that its memory suggests,
 * and what the user has settled.
 */
import { availableParallelism } from 'node:os'
import onnxruntime from 'onnxruntime-node/package.json' with { type: 'json' }
import { PROFILE_NAMES, PROVIDER_NAMES, type ProfileName } from '../contract/vocabulary.ts'
import { machineMemory, weightsBudget } from '../engine/memory.ts'
import type { ProviderReport } from '../engine/self-test.ts'
import { phrase } from '../faults/fault.ts'
import type { Phrase } from '../faults/studio-error.ts'
import type { Provider } from '../graph/op-profiles.ts'
import { ownBytesOf, roomHere } from './admission.ts'
import type { EngineChoice, Rung } from './engine-choice.ts'
import type { PictureShape } from './estimate.ts'
import { type EstimateAnswer, type EstimateFiles, Estimator } from './estimator.ts'
import { type MeasuredFactor, refined } from './factors.ts'
import { GPUManager, type MachineStatus } from './gpu/gpu-manager.ts'
import { MachineFile, type MeasuredStep } from './machine-file.ts'
import { ladderFrom, loadOptionsOf, PROFILES, profileFor, profileOn } from './profiles.ts'
import { cardOf, memoryOf, providersOf } from './providers/order.ts'
import { tryProvider } from './providers/trial.ts'
import { hasSpilled } from './spill.ts'

export interface MachineWishes {
  provider: Provider | 'auto'
  profile: ProfileName | 'auto'
}

export interface ProviderState {
  provider: Provider
  /** null: not tried yet. */
  report: ProviderReport | null
  /** The card that it computes on; null for the processor, or where none was found. */
  card: string | null
  /** It computes pictures now. */
  chosen: boolean
  /** Why it cannot be used and what to do, or how it passed: one sentence for people. */
  says: Phrase
  /** The step that was measured last with it; null: none was. */
  step: MeasuredStep | null
}

/** Bytes. */
export interface MachineEstimate extends EstimateAnswer {
  provider: Provider
  /** Of the memory that is meant: the card's, or the machine's. */
  total: number
}

export interface MachineOptions {
  gpus?: GPUManager
  /** Tries a provider. Default: in a child process. */
  tryProvider?: (provider: Provider) => Promise<ProviderReport>
  platform?: NodeJS.Platform
  arch?: string
}

/** Part of a card's memory that loaded weights may take. */
const CARD_SHARE = 0.85

export class Machine {
  readonly gpus: GPUManager
  readonly file: MachineFile
  readonly #options: MachineOptions
  readonly #estimator = new Estimator()
  #wishes: MachineWishes = { provider: 'auto', profile: 'auto' }
  /** The provider that was settled on, with its verdict; asked for again when the wishes change. */
  #settled: Promise<Settled> | null = null

  constructor(dataFolder: string, options: MachineOptions = {}) {
    this.gpus = options.gpus ?? new GPUManager()
    this.file = new MachineFile(dataFolder)
    this.#options = options
  }

  /** The user's settings; ZIHUA_PROVIDER and ZIHUA_PROFILE come before them. */
  set wishes(wishes: MachineWishes) {
    if (wishes.provider !== this.#wishes.provider) this.#settled = null
    this.#wishes = wishes
  }

  status(): Promise<MachineStatus> {
    return this.gpus.getGpuStatus()
  }

  /** Providers that this system's engine is built with, the fastest first. */
  get candidates(): readonly Provider[] {
    const { platform = process.platform, arch = process.arch } = this.#options
    return providersOf(platform, arch)
  }

  /** What a picture is to be computed with. @param profile in place of the settings' */
  async choose(profile?: ProfileName): Promise<EngineChoice> {
    const { provider, report, notices } = await (this.#settled ??= this.#settle())
    const { gpus } = provider === 'cpu' ? { gpus: [] } : await this.status()
    const card = cardOf(provider, gpus)
    const memory = card && memoryOf(card, machineMemory().total)
    const wanted = profile ?? fromEnvironment('ZIHUA_PROFILE', PROFILE_NAMES) ?? this.#wishes.profile
    const fixed = wanted !== 'auto'
    const name = fixed ? profileOn(provider, wanted) : profileFor(provider, memory)
    const rungs = ladderFrom(name).map((each): Rung => this.#rung(each, provider, report, memory))
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

  #rung(profile: ProfileName, provider: Provider, report: ProviderReport | null, memory: number | null): Rung {
    const given = { provider, threads: availableParallelism(), ...(report && { ops: report.ops }) }
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
    const { provider } = await (this.#settled ??= this.#settle())
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
    const { platform = process.platform } = this.#options
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
    const [{ gpus }, { verdicts, steps }, settled] = await Promise.all([
      this.status(),
      this.file.read(),
      (this.#settled ??= this.#settle()),
    ])
    return this.candidates.map(provider => {
      const card = cardOf(provider, gpus)
      const known = verdicts[provider]
      const report = known?.on === this.#circumstances(card?.driver ?? null) ? known.report : null
      const chosen = provider === settled.provider
      const measured = steps.findLast(
        step => step.provider === provider && (model === undefined || step.model === model),
      )
      const says = sayOf(provider, report, card !== null)
      return { provider, report, card: card?.name ?? null, chosen, says, step: measured ?? null }
    })
  }

  /** Tries every provider again, one after another. */
  async tryAll(): Promise<ProviderState[]> {
    for (const provider of this.candidates) await this.#verdict(provider, true)
    this.#settled = null
    return this.providers()
  }

  /** The first that the user allows, that may work here and that passes. The processor needs no test to be the last resort. */
  async #settle(): Promise<Settled> {
    const wanted = fromEnvironment('ZIHUA_PROVIDER', PROVIDER_NAMES) ?? this.#wishes.provider
    const notices: Phrase[] = []
    if (wanted !== 'auto' && wanted !== 'cpu') {
      const report = this.candidates.includes(wanted) ? await this.#verdict(wanted) : null
      if (report?.verdict === 'passed') return { provider: wanted, report, notices }
      notices.push(phrase('providerNotUsed', { provider: wanted, says: sayOf(wanted, report, true) }))
    }
    if (wanted !== 'cpu' && this.candidates.length > 1) {
      const { gpus } = await this.status()
      for (const provider of this.candidates) {
        if (provider === 'cpu' || provider === wanted || !cardOf(provider, gpus)) continue
        const report = await this.#verdict(provider)
        if (report.verdict === 'passed') return { provider, report, notices }
      }
    }
    return { provider: 'cpu', report: null, notices }
  }

  /** The remembered verdict where nothing has changed since, or a new one. */
  async #verdict(provider: Provider, again = false): Promise<ProviderReport> {
    const { gpus } = await this.status()
    const on = this.#circumstances(cardOf(provider, gpus)?.driver ?? null)
    const known = (await this.file.read()).verdicts[provider]
    if (!again && known?.on === on) return known.report
    const report = await (this.#options.tryProvider ?? tryProvider)(provider)
    await this.file
      .change(({ verdicts }) => {
        verdicts[provider] = { on, at: new Date().toISOString(), report }
      })
      // A folder that cannot be written: it is tried again at the next start.
      .catch(() => {})
    return report
  }

  /** A verdict holds while these are the same. */
  #circumstances(driver: string | null): string {
    const { platform = process.platform, arch = process.arch } = this.#options
    const places = ['VK_ICD_FILENAMES', 'LD_LIBRARY_PATH'].map(name => process.env[name] ?? '')
    return [onnxruntime.version, platform, arch, driver ?? 'no driver', ...places].join('|')
  }
}

const isSameStep = (a: Omit<MeasuredStep, 'at'>, b: Omit<MeasuredStep, 'at'>): boolean =>
  a.provider === b.provider && a.model === b.model && a.width * a.height === b.width * b.height

interface Settled {
  provider: Provider
  report: ProviderReport | null
  notices: Phrase[]
}

/** @param expected a card is there that it could compute on */
function sayOf(provider: Provider, report: ProviderReport | null, expected: boolean): Phrase {
  if (!report) return expected || provider === 'cpu' ? phrase('providerUntried') : phrase('providerWithoutCard')
  const detail = report.detail ?? ''
  switch (report.verdict) {
    case 'passed':
      return report.ops.compute === 'F32' ? phrase('providerPassedAt32') : phrase('providerPassed')
    case 'wrong':
      return phrase('providerWrong', { what: detail })
    case 'hung':
      return phrase('providerHung', { seconds: detail })
    case 'crashed':
      return phrase('providerCrashed', { how: detail })
    case 'failed':
      return phrase('providerFailed', { reason: detail })
    case 'unavailable':
      if (provider === 'cuda') return expected ? phrase('cudaUnavailable') : phrase('cudaWithoutCard')
      if (provider === 'webgpu') return phrase('webgpuUnavailable')
      return phrase('providerUnavailable', { reason: detail })
  }
}

function fromEnvironment<T extends string>(name: string, known: readonly T[]): T | null {
  const value = process.env[name]
  return known.find(one => one === value) ?? null
}
