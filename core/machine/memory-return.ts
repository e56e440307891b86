/** After a process was ended, its driver takes a while to give a card's memory back: half a second to two, typically. */
import { setTimeout as sleep } from 'node:timers/promises'

/** Of what was held, so much must be back; the rest may be other programs'. */
const SHARE = 0.75
const LIMIT_MS = 5000
const POLL_MS = 100

export interface Return {
  /** Free memory, bytes; null where nobody tells, and then nothing is waited for. */
  free: () => Promise<number | null>
  /** Free memory before the process took its own, bytes. */
  before: number
  /** What it held, bytes. */
  held: number
  limitMs?: number
  pollMs?: number
}

/** Settles when three quarters of what was held are back, or after five seconds. @returns whether they are */
export async function memoryReturned({
  free,
  before,
  held,
  limitMs = LIMIT_MS,
  pollMs = POLL_MS,
}: Return): Promise<boolean> {
  const end = performance.now() + limitMs
  for (;;) {
    const now = await free()
    if (now === null || now >= before - (1 - SHARE) * held) return true
    if (performance.now() >= end) return false
    await sleep(pollMs)
  }
}
