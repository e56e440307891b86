/** Whether other programs of this computer may call the studio: what the host knows of it. core/server/local-api.ts does it. */
import type { ErrorReport } from '../faults/studio-error.ts'

export type LocalApiState =
  /** This host has no server of its own. */
  | { kind: 'none' }
  | { kind: 'off' }
  /** @property origin "http://127.0.0.1:8600" */
  | { kind: 'on'; origin: string }
  /** Switched on, but its port is taken or may not be used. */
  | { kind: 'failed'; error: ErrorReport }
  /** Whoever started the studio serves programs; the settings have no say. */
  | { kind: 'served'; origin: string }

export interface LocalApiControl {
  state(): LocalApiState
  /** Does what the settings say now; resolves when programs are let in, or nobody is. Never throws: state() says why not. */
  apply(): Promise<void>
}
