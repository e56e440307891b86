/**
 * A session of ONNX Runtime's C API. Inputs and outputs are the caller's own arrays, bound in place: nothing is copied.
 * Runs are computed on another thread, so that the event loop goes on, and can be cancelled in the middle.
 */
import type { OrtApi, Pointer } from './api.ts'
import { NativeObject } from './native-object.ts'

/** ONNXTensorElementDataType. */
const ELEMENT = { F32: 1, I64: 7, F64: 11 } as const
/** OrtDeviceAllocator and OrtMemTypeDefault. */
const [DEVICE_ALLOCATOR, DEFAULT_MEMORY] = [0, 0]
const LOG_ERRORS = 3

/** One array that goes in or comes out. */
export interface Bound {
  readonly name: string
  readonly dtype: keyof typeof ELEMENT
  readonly shape: readonly number[]
  readonly data: Float32Array | Float64Array | BigInt64Array
}

export interface OrtSessionOptions {
  threads: number
  /** GraphOptimizationLevel: 0 none, 2 extended, 99 all. */
  optimization: 0 | 2 | 99
  /** Writes the optimised graph, its weights in it, to this new file. */
  saveTo?: string
  /** Session configuration entries: onnxruntime_session_options_config_keys.h. */
  config: Readonly<Record<string, string>>
  /** Computes on CUDA, with these options (onnxruntime_c_api.h, UpdateCUDAProviderOptions). Default: on the CPU. */
  cuda?: Readonly<Record<string, string>>
  /** Entries for every run: onnxruntime_run_options_config_keys.h. */
  runConfig: Readonly<Record<string, string>>
}

/** What all sessions of a process share; lives as long as the process. */
export class OrtRuntime {
  readonly api: OrtApi
  readonly #env: NativeObject
  readonly #cpu: NativeObject

  constructor(api: OrtApi) {
    this.api = api
    this.#env = NativeObject.make(api, 'CreateEnv', LOG_ERRORS, 'zihua')
    this.#cpu = NativeObject.make(api, 'CreateCpuMemoryInfo', DEVICE_ALLOCATOR, DEFAULT_MEMORY)
  }

  /** Describes the memory of JavaScript's own arrays. */
  get cpu(): Pointer {
    return this.#cpu.pointer
  }

  /** "CPUExecutionProvider" and others that this build of the library has. */
  providers(): string[] {
    const [list, count]: [[Pointer | null], [number]] = [[null], [0]]
    this.api.check('GetAvailableProviders', list, count)
    try {
      return this.api.strings(list[0]!, count[0])
    } finally {
      this.api.check('ReleaseAvailableProviders', list[0], count[0])
    }
  }

  async load(model: Uint8Array, options: OrtSessionOptions): Promise<OrtSession> {
    const { api } = this
    using own = new DisposableStack()
    const settings = own.use(NativeObject.make(api, 'CreateSessionOptions')).pointer
    api.check('SetIntraOpNumThreads', settings, options.threads)
    api.check('SetSessionGraphOptimizationLevel', settings, options.optimization)
    api.check('SetSessionLogSeverityLevel', settings, LOG_ERRORS)
    api.check('DisableMemPattern', settings)
    if (options.saveTo !== undefined) api.check('SetOptimizedModelFilePath', settings, options.saveTo)
    for (const [key, value] of Object.entries(options.config)) api.check('AddSessionConfigEntry', settings, key, value)
    if (options.cuda) {
      const cuda = own.use(NativeObject.make(api, 'CreateCUDAProviderOptions')).pointer
      const [keys, values] = [Object.keys(options.cuda), Object.values(options.cuda)]
      api.check('UpdateCUDAProviderOptions', cuda, keys, values, keys.length)
      api.check('SessionOptionsAppendExecutionProvider_CUDA_V2', settings, cuda)
    }
    const at = api.address(model.buffer) + BigInt(model.byteOffset)
    // Native code reads the bytes while this waits; the stack holds them until then.
    own.defer(() => void model)
    const env = this.#env.pointer
    const session = await NativeObject.makeAsync(api, 'CreateSessionFromArray', env, at, model.length, settings)
    return new OrtSession(this, session, options.runConfig)
  }
}

export class OrtSession {
  readonly #runtime: OrtRuntime
  readonly #runConfig: Readonly<Record<string, string>>
  readonly #session: NativeObject
  #released = false
  /** Runs that are under way: a session is released once none is. */
  #running: Promise<unknown> = Promise.resolve()

  constructor(runtime: OrtRuntime, session: NativeObject, runConfig: Readonly<Record<string, string>>) {
    this.#runtime = runtime
    this.#session = session
    this.#runConfig = runConfig
  }

  /**
   * Reads the inputs and fills the outputs. Aborting the signal ends the run within milliseconds, with an OrtError; the
   * session can be used again.
   */
  run(inputs: readonly Bound[], outputs: readonly Bound[], signal?: AbortSignal): Promise<void> {
    const run = this.#run(inputs, outputs, signal)
    this.#running = Promise.allSettled([this.#running, run])
    return run
  }

  async #run(inputs: readonly Bound[], outputs: readonly Bound[], signal: AbortSignal | undefined): Promise<void> {
    const { api } = this.#runtime
    const session = this.#open()
    using own = new DisposableStack()
    const options = own.use(NativeObject.make(api, 'CreateRunOptions')).pointer
    for (const [key, value] of Object.entries(this.#runConfig)) api.check('AddRunConfigEntry', options, key, value)
    const binding = own.use(NativeObject.make(api, 'CreateIoBinding', session)).pointer
    const value = ({ dtype, shape, data }: Bound) => {
      const at = api.address(data.buffer) + BigInt(data.byteOffset)
      const sides = BigInt64Array.from(shape, BigInt)
      const type = ELEMENT[dtype]
      const { cpu } = this.#runtime
      const about = [cpu, at, data.byteLength, sides, shape.length, type]
      return own.use(NativeObject.make(api, 'CreateTensorWithDataAsOrtValue', ...about)).pointer
    }
    // Native code reads and writes the arrays while this waits; the stack holds them until then.
    own.defer(() => void [inputs, outputs])
    for (const input of inputs) api.check('BindInput', binding, input.name, value(input))
    for (const output of outputs) api.check('BindOutput', binding, output.name, value(output))
    const terminate = () => api.check('RunOptionsSetTerminate', options)
    if (signal?.aborted) terminate()
    signal?.addEventListener('abort', terminate, { once: true })
    try {
      await api.checkAsync('RunWithBinding', session, options, binding)
    } finally {
      signal?.removeEventListener('abort', terminate)
    }
  }

  /** What the session's allocator holds: "InUse", "MaxInUse", "TotalAllocated" and others, bytes. */
  statistics(): Record<string, number> {
    const { api, cpu } = this.#runtime
    using own = new DisposableStack()
    const allocator = own.use(NativeObject.make(api, 'CreateAllocator', this.#open(), cpu)).pointer
    const pairs = own.use(NativeObject.make(api, 'AllocatorGetStats', allocator)).pointer
    const names = ['InUse', 'TotalAllocated', 'MaxInUse', 'NumAllocs', 'NumArenaExtensions', 'NumArenaShrinkages']
    return Object.fromEntries(names.map(name => [name, Number(api.call('GetKeyValue', pairs, name) ?? 0)]))
  }

  /** Gives the session's memory back, after the runs that are under way. Once. */
  async release(): Promise<void> {
    this.#open()
    this.#released = true
    await this.#running
    this.#session[Symbol.dispose]()
  }

  #open(): Pointer {
    if (this.#released) throw new Error('this session was released')
    return this.#session.pointer
  }
}
