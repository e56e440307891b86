/** Memory in use on the card that computes, for the process that paints. */

import type { Provider } from '../../graph/op-profiles.ts'
import type { GPUManager } from '../gpu/gpu-manager.ts'
import type { GpuStatus } from '../gpu/types.ts'
import type { ReadDevice } from '../memory-monitor.ts'
import { cardOf } from './order.ts'

/** A program that has to be started for each look is not started more often, milliseconds; a library is asked each time. */
const PROGRAM_MS = 1000

/** @param now milliseconds, for tests */
export function readerOf(
  provider: Provider,
  gpus: Pick<GPUManager, 'getGpuStatus'>,
  now: () => number = () => performance.now(),
): ReadDevice | null {
  if (provider === 'cpu') return null
  let last: { at: number; card: GpuStatus | null } | null = null
  return async () => {
    const program = last?.card?.source !== 'nvml'
    if (!last || !program || now() - last.at >= PROGRAM_MS) {
      const { gpus: cards } = await gpus.getGpuStatus()
      last = { at: now(), card: cardOf(provider, cards) }
    }
    const { used, total, free } = last.card?.memory ?? { used: null, total: null, free: null }
    return used ?? (total !== null && free !== null ? total - free : null)
  }
}
