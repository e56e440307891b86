/**
 * Windows' graphics drivers do not fail when a card's memory is full: they move parts of it into the processor's, and each
 * step then waits for the bus. Nothing tells of it but the time that a step takes.
 * Source: NVIDIA, "System Memory Fallback for Stable Diffusion" (knowledge base, answer 5490; drivers from 536.40 on).
 */
import type { MemoryRecord } from './memory-monitor.ts'

/** A step this many times as long as usual is no chance. */
const SLOWER = 3
/** From this part of its memory on a card is full: drivers keep some for themselves. */
const FULL = 0.95

export interface SpillQuestion {
  platform: NodeJS.Platform
  /** Of one step: now, and usually with this model, size and provider; null: none was measured before. */
  seconds: number
  usual: number | null
  /** Bytes of the card: in use at most while the steps ran, and all there is; null where the driver does not tell. */
  used: number | null
  total: number | null
}

/** Whether the driver has moved memory of the card into the processor's. */
export function hasSpilled({ platform, seconds, usual, used, total }: SpillQuestion): boolean {
  if (platform !== 'win32' || usual === null || used === null || total === null) return false
  return seconds > SLOWER * usual && used >= FULL * total
}

/**
 * The steps of a job, those of its first picture's first left out, which compiles or warms what later ones have.
 * @returns seconds of one in the mean, and the most that the card had in use; null where there is no step left
 */
export function stepsOf(records: readonly MemoryRecord[]): { seconds: number; used: number | null } | null {
  const steps = records.filter(({ operation }) => operation === 'step').slice(1)
  if (steps.length === 0) return null
  const seconds = steps.reduce((sum, { milliseconds }) => sum + milliseconds, 0) / steps.length / 1000
  const peaks = steps.flatMap(({ device }) => device?.peak ?? [])
  return { seconds, used: peaks.length ? Math.max(...peaks) : null }
}
