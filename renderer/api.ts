/** The renderer's only way out: a typed client of the studio's procedures. Types alone come from core, no code. */
import { createORPCClient, ORPCError } from '@orpc/client'
import { RPCLink } from '@orpc/client/fetch'
import type { ErrorReport } from '../core/faults/studio-error.ts'
import type { StudioClient } from '../core/host/api.ts'

export const api: StudioClient = createORPCClient(new RPCLink({ url: new URL('/rpc', window.location.href).href }))

const isReport = (value: unknown): value is ErrorReport =>
  typeof value === 'object' && value !== null && 'code' in value && 'message' in value && 'hint' in value

/** Whatever was thrown, as the report that a user reads; null where the call was given up on purpose. */
export function reportOf(error: unknown): ErrorReport | null {
  if (error instanceof DOMException && error.name === 'AbortError') return null
  if (error instanceof ORPCError && isReport(error.data)) return error.data.code === 'cancelled' ? null : error.data
  const message = error instanceof Error ? error.message : String(error)
  return { code: 'internal', message, hint: '' }
}
