/** Sessions of onnxruntime-node. A run is synchronous inside: nothing else happens in this process meanwhile. */
import type { InferenceSession } from 'onnxruntime-node'
import type { Backend } from './backend.ts'
import { nestedConfig } from './session-config.ts'

const TYPES = { F32: 'float32', F64: 'float64', I64: 'int64' } as const

export const npmBackend: Backend = {
  name: 'npm',
  async load(graph, { provider, threads = 0 }) {
    // Loaded only where it is used: beside the C API it would be a second owner of the same library.
    const ort = await import('onnxruntime-node')
    const session: InferenceSession = await ort.InferenceSession.create(graph.onnx, {
      executionProviders: [provider],
      intraOpNumThreads: threads,
      graphOptimizationLevel: graph.mapped ? 'extended' : 'all',
      enableMemPattern: false,
      // It cannot shrink its arena after a run as the C API can: where memory is short there is none.
      enableCpuMemArena: !graph.mapped,
      logSeverityLevel: 3,
      extra: nestedConfig(graph),
    })
    return {
      async run(feeds) {
        const tensors = feeds.map(({ name, dtype, shape, data }) => [name, new ort.Tensor(TYPES[dtype], data, shape)])
        const results = await session.run(Object.fromEntries(tensors))
        return Object.fromEntries(
          Object.entries(results).map(([name, { data, dims }]) => [name, { data: data as Float32Array, shape: dims }]),
        )
      },
      release: () => session.release(),
    }
  },
}
