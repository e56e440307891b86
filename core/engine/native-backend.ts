/** Sessions of ONNX Runtime's C API (ort/), on the CPU or on CUDA. */
import { reasonOf } from '../faults/fault.ts'
import type { Graph } from '../graph/builder.ts'
import type { Backend, Feed } from './backend.ts'
import { type OptimisedGraphs, optimisedGraphs, WEIGHTS } from './optimised-graphs.ts'
import { libraryPath, openApi } from './ort/api.ts'
import type { Bound } from './ort/io-binding.ts'
import { OrtRuntime, type OrtSession, type OrtSessionOptions } from './ort/ort-session.ts'
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

const [NONE, EXTENDED, ALL] = [0, 2, 99] as const

/** The backend, or why it cannot be had: no library for this system, or koffi or the library cannot be loaded. */
export type Opened = { backend: Backend; reason: null } | { backend: null; reason: string }

/** @param preload libraries that the providers beside it need */
export function openNative(path = libraryPath(), preload: readonly string[] = []): Opened {
  if (path === null)
    return { backend: null, reason: `onnxruntime-node has no library for ${process.platform} ${process.arch}` }
  try {
    return { backend: nativeBackend(new OrtRuntime(openApi(path, preload))), reason: null }
  } catch (error) {
    return { backend: null, reason: reasonOf(error).split('\n')[0] }
  }
}

const nativeBackend = (runtime: OrtRuntime): Backend => ({
  name: 'c-api',
  async load(graph, { provider, threads = 0, cuda = {}, resident = provider === 'cuda' }) {
    const { outputs, mapped } = graph
    const session = await load(runtime, graph, {
      threads,
      resident,
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

/** The session; its graph as it was optimised before, where that is kept, and else kept from now on. */
async function load(runtime: OrtRuntime, graph: Graph, options: OrtSessionOptions): Promise<OrtSession> {
  const graphs = options.cuda ? null : optimisedGraphs()
  const about = [runtime.api.version, options.optimization, options.config]
  const key = graphs && (await graphs.keyOf(graph, about).catch(() => null))
  const loaded =
    key &&
    ((await loadKept(runtime, graphs, key, options)) ?? (await loadAndKeep(runtime, graphs, key, graph, options)))
  return loaded || runtime.load(graph.onnx, options)
}

async function loadKept(runtime: OrtRuntime, graphs: OptimisedGraphs, key: string, options: OrtSessionOptions) {
  const found = await graphs.find(key)
  if (!found) return null
  const config = { ...options.config, 'session.model_external_initializers_file_folder_path': found.folder }
  try {
    return await runtime.load(found.model, { ...options, optimization: NONE, config })
  } catch {
    await graphs.remove(key)
    return null
  }
}

/** null where it cannot be written, and also where it cannot be loaded, which is said when it is loaded alone. */
async function loadAndKeep(
  runtime: OrtRuntime,
  graphs: OptimisedGraphs,
  key: string,
  graph: Graph,
  options: OrtSessionOptions,
) {
  const pending = await graphs.begin(key)
  if (!pending) return null
  const config = {
    ...options.config,
    // Weights in a file of their own: those are mapped, not copied, when they are loaded.
    'session.optimized_model_external_initializers_file_name': WEIGHTS,
    'session.optimized_model_external_initializers_min_size_in_bytes': '1024',
  }
  try {
    const session = await runtime.load(graph.onnx, { ...options, config, saveTo: pending.model })
    void pending.finish()
    return session
  } catch {
    await pending.abandon()
    return null
  }
}
