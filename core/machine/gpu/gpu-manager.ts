/**
 * What this machine has to compute with. Nothing is asked unless somebody calls: there is no polling of its own, and calls
 * that come together share one answer.
 */
import { availableParallelism, cpus } from 'node:os'
import { type MachineMemory, machineMemory } from '../../engine/memory.ts'
import type { Phrase } from '../../faults/studio-error.ts'
import { askApple } from './apple.ts'
import { askNvidiaSmi } from './nvidia-smi.ts'
import { Nvml } from './nvml.ts'
import { askRocmSmi } from './rocm-smi.ts'
import { askSysfs } from './sysfs.ts'
import { type GpuAnswer, type GpuStatus, NO_GPU } from './types.ts'
import { askWindows } from './windows.ts'

export interface MachineStatus {
  /** In the order of the system; the first is the one that computes. */
  gpus: GpuStatus[]
  /** What could not be asked, and why. */
  problems: Phrase[]
  processor: {
    name: string
    threads: number
    /** 0..1 of all threads since the status before; null at the first. */
    utilisation: number | null
  }
  memory: MachineMemory
}

/** The programs and places that are asked; others in tests. */
export interface GpuSources {
  nvidiaSmi?: string
  rocmSmi?: string
  sysfs?: string
  /** Path of NVIDIA's management library; null: it is not used. */
  nvml?: string | null
  platform?: NodeJS.Platform
}

/** An answer is given again for so long: several listeners cost one query. */
const FRESH_MS = 1000
/** A program that hung, failed or is not there is not asked again for so long. */
const FAILURE_MS = 60_000

export class GPUManager {
  readonly #sources: GpuSources
  readonly #now: () => number
  readonly #freshMs: number
  #last: { at: number; status: Promise<MachineStatus> } | null = null
  /** Sources that could not be asked, until when, and what they said. */
  readonly #failed = new Map<string, { until: number; answer: GpuAnswer }>()
  /** undefined: not looked for yet. */
  #nvml: Nvml | null | undefined
  #times: { busy: number; all: number } | null = null

  /**
   * @param now milliseconds, for tests
   * @param freshMs how long an answer is given again
   */
  constructor(sources: GpuSources = {}, now: () => number = () => performance.now(), freshMs = FRESH_MS) {
    this.#sources = sources
    this.#now = now
    this.#freshMs = freshMs
  }

  getGpuStatus(): Promise<MachineStatus> {
    const now = this.#now()
    if (this.#last && now - this.#last.at < this.#freshMs) return this.#last.status
    const status = this.#ask()
    this.#last = { at: now, status }
    return status
  }

  async #ask(): Promise<MachineStatus> {
    const answers = await this.#cards()
    const { model = '' } = cpus()[0] ?? {}
    return {
      gpus: answers.flatMap(({ gpus }) => gpus),
      problems: answers.flatMap(({ problem }) => problem ?? []),
      processor: {
        name: model.trim() || `${process.arch}`,
        threads: availableParallelism(),
        utilisation: this.#utilisation(),
      },
      memory: machineMemory(),
    }
  }

  async #cards(): Promise<GpuAnswer[]> {
    const { platform = process.platform, sysfs, rocmSmi } = this.#sources
    if (platform === 'darwin') return [{ gpus: await askApple(machineMemory().total), problem: null }]
    const nvidia = await this.#nvidia()
    const known = (gpus: readonly GpuStatus[]) =>
      gpus.filter(({ vendor }) => vendor !== 'nvidia' || nvidia.gpus.length === 0)
    if (platform === 'win32') return [nvidia, { gpus: known(await askWindows()), problem: null }]
    const [listed, amd] = [known(await askSysfs(sysfs)), await this.#remembering('rocm-smi', () => askRocmSmi(rocmSmi))]
    // rocm-smi knows names and numbers that the kernel does not tell.
    const rest = amd.gpus.length ? listed.filter(({ vendor }) => vendor !== 'amd') : listed
    const needed = amd.problem && listed.some(({ vendor }) => vendor === 'amd') ? amd.problem : null
    return [nvidia, { ...amd, problem: needed }, { gpus: rest, problem: null }]
  }

  async #nvidia(): Promise<GpuAnswer> {
    const { nvidiaSmi, nvml } = this.#sources
    if (this.#nvml) {
      const gpus = await this.#nvml.ask()
      if (gpus) return { gpus, problem: null }
      this.#nvml = null
    }
    const answer = await this.#remembering('nvidia-smi', () => askNvidiaSmi(nvidiaSmi))
    if (answer.gpus.length && this.#nvml === undefined) this.#nvml = nvml === null ? null : await Nvml.open(nvml)
    return answer
  }

  async #remembering(name: string, ask: () => Promise<GpuAnswer>): Promise<GpuAnswer> {
    const failed = this.#failed.get(name)
    if (failed && this.#now() < failed.until) return failed.answer
    const answer = await ask().catch((): GpuAnswer => NO_GPU)
    if (answer.gpus.length === 0) this.#failed.set(name, { until: this.#now() + FAILURE_MS, answer })
    else this.#failed.delete(name)
    return answer
  }

  #utilisation(): number | null {
    const now = cpus().reduce(
      (sum, { times: { idle, ...busy } }) => {
        const used = Object.values(busy).reduce((a, b) => a + b, 0)
        return { busy: sum.busy + used, all: sum.all + used + idle }
      },
      { busy: 0, all: 0 },
    )
    const before = this.#times
    this.#times = now
    return before && now.all > before.all ? (now.busy - before.busy) / (now.all - before.all) : null
  }
}
