/** Sessions of ONNX Runtime's C API (ort/), on the CPU. */
import type { Backend, Feed } from './backend.ts'
import { libraryPath, openApi } from './ort/api.ts'
import { type Bound, OrtRuntime } from './ort/ort-session.ts'
import { sessionConfig } from './session-config.ts'

const [EXTENDED, ALL] = [2, 99] as const

/** null where koffi or the library cannot be loaded. */
export function openNative(): Backend | null {
  const path = libraryPath()
  if (path === null) return null
  try {
    return nativeBackend(new OrtRuntime(openApi(path)))
  } catch {
    return null
  }
}

const nativeBackend = (runtime: OrtRuntime): Backend => ({
  name: 'c-api',
  async load(graph, { threads = 0 }) {
    const { outputs, mapped } = graph
    const session = await runtime.load(graph.onnx, {
      threads,
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
