/** Follows entries of a bucket, for as long as one likes, over every loss of the server. */
import { setTimeout as wait } from 'node:timers/promises'
import type { KV, KvWatchEntry } from '@nats-io/kv'
import type { FarmStore } from './store.ts'

/** Before a watch that has ended is begun again. */
const PAUSE_MS = 200

export interface FollowOptions {
  store: FarmStore
  /** The bucket, as it is called anew after a loss. */
  bucket: () => KV
  /** Such as "kind.>". */
  filter: string
  /** Everything that was heard before may have changed: all that is there follows. */
  onStart?: () => void
  onEntry: (entry: KvWatchEntry) => void
  signal: AbortSignal
}

/** Resolves when the signal aborts. */
export async function follow({ store, bucket, filter, onStart, onEntry, signal }: FollowOptions): Promise<void> {
  while (!signal.aborted) {
    try {
      const entries = await store.persist(() => bucket().watch({ key: filter }))
      const stop = () => entries.stop()
      signal.addEventListener('abort', stop, { once: true })
      // It may have aborted while the watch was being set up.
      if (signal.aborted) stop()
      const off = store.onReconnect(stop)
      onStart?.()
      try {
        for await (const entry of entries) onEntry(entry)
      } finally {
        off()
        signal.removeEventListener('abort', stop)
      }
    } catch {
      // The bucket is gone: ensure() makes it again.
      await store.ensure().catch(() => {})
    }
    await wait(PAUSE_MS, undefined, { signal }).catch(() => {})
  }
}
