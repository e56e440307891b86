/** One object of ONNX Runtime, with one owner: whoever made it releases it, once. */
import type { OrtApi, Pointer } from './api.ts'

/** The function that releases what a function makes. */
const RELEASE = {
  CreateEnv: 'ReleaseEnv',
  CreateCpuMemoryInfo: 'ReleaseMemoryInfo',
  CreateSessionOptions: 'ReleaseSessionOptions',
  CreateSessionFromArray: 'ReleaseSession',
  CreateRunOptions: 'ReleaseRunOptions',
  CreateIoBinding: 'ReleaseIoBinding',
  CreateTensorWithDataAsOrtValue: 'ReleaseValue',
  CreateAllocator: 'ReleaseAllocator',
  CreateCUDAProviderOptions: 'ReleaseCUDAProviderOptions',
  AllocatorGetStats: 'ReleaseKeyValuePairs',
} as const
export type Maker = keyof typeof RELEASE

export class NativeObject implements Disposable {
  static #live = 0
  readonly #api: OrtApi
  readonly #maker: Maker
  #pointer: Pointer | null

  private constructor(api: OrtApi, maker: Maker, pointer: Pointer) {
    this.#api = api
    this.#maker = maker
    this.#pointer = pointer
    NativeObject.#live++
  }

  /** Objects that were made and not released yet, of all kinds. */
  static get live(): number {
    return NativeObject.#live
  }

  /** Throws OrtError. */
  static make(api: OrtApi, maker: Maker, ...args: unknown[]): NativeObject {
    return new NativeObject(api, maker, api.create(maker, ...args))
  }

  /** The same on a thread of libuv's pool. */
  static async makeAsync(api: OrtApi, maker: Maker, ...args: unknown[]): Promise<NativeObject> {
    return new NativeObject(api, maker, await api.createAsync(maker, ...args))
  }

  /** Throws after the release: native code would read memory that is another's by now. */
  get pointer(): Pointer {
    if (this.#pointer === null) throw new Error(`what ${this.#maker} made was released`)
    return this.#pointer
  }

  /** A second time does nothing. */
  [Symbol.dispose](): void {
    if (this.#pointer === null) return
    const pointer = this.#pointer
    this.#pointer = null
    NativeObject.#live--
    this.#api.call(RELEASE[this.#maker], pointer)
  }
}
