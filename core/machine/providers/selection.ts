/** Which provider computes pictures: the first in order of speed that the user allows and that passes its self-test. */
import onnxruntime from 'onnxruntime-node/package.json' with { type: 'json' }
import { PROVIDER_NAMES } from '../../contract/vocabulary.ts'
import type { EngineRuntime } from '../../engine/backend.ts'
import type { ProviderReport } from '../../engine/self-test.ts'
import { phrase } from '../../faults/fault.ts'
import type { Phrase } from '../../faults/studio-error.ts'
import type { Provider } from '../../graph/op-profiles.ts'
import { type CudaRuntime, driverTooOld, findCudaRuntime, isDriverMissing } from '../cuda-runtime.ts'
import { fromEnvironment } from '../from-environment.ts'
import type { GPUManager } from '../gpu/gpu-manager.ts'
import { cudaOfDriver } from '../gpu/nvidia-smi.ts'
import type { GpuStatus } from '../gpu/types.ts'
import type { MachineFile } from '../machine-file.ts'
import { cardOf, providersOf } from './order.ts'
import { type TrialOptions, tryProvider } from './trial.ts'

/** What npm's onnxruntime-node 1.30 is built for. */
const CUDA_OF_NPM = 13

export interface Selected {
  provider: Provider
  /** null for the processor, which needs no test to be the last resort. */
  report: ProviderReport | null
  /** What was asked for and cannot be had. */
  notices: Phrase[]
  /** What computes on CUDA; undefined: npm's folder is looked in, or another provider computes. */
  runtime: EngineRuntime | undefined
}

export interface ProviderVerdict {
  provider: Provider
  /** null: not tried yet. */
  report: ProviderReport | null
  /** Why it cannot be used and what to do, or how it passed: one sentence for people. */
  says: Phrase
  card: GpuStatus | null
}

export interface SelectionOptions {
  /** Tries a provider. Default: in a child process. */
  tryProvider?: (provider: Provider, options: Pick<TrialOptions, 'runtime'>) => Promise<ProviderReport>
  platform?: NodeJS.Platform
  arch?: string
}

interface Selecting {
  dataFolder: string
  gpus: GPUManager
  file: MachineFile
}

export class ProviderSelection {
  readonly #of: Selecting
  readonly #platform: NodeJS.Platform
  readonly #arch: string
  readonly #try: NonNullable<SelectionOptions['tryProvider']>
  #wanted: Provider | 'auto' = 'auto'
  /** What was selected last, and with which CUDA runtime; null when the user's wish has changed. */
  #selected: { key: string; choice: Promise<Selected> } | null = null

  constructor(of: Selecting, options: SelectionOptions) {
    this.#of = of
    this.#platform = options.platform ?? process.platform
    this.#arch = options.arch ?? process.arch
    this.#try = options.tryProvider ?? tryProvider
  }

  /** The user's setting; ZIHUA_PROVIDER comes before it. */
  set wanted(wanted: Provider | 'auto') {
    if (wanted !== this.#wanted) this.#selected = null
    this.#wanted = wanted
  }

  /** Providers that this system's engine is built with, the fastest first. */
  get candidates(): readonly Provider[] {
    return providersOf(this.#platform, this.#arch)
  }

  /**
   * What computes: selected anew when the user's wish changes, or the CUDA runtime that is installed.
   * @param only in place of the user's wish, this once
   */
  async select(only?: Provider): Promise<Selected> {
    const runtime = await this.#runtime()
    if (only) return this.#select(runtime, only)
    const key = keyOf(runtime)
    if (this.#selected?.key !== key) this.#selected = { key, choice: this.#select(runtime) }
    return this.#selected.choice
  }

  /** What is known of every provider. Tries none that is not used. */
  async verdicts(): Promise<ProviderVerdict[]> {
    const [{ gpus }, { verdicts }, runtime] = await Promise.all([
      this.#of.gpus.getGpuStatus(),
      this.#of.file.read(),
      this.#runtime(),
    ])
    return this.candidates.map(provider => {
      const card = cardOf(provider, gpus)
      const known = verdicts[provider]
      const report = known?.on === this.#circumstances(provider, card, runtime) ? known.report : null
      return { provider, report, card, says: this.#say(provider, report, card, runtime) }
    })
  }

  /** Tries every provider again, one after another. */
  async tryAll(): Promise<void> {
    const runtime = await this.#runtime()
    for (const provider of this.candidates) await this.#verdict(provider, runtime, true)
    this.#selected = null
  }

  async #runtime(): Promise<CudaRuntime | null> {
    return this.candidates.includes('cuda') ? findCudaRuntime(this.#of.dataFolder) : null
  }

  async #select(
    runtime: CudaRuntime | null,
    wanted: Provider | 'auto' = fromEnvironment('ZIHUA_PROVIDER', PROVIDER_NAMES) ?? this.#wanted,
  ): Promise<Selected> {
    const notices: Phrase[] = []
    const selected = (provider: Provider, report: ProviderReport | null): Selected => ({
      ...{ provider, report, notices },
      runtime: engineOf(provider, runtime),
    })
    if (wanted !== 'auto' && wanted !== 'cpu') {
      const report = this.candidates.includes(wanted) ? await this.#verdict(wanted, runtime) : null
      if (report?.verdict === 'passed') return selected(wanted, report)
      const card = cardOf(wanted, (await this.#of.gpus.getGpuStatus()).gpus)
      notices.push(
        phrase('providerNotUsed', { provider: wanted, says: this.#say(wanted, report, card, runtime, true) }),
      )
    }
    if (wanted !== 'cpu' && this.candidates.length > 1) {
      const { gpus } = await this.#of.gpus.getGpuStatus()
      for (const provider of this.candidates) {
        if (provider === 'cpu' || provider === wanted || !cardOf(provider, gpus)) continue
        const report = await this.#verdict(provider, runtime)
        if (report?.verdict === 'passed') return selected(provider, report)
      }
    }
    return selected('cpu', null)
  }

  /** The remembered verdict where nothing has changed since, or a new one; null where it need not be tried. */
  async #verdict(provider: Provider, runtime: CudaRuntime | null, again = false): Promise<ProviderReport | null> {
    const card = cardOf(provider, (await this.#of.gpus.getGpuStatus()).gpus)
    if (this.#obstacle(provider, card, runtime)) return null
    const on = this.#circumstances(provider, card, runtime)
    const known = (await this.#of.file.read()).verdicts[provider]
    if (!again && known?.on === on) return known.report
    const report = await this.#try(provider, { runtime: engineOf(provider, runtime) })
    await this.#of.file
      .change(({ verdicts }) => {
        verdicts[provider] = { on, at: new Date().toISOString(), report }
      })
      // A folder that cannot be written: it is tried again at the next start.
      .catch(() => {})
    return report
  }

  /** A verdict holds while these are the same. */
  #circumstances(provider: Provider, card: GpuStatus | null, runtime: CudaRuntime | null): string {
    const places = ['VK_ICD_FILENAMES', 'LD_LIBRARY_PATH'].map(name => process.env[name] ?? '')
    const libraries = provider === 'cuda' && runtime ? [keyOf(runtime)] : []
    const driver = card?.driver ?? 'no driver'
    return [onnxruntime.version, this.#platform, this.#arch, driver, ...places, ...libraries].join('|')
  }

  /** Why a provider cannot work, whatever its test would say; null where it may. */
  #obstacle(provider: Provider, card: GpuStatus | null, runtime: CudaRuntime | null): Phrase | null {
    if (provider !== 'cuda' || card?.driver == null) return null
    const cuda = runtime?.cuda ?? CUDA_OF_NPM
    if ((cudaOfDriver(card.driver, this.#platform) ?? 0) >= cuda) return null
    return driverTooOld(card.driver, cuda, this.#platform)
  }

  /** @param expected a card is there that it could compute on, or the user has named it */
  #say(
    provider: Provider,
    report: ProviderReport | null,
    card: GpuStatus | null,
    runtime: CudaRuntime | null,
    expected = card !== null,
  ): Phrase {
    const obstacle = this.#obstacle(provider, card, runtime)
    if (obstacle) return phrase('providerUnavailable', { reason: obstacle })
    if (provider !== 'cuda' || !runtime || report?.verdict !== 'unavailable') return sayOf(provider, report, expected)
    const reason = report.detail ?? ''
    if (isDriverMissing(reason)) return phrase('providerUnavailable', { reason: phrase('noNvidiaDriver') })
    return phrase('cudaNotLoaded', { folder: runtime.folder, reason })
  }
}

const keyOf = (runtime: CudaRuntime | null): string => (runtime ? `${runtime.library} ${runtime.bytes}` : '')

const engineOf = (provider: Provider, runtime: CudaRuntime | null): EngineRuntime | undefined =>
  provider === 'cuda' && runtime ? { library: runtime.library, preload: runtime.preload } : undefined

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
