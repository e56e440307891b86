/**
 * The two ways into ONNX Runtime. Its C API computes on another thread and stops in the middle of a run: the CPU goes
 * through it. npm's own binding reaches the other providers, and the CPU where koffi has no build or ZIHUA_ENGINE is "npm".
 */
import type { Provider } from '../graph/op-profiles.ts'
import type { Backend } from './backend.ts'
import { openNative } from './native-backend.ts'
import { npmBackend } from './npm-backend.ts'

/** Opened at the first use; null where it cannot be. */
let native: Backend | null | undefined

export async function backendFor(provider: Provider): Promise<Backend> {
  if (provider !== 'cpu' || process.env['ZIHUA_ENGINE'] === 'npm') return npmBackend
  if (native === undefined) native = openNative()
  return native ?? npmBackend
}
