/**
 * The two ways into ONNX Runtime. Its C API computes on another thread and stops in the middle of a run: the CPU goes
 * through it, and CUDA where it has a runtime of its own. npm's own binding reaches the other providers, and the CPU where
 * koffi has no build or ZIHUA_ENGINE is "npm".
 */
import type { Backend, EngineRuntime, SessionOptions } from './backend.ts'
import { type Opened, openNative } from './native-backend.ts'
import { npmBackend } from './npm-backend.ts'
import { OrtError } from './ort/api.ts'

/** npm's library, opened at the first use. */
let native: Opened | undefined
/** Other builds, by the paths of their libraries. */
const runtimes = new Map<string, Opened>()

export interface Choice {
  backend: Backend
  /** Why it is not the C API; null where it is. */
  reason: string | null
}

/** @throws OrtError where a runtime of its own cannot be loaded: no other way reaches the libraries that were fetched for it */
export function chooseBackend({ provider, runtime }: Pick<SessionOptions, 'provider' | 'runtime'>): Choice {
  if (provider === 'cuda' && runtime) return { backend: backendOf(runtime), reason: null }
  // On CUDA the C API reaches options that the binding does not; not measured yet, so only where it is asked for.
  const reached = provider === 'cpu' || (provider === 'cuda' && process.env['ZIHUA_ENGINE'] === 'c-api')
  if (!reached) return { backend: npmBackend, reason: 'other providers go through the npm binding' }
  if (process.env['ZIHUA_ENGINE'] === 'npm') return { backend: npmBackend, reason: 'ZIHUA_ENGINE is "npm"' }
  native ??= openNative()
  return { backend: native.backend ?? npmBackend, reason: native.reason }
}

function backendOf({ library, preload }: EngineRuntime): Backend {
  const opened = runtimes.get(library) ?? openNative(library, preload)
  runtimes.set(library, opened)
  if (opened.backend) return opened.backend
  throw new OrtError(opened.reason)
}
