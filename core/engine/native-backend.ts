/** Sessions of ONNX Runtime's C API (ort/), on the CPU. */
import { reasonOf } from '../faults/fault.ts'
import type { Backend, Feed } from './backend.ts'
import { libraryPath, openApi } from './ort/api.ts'
import { type Bound, OrtRuntime } from './ort/ort-session.ts'
import { sessionConfig } from './session-config.ts'

/**
 * TensorFloat-32 off, so that 32-bit graphs are what they say; convolutions tried out in earnest; memory taken as it is needed.
 * Not measured yet: build/gpu-check.ts tells each apart.
 */
const CUDA_OPTIONS = {
  use_tf32: '0',
  cudnn_conv_algo_search: 'HEURISTIC',
  arena_extend_strategy: 'kSameAsRequested',
}

const [EXTENDED, ALL] = [2, 99] as const

/** The backend, or why it cannot be had: no library for this system, or koffi or the library cannot be loaded. */
export type Opened = { backend: Backend; reason: null } | { backend: null; reason: string }

export function openNative(path = libraryPath()): Opened {
  if (path === null)
    return { backend: null, reason: `onnxruntime-node has no library for ${process.platform} ${process.arch}` }
  try {
    return { backend: nativeBackend(new OrtRuntime(openApi(path))), reason: null }
  } catch (error) {
    return { backend: null, reason: reasonOf(error).split('\n')[0] }
  }
}

const nativeBackend = (runtime: OrtRuntime): Backend => ({
  name: 'c-api',
  async load(graph, { provider, threads = 0, cuda = {} }) {
    const { outputs, mapped } = graph
    const session = await runtime.load(graph.onnx, {
      threads,
      ...(provider === 'cuda' && { cuda: { ...CUDA_OPTIONS, ...cuda } }),
      optimization: mapped ? EXTENDED : ALL,
      config: sessionConfig(graph),
      // Where memory is short enough for mapped weights, what a run took goes back at its end, before the next network runs.
      runConfig: mapped ? { 'memory.enable_memory_arena_shrinkage': 'cpu:0' } : {},
    })
    return {
      async run(feeds: readonly Feed[], signal) {
        const results = outputs.map(({ name, shape }): Bound => {
          const data = new Float32Array(shape.reduce((a, b) => a * b, 1))
          return { name, dtype: 'F32', shape, data }
        })
        await session.run(feeds, results, signal)
        return Object.fromEntries(results.map(result => [result.name, result]))
      },
      release: () => session.release(),
    }
  },
})
