/** What a way into ONNX Runtime offers (backends.ts chooses one). */
import type { Graph } from '../graph/builder.ts'
import type { Provider } from '../graph/op-profiles.ts'
import type { Tensor } from './tensor.ts'

/** A build of ONNX Runtime for a card, from elsewhere than npm. */
export interface EngineRuntime {
  /** Path of libonnxruntime; it looks for its providers in its own folder. */
  library: string
  /** Paths of the libraries that a provider needs, each after those that it needs itself. */
  preload: readonly string[]
}

export interface SessionOptions {
  provider: Provider
  /** What computes on CUDA in place of npm's build. */
  runtime?: EngineRuntime
  threads?: number
  /** Options of the CUDA provider, where the C API computes with it. */
  cuda?: Readonly<Record<string, string>>
  /** Constant inputs stay on the device between two runs, where the C API computes. Default: on CUDA. */
  resident?: boolean
}

export interface Feed extends Tensor {
  readonly name: string
  readonly dtype: 'F32' | 'F64' | 'I64'
  /** constants.ts */
  readonly constant: boolean
}

export interface BackendSession {
  /** The signal is looked at only by a backend that can stop in the middle. */
  run(feeds: readonly Feed[], signal: AbortSignal | undefined): Promise<Record<string, Tensor>>
  release(): Promise<void>
}

export interface Backend {
  readonly name: 'c-api' | 'npm'
  load(graph: Graph, options: SessionOptions): Promise<BackendSession>
}
