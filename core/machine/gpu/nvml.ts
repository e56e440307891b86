/**
 * NVIDIA's management library, called through koffi: a tenth of a millisecond a card where nvidia-smi takes a tenth of a
 * second. Asked only after nvidia-smi has answered once: both wait for the same driver, and a call that never returns
 * keeps a thread of ours where nvidia-smi can be killed.
 * Source of names and structs: nvml.h; the functions with a version in their name are ABI-stable.
 */
import { createRequire } from 'node:module'
import type koffiModule from 'koffi'
import type { LibraryHandle } from 'koffi'
import type { GpuStatus } from './types.ts'

const LIBRARIES: Partial<Record<NodeJS.Platform, string>> = { linux: 'libnvidia-ml.so.1', win32: 'nvml.dll' }
const SUCCESS = 0
const NAME_LENGTH = 96
const TEMPERATURE_GPU = 0
const LIMIT_MS = 2000

// biome-ignore lint/suspicious/noExplicitAny: C functions, checked against their signatures by koffi when they are called
type Native = { async(...args: any[]): void }

export class Nvml {
  /** Referred to for as long as its functions are: koffi closes a library that nothing refers to. */
  readonly library: LibraryHandle
  readonly #functions: Readonly<Record<string, Native>>
  /** A call that did not return in time: none is made again. */
  #stuck = false

  private constructor(library: LibraryHandle, functions: Readonly<Record<string, Native>>) {
    this.library = library
    this.#functions = functions
  }

  /**
   * Loads and initialises it. null where there is none, or it cannot be used.
   * @param path of the library; default the system's own
   */
  static async open(path = LIBRARIES[process.platform]): Promise<Nvml | null> {
    if (path === undefined) return null
    try {
      const koffi = createRequire(import.meta.url)('koffi') as typeof koffiModule
      const library = koffi.load(path)
      const prototypes = {
        nvmlInit_v2: 'int nvmlInit_v2()',
        nvmlSystemGetDriverVersion: 'int nvmlSystemGetDriverVersion(_Out_ uint8_t *version, unsigned int length)',
        nvmlDeviceGetCount_v2: 'int nvmlDeviceGetCount_v2(_Out_ unsigned int *count)',
        nvmlDeviceGetHandleByIndex_v2: 'int nvmlDeviceGetHandleByIndex_v2(unsigned int index, _Out_ void **device)',
        nvmlDeviceGetName: 'int nvmlDeviceGetName(void *device, _Out_ uint8_t *name, unsigned int length)',
        // total, free, used
        nvmlDeviceGetMemoryInfo: 'int nvmlDeviceGetMemoryInfo(void *device, _Out_ uint64_t *memory)',
        // gpu, memory
        nvmlDeviceGetUtilizationRates: 'int nvmlDeviceGetUtilizationRates(void *device, _Out_ unsigned int *rates)',
        nvmlDeviceGetTemperature: 'int nvmlDeviceGetTemperature(void *device, int sensor, _Out_ unsigned int *celsius)',
        nvmlDeviceGetPowerUsage: 'int nvmlDeviceGetPowerUsage(void *device, _Out_ unsigned int *milliwatts)',
        nvmlDeviceGetMigMode:
          'int nvmlDeviceGetMigMode(void *device, _Out_ unsigned int *now, _Out_ unsigned int *next)',
        nvmlDeviceGetMaxMigDeviceCount: 'int nvmlDeviceGetMaxMigDeviceCount(void *device, _Out_ unsigned int *count)',
        nvmlDeviceGetMigDeviceHandleByIndex:
          'int nvmlDeviceGetMigDeviceHandleByIndex(void *device, unsigned int index, _Out_ void **slice)',
      }
      const functions = Object.fromEntries(
        Object.entries(prototypes).flatMap(([name, prototype]) => {
          try {
            return [[name, library.func(prototype) as unknown as Native]]
          } catch {
            // A driver older than the function: what it tells is left out.
            return []
          }
        }),
      )
      const nvml = new Nvml(library, functions)
      return (await nvml.#call('nvmlInit_v2')) ? nvml : null
    } catch {
      return null
    }
  }

  /** null where it no longer answers. */
  async ask(): Promise<GpuStatus[] | null> {
    const count: [number] = [0]
    if (!(await this.#call('nvmlDeviceGetCount_v2', count))) return null
    const driver = await this.#text('nvmlSystemGetDriverVersion')
    const gpus: GpuStatus[] = []
    for (let i = 0; i < count[0]; i++) {
      const device: [unknown] = [null]
      if (await this.#call('nvmlDeviceGetHandleByIndex_v2', i, device)) {
        gpus.push(...(await this.#card(device[0], driver)))
      }
    }
    return this.#stuck ? null : gpus
  }

  async #card(device: unknown, driver: string | null): Promise<GpuStatus[]> {
    const name = (await this.#text('nvmlDeviceGetName', device)) ?? 'NVIDIA'
    const [rates, celsius, milliwatts] = [new Uint32Array(2), new Uint32Array(1), new Uint32Array(1)]
    const busy = await this.#call('nvmlDeviceGetUtilizationRates', device, rates)
    const warm = await this.#call('nvmlDeviceGetTemperature', device, TEMPERATURE_GPU, celsius)
    const powered = await this.#call('nvmlDeviceGetPowerUsage', device, milliwatts)
    const memory = await this.#memory(device)
    const gpu: GpuStatus = {
      name,
      vendor: 'nvidia',
      driver,
      memory,
      unified: memory.total === null,
      utilisation: busy ? rates[0] / 100 : null,
      temperature: warm ? celsius[0] : null,
      power: powered ? milliwatts[0] / 1000 : null,
      mig: null,
      source: 'nvml',
    }
    const [now, next] = [new Uint32Array(1), new Uint32Array(1)]
    if (!(await this.#call('nvmlDeviceGetMigMode', device, now, next)) || now[0] === 0) return [gpu]
    return this.#slices(device, gpu)
  }

  async #slices(device: unknown, card: GpuStatus): Promise<GpuStatus[]> {
    const most = new Uint32Array(1)
    await this.#call('nvmlDeviceGetMaxMigDeviceCount', device, most)
    const slices: GpuStatus[] = []
    for (let i = 0; i < most[0]; i++) {
      const slice: [unknown] = [null]
      if (!(await this.#call('nvmlDeviceGetMigDeviceHandleByIndex', device, i, slice))) continue
      const name = (await this.#text('nvmlDeviceGetName', slice[0])) ?? ''
      const mig = /MIG (\S+)/.exec(name)?.[1] ?? 'MIG'
      slices.push({ ...card, mig, memory: await this.#memory(slice[0]), utilisation: null })
    }
    return slices
  }

  async #memory(device: unknown): Promise<GpuStatus['memory']> {
    const bytes = new BigUint64Array(3)
    if (!(await this.#call('nvmlDeviceGetMemoryInfo', device, bytes))) return { total: null, used: null, free: null }
    return { total: Number(bytes[0]), free: Number(bytes[1]), used: Number(bytes[2]) }
  }

  /** The last parameters of every such function are a buffer and its length. */
  async #text(name: string, ...args: unknown[]): Promise<string | null> {
    const buffer = new Uint8Array(NAME_LENGTH)
    if (!(await this.#call(name, ...args, buffer, NAME_LENGTH))) return null
    return Buffer.from(buffer.subarray(0, Math.max(0, buffer.indexOf(0)))).toString('utf8')
  }

  /** Whether it succeeded. */
  #call(name: string, ...args: unknown[]): Promise<boolean> {
    const native = this.#functions[name]
    if (!native || this.#stuck) return Promise.resolve(false)
    const { promise, resolve } = Promise.withResolvers<boolean>()
    const deadline = setTimeout(() => {
      this.#stuck = true
      resolve(false)
    }, LIMIT_MS)
    native.async(...args, (error: unknown, status: number) => resolve(!error && status === SUCCESS))
    return promise.finally(() => clearTimeout(deadline))
  }
}
