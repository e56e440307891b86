/** The renderer's only connection to the host: a typed client of the studio's procedures (core/host/api.ts, types only). */
import { createORPCClient, ORPCError } from '@orpc/client'
import { RPCLink } from '@orpc/client/fetch'
import type { FaultKey } from '../core/faults/fault.ts'
import type { ErrorReport } from '../core/faults/studio-error.ts'
import type { StudioClient } from '../core/host/api.ts'

/**
 * The key that the host gave this page's browser, once, behind the "#" of its address: it travels with every call, as the
 * cookie goes to every port of this machine. Kept for this origin alone, so that a reload and a second tab have it.
 */
const KEY = 'zihua-key'
const keyOf = (): Record<string, string> => {
  const given = /^#key=([\w-]{20,100})$/.exec(window.location.hash ?? '')?.[1]
  if (given) {
    window.localStorage.setItem(KEY, given)
    window.history.replaceState(null, '', window.location.pathname)
  }
  const key = given ?? window.localStorage?.getItem(KEY)
  return key ? { 'x-zihua-key': key } : {}
}

export const api: StudioClient = createORPCClient(
  new RPCLink({ url: () => new URL('/rpc', window.location.href), headers: keyOf }),
)

const isReport = (value: unknown): value is ErrorReport =>
  typeof value === 'object' && value !== null && 'code' in value && 'message' in value && 'hint' in value

/** Any thrown value as the report that is shown to a user; null for a call that was aborted on purpose. */
export function reportOf(error: unknown): ErrorReport | null {
  if (error instanceof DOMException && error.name === 'AbortError') return null
  if (error instanceof ORPCError && isReport(error.data)) return error.data.code === 'cancelled' ? null : error.data
  if (isNetworkError(error)) return HOST_LOST
  const message = error instanceof Error ? error.message : String(error)
  return { code: 'internal', message, hint: '' }
}

/** fetch() throws a TypeError where no answer comes; each browser words it in its own way. */
const isNetworkError = (error: unknown): boolean =>
  error instanceof TypeError && /fetch|network|load failed/i.test(error.message)

/** The English of core/faults/host.ts, which is not imported for its code; i18n translates it by the key. */
const HOST_LOST: ErrorReport & { key: FaultKey } = {
  code: 'internal',
  key: 'hostLost',
  message: 'The studio does not answer.',
  hint: 'Nothing is lost; try again once it is there.',
}
