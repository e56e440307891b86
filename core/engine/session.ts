/** One ONNX Runtime session over a graph of ours. Lives in the inference process (and in tests), never in a host. */
import { parse } from 'node:path'
import * as ort from 'onnxruntime-node'
import { fault, phrase, reasonOf } from '../faults/fault.ts'
import type { Phrase, StudioError } from '../faults/studio-error.ts'
import type { Graph } from '../graph/builder.ts'
import type { Provider } from '../graph/op-profiles.ts'

/** Float32 values, or int64 for ids, in a shape. */
export interface Tensor {
  readonly data: Float32Array | BigInt64Array
  readonly shape: readonly number[]
}
export type Tensors = Readonly<Record<string, Tensor>>

export interface SessionOptions {
  provider: Provider
  threads?: number
}

export const floats = (data: Float32Array, ...shape: number[]): Tensor => ({ data, shape })
export const ints = (values: readonly number[], ...shape: number[]): Tensor => ({
  data: BigInt64Array.from(values, BigInt),
  shape: shape.length ? shape : [values.length],
})

/** A loaded graph. run() is synchronous inside ONNX Runtime: nothing else happens in this process meanwhile. */
export class Session {
  static #loaded = 0
  readonly name: string
  readonly inputs: Graph['inputs']
  readonly #session: ort.InferenceSession
  private constructor({ name, inputs }: Graph, session: ort.InferenceSession) {
    this.name = name
    this.inputs = inputs
    this.#session = session
    Session.#loaded++
  }

  /** Sessions that are loaded and not released yet. */
  static get loaded(): number {
    return Session.#loaded
  }

  /** Loads a graph. Throws StudioError('bad-weights') for what ONNX Runtime refuses, 'out-of-memory' where it ran out. */
  static async load(graph: Graph, { provider, threads = 0 }: SessionOptions): Promise<Session> {
    try {
      const session = await ort.InferenceSession.create(graph.onnx, {
        executionProviders: [provider],
        intraOpNumThreads: threads,
        // Prepacking, and the layout of convolutions that the last level chooses, copy weights: what is mapped shall stay so.
        graphOptimizationLevel: graph.mapped ? 'extended' : 'all',
        // The pattern of the first run is allocated as one block for every later one, beside the arena that already grew to
        // its peak: a fifth of the memory, and no time, is saved without it (models/PERFORMANCE.md).
        enableMemPattern: false,
        // An arena keeps what a run took for the next one. Where memory is short enough for mapped weights it goes back
        // instead, before the next network runs; that costs a hundredth of a step.
        enableCpuMemArena: !graph.mapped,
        logSeverityLevel: 3,
        extra: {
          session: {
            // Weights are named from the root, so that several files, folders and symlinks (a Hugging Face cache) all pass.
            model_external_initializers_file_folder_path: parse(process.cwd()).root,
            // A thread that has nothing to do sleeps instead of spinning: pictures are a tenth faster where other threads
            // (maps, scores, the page) want the same cores, and the cores are theirs meanwhile.
            intra_op: { allow_spinning: '0' },
            ...(graph.mapped ? { disable_prepacking: '1' } : {}),
          },
        },
      })
      return new Session(graph, session)
    } catch (error) {
      throw translate(error, phrase('graphNotLoaded', { graph: graph.name }))
    }
  }

  /** Inputs and outputs by name; inputs that the graph does not have are an error of ours. */
  async run(inputs: Tensors): Promise<Record<string, Tensor>> {
    const feeds: Record<string, ort.Tensor> = {}
    for (const { name, dtype, shape } of this.inputs) {
      const given = inputs[name]
      if (!given || given.shape.join() !== shape.join()) {
        throw new Error(`${this.name}: input ${name} is ${given?.shape ?? 'missing'}, expected ${shape}`)
      }
      feeds[name] =
        dtype === 'I64'
          ? new ort.Tensor('int64', given.data as BigInt64Array, shape)
          : new ort.Tensor('float32', given.data as Float32Array, shape)
    }
    try {
      const results = await this.#session.run(feeds)
      return Object.fromEntries(
        Object.entries(results).map(([name, { data, dims }]) => [name, { data: data as Float32Array, shape: dims }]),
      )
    } catch (error) {
      throw translate(error, phrase('graphFailing', { graph: this.name }))
    }
  }

  async release(): Promise<void> {
    Session.#loaded--
    await this.#session.release()
  }
}

/** What ONNX Runtime says, without the places in its source where it says so. */
const plainReason = (text: string): string =>
  text
    .split('\n')[0]
    .replace(/\/onnxruntime_src\/\S+ /, '')
    .replace(/^.* was false\. /, '')
    .slice(0, 300)

function translate(error: unknown, what: Phrase): StudioError {
  const text = reasonOf(error)
  if (/bad_alloc|allocat|out of memory|OOM/i.test(text)) {
    return fault('graphOutOfMemory', { what }, { cause: error })
  }
  return fault('graphFailed', { what, reason: plainReason(text) }, { cause: error })
}
