/** By numbers as a monitor records them: a card of 8 GB, SDXL at 1024². */
import { expect, it } from 'vitest'
import type { MemoryRecord } from './memory-monitor.ts'
import { hasSpilled, stepsOf } from './spill.ts'

const MIB = 2 ** 20
const host = { before: 1e9, after: 1e9, peak: 1e9 }
const record = (operation: string, seconds: number, mebibytes: number | null): MemoryRecord => {
  const bytes = mebibytes === null ? null : mebibytes * MIB
  const device = bytes === null ? null : { before: bytes, after: bytes, peak: bytes }
  return { operation, at: '2026-11-29T12:00:00.000Z', milliseconds: seconds * 1000, host, device }
}
const question = { platform: 'win32', seconds: 4, usual: 1, used: 8000 * MIB, total: 8188 * MIB } as const

it('a step beyond three times the usual at a full card is it', () => {
  expect(hasSpilled(question)).toBe(true)
})

it.each([
  ['three times is not beyond it', { seconds: 3 }],
  ['a card with room has another reason', { used: 7000 * MIB }],
  ['other systems’ drivers fail', { platform: 'linux' }],
  ['nobody knows what is usual', { usual: null }],
  ['the driver does not tell what is used', { used: null }],
  ['nor how much there is', { total: null }],
] as const)('%s', (_, change) => {
  expect(hasSpilled({ ...question, ...change })).toBe(false)
})

it('steps are told without the first, with the card’s largest', () => {
  const records = [
    ...[record('encode', 1, 3000), record('step', 30, 8100), record('step', 2, 7900), record('step', 4, 8050)],
    record('decode', 5, 8188),
  ]
  expect(stepsOf(records)).toEqual({ seconds: 3, used: 8050 * MIB })
  expect(stepsOf([record('step', 1, null), record('step', 1, null)])).toEqual({ seconds: 1, used: null })
  expect(stepsOf(records.slice(0, 2))).toBeNull()
})
