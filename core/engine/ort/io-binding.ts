/**
 * Inputs and outputs of a session's runs, bound to the caller's own arrays. ONNX Runtime copies an input to the session's device
 * when it is bound and keeps it there (onnxruntime_c_api.h, BindInput), so that one that has not changed is not bound again.
 */
import type { OrtApi, Pointer } from './api.ts'
import { NativeObject } from './native-object.ts'

/** ONNXTensorElementDataType. */
const ELEMENT = { F32: 1, I64: 7, F64: 11 } as const

/** One array that goes in or comes out. */
export interface Bound {
  readonly name: string
  readonly dtype: 'F32' | 'I64' | 'F64'
  readonly shape: readonly number[]
  readonly data: Float32Array | Float64Array | BigInt64Array
  /** Of an input: nobody writes into the array any more. */
  readonly constant?: boolean
}

/** Of the runtime: its functions, and what describes the memory of JavaScript's own arrays. */
interface Runtime {
  readonly api: OrtApi
  readonly cpu: Pointer
}

export class IoBinding implements Disposable {
  readonly #runtime: Runtime
  readonly #native: NativeObject
  /** Constant inputs that are bound, by name. On the CPU native code reads these very arrays: they are kept alive here. */
  readonly #constants = new Map<string, Bound['data']>()

  constructor(runtime: Runtime, session: Pointer) {
    this.#runtime = runtime
    this.#native = NativeObject.make(runtime.api, 'CreateIoBinding', session)
  }

  get pointer(): Pointer {
    return this.#native.pointer
  }

  /** The arrays must stay as they are, and referenced, until the run is over; outputs are let go then (`endRun`). */
  bind(inputs: readonly Bound[], outputs: readonly Bound[]): void {
    for (const input of inputs) {
      const { name, data, constant = false } = input
      if (constant && this.#constants.get(name) === data) continue
      this.#bind('BindInput', input)
      if (constant) this.#constants.set(name, data)
      else this.#constants.delete(name)
    }
    for (const output of outputs) this.#bind('BindOutput', output)
  }

  /** Nothing points into the outputs' arrays any more. */
  endRun(): void {
    this.#runtime.api.call('ClearBoundOutputs', this.#native.pointer)
  }

  [Symbol.dispose](): void {
    this.#native[Symbol.dispose]()
    this.#constants.clear()
  }

  /** The binding shares the value: it may be released at once. */
  #bind(how: 'BindInput' | 'BindOutput', { name, dtype, shape, data }: Bound): void {
    const { api, cpu } = this.#runtime
    const at = api.address(data.buffer) + BigInt(data.byteOffset)
    const sides = BigInt64Array.from(shape, BigInt)
    const about = [cpu, at, data.byteLength, sides, shape.length, ELEMENT[dtype]]
    using value = NativeObject.make(api, 'CreateTensorWithDataAsOrtValue', ...about)
    api.check(how, this.#native.pointer, name, value.pointer)
  }
}
