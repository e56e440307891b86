/** One ONNX Runtime session over a graph of ours. Lives in the painting process (and in tests), never in a host. */
import { fault, phrase, reasonOf } from '../faults/fault.ts'
import type { Phrase, StudioError } from '../faults/studio-error.ts'
import type { Graph } from '../graph/builder.ts'
import type { Backend, BackendSession, SessionOptions } from './backend.ts'
import { chooseBackend } from './backends.ts'
import { currentSignal } from './cancellation.ts'
import { isConstant } from './constants.ts'
import type { Tensor, Tensors } from './tensor.ts'

/** A loaded graph. */
export class Session {
  static #loaded = 0
  readonly name: string
  readonly inputs: Graph['inputs']
  /** What runs it. */
  readonly backend: Backend['name']
  readonly #session: BackendSession
  private constructor({ name, inputs }: Graph, backend: Backend['name'], session: BackendSession) {
    this.name = name
    this.inputs = inputs
    this.backend = backend
    this.#session = session
    Session.#loaded++
  }

  /** Sessions that are loaded and not released yet. */
  static get loaded(): number {
    return Session.#loaded
  }

  /** Loads a graph. Throws StudioError('bad-weights') for what ONNX Runtime refuses, 'out-of-memory' where it ran out. */
  static async load(graph: Graph, options: SessionOptions): Promise<Session> {
    try {
      const { backend } = chooseBackend(options)
      return new Session(graph, backend.name, await backend.load(graph, options))
    } catch (error) {
      throw translate(error, phrase('graphNotLoaded', { graph: graph.name }))
    }
  }

  /**
   * Inputs and outputs by name; an input of the graph that is not given is an error of ours.
   * Throws StudioError('cancelled') where the signal of cancellation.ts aborts and the backend can stop in the middle.
   */
  async run(inputs: Tensors): Promise<Record<string, Tensor>> {
    const feeds = this.inputs.map(({ name, dtype, shape }) => {
      const given = inputs[name]
      if (!given || given.shape.join() !== shape.join()) {
        throw new Error(`${this.name}: input ${name} is ${given?.shape ?? 'missing'}, expected ${shape}`)
      }
      const kind = dtype === 'I64' || dtype === 'F64' ? dtype : 'F32'
      return { name, dtype: kind, shape, data: given.data, constant: isConstant(given.data) } as const
    })
    const signal = currentSignal()
    try {
      return await this.#session.run(feeds, signal)
    } catch (error) {
      if (signal?.aborted) throw fault('cancelled')
      throw translate(error, phrase('graphFailing', { graph: this.name }))
    }
  }

  /** Once; gives its memory back after the run that is under way. */
  async release(): Promise<void> {
    Session.#loaded--
    await this.#session.release()
  }
}

/** What ONNX Runtime says, without the places in its source where it says so. */
function plainReason(text: string): string {
  const line = text.split('\n')[0].slice(0, 2000)
  const ofCuda = /CUDA failure \d{1,5}: [^;]{1,200}(?= ;)/.exec(line)
  return (ofCuda?.[0] ?? line)
    .replace(/\/onnxruntime_src\/\S{1,300} /, '')
    .replace(/^.* was false\. /, '')
    .replace(/^.*\[ONNXRuntimeError\] : \d+ : \w+ : /, '')
    .slice(0, 300)
}

function translate(error: unknown, what: Phrase): StudioError {
  const text = reasonOf(error)
  if (/bad_alloc|allocat|out of memory|OOM/i.test(text)) {
    return fault('graphOutOfMemory', { what }, { cause: error })
  }
  return fault('graphFailed', { what, reason: plainReason(text) }, { cause: error })
}
