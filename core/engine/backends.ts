/**
 * The two ways into ONNX Runtime. Its C API computes on another thread and stops in the middle of a run: the CPU goes
 * through it. npm's own binding reaches the other providers, and the CPU where koffi has no build or ZIHUA_ENGINE is "npm".
 */
import type { Provider } from '../graph/op-profiles.ts'
import type { Backend } from './backend.ts'
import { type Opened, openNative } from './native-backend.ts'
import { npmBackend } from './npm-backend.ts'

/** Opened at the first use. */
let native: Opened | undefined

export interface Choice {
  backend: Backend
  /** Why it is not the C API; null where it is. */
  reason: string | null
}

export function chooseBackend(provider: Provider): Choice {
  // On CUDA the C API reaches options that the binding does not; not measured yet, so only where it is asked for.
  const reached = provider === 'cpu' || (provider === 'cuda' && process.env['ZIHUA_ENGINE'] === 'c-api')
  if (!reached) return { backend: npmBackend, reason: 'other providers go through the npm binding' }
  if (process.env['ZIHUA_ENGINE'] === 'npm') return { backend: npmBackend, reason: 'ZIHUA_ENGINE is "npm"' }
  native ??= openNative()
  return { backend: native.backend ?? npmBackend, reason: native.reason }
}
