/**
 * A session of ONNX Runtime's C API. Inputs and outputs are the caller's own arrays, bound in place: nothing is copied.
 * Runs are computed on another thread, so that the event loop goes on, and can be cancelled in the middle.
 */
import type { OrtApi, Pointer } from './api.ts'
import { type Bound, IoBinding } from './io-binding.ts'
import { NativeObject } from './native-object.ts'

/** OrtDeviceAllocator and OrtMemTypeDefault. */
const [DEVICE_ALLOCATOR, DEFAULT_MEMORY] = [0, 0]
const LOG_ERRORS = 3

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
  /** Constant inputs stay on the session's device from one run to the next. */
  resident?: boolean
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
    return new OrtSession(this, session, options)
  }
}

export class OrtSession {
  readonly #runtime: OrtRuntime
  readonly #options: Pick<OrtSessionOptions, 'runConfig' | 'resident'>
  readonly #session: NativeObject
  #released = false
  /** What is bound from one run to the next; null until there is one, and while a run has it. */
  #resident: IoBinding | null = null
  /** Runs that are under way: a session is released once none is. */
  #running: Promise<unknown> = Promise.resolve()

  constructor(runtime: OrtRuntime, session: NativeObject, options: Pick<OrtSessionOptions, 'runConfig' | 'resident'>) {
    this.#runtime = runtime
    this.#session = session
    this.#options = options
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
    for (const [key, value] of Object.entries(this.#options.runConfig))
      api.check('AddRunConfigEntry', options, key, value)
    // Native code reads and writes the arrays while this waits; the stack holds them until then.
    own.defer(() => void [inputs, outputs])
    // A second run at the same time has a binding of its own.
    const binding = this.#resident ?? new IoBinding(this.#runtime, session)
    this.#resident = null
    let isWhole = false
    own.defer(() => {
      if (isWhole && this.#options.resident && this.#resident === null) this.#resident = binding
      else binding[Symbol.dispose]()
    })
    binding.bind(inputs, outputs)
    const terminate = () => api.check('RunOptionsSetTerminate', options)
    if (signal?.aborted) terminate()
    signal?.addEventListener('abort', terminate, { once: true })
    try {
      await api.checkAsync('RunWithBinding', session, options, binding.pointer)
      binding.endRun()
      isWhole = true
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
    this.#resident?.[Symbol.dispose]()
    this.#session[Symbol.dispose]()
  }

  #open(): Pointer {
    if (this.#released) throw new Error('this session was released')
    return this.#session.pointer
  }
}
