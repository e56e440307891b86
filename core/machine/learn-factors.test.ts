import { expect, it } from 'vitest'
import { factorsOf } from './learn-factors.ts'
import type { MemoryRecord } from './memory-monitor.ts'

const use = (peak: number, before = peak) => ({ before, after: peak, peak })
const record = (operation: string, host: number, device: MemoryRecord['device'] = null): MemoryRecord => ({
  ...{ operation, at: '2026-11-29T12:00:00.000Z', milliseconds: 1, host: use(host), device },
})
const cpu = { provider: 'cpu' } as const
const stage = { weights: 1e9, working: 1e9, fixed: 1.2e9, runs: 1e9, mapped: 0 }
const estimateOf = (change: Partial<typeof stage>) => ({
  itself: 0.2e9,
  stages: (['denoise', 'decode'] as const).map(name => ({ ...stage, ...change, stage: name })),
})

it('is what would have made the estimate the measured peak', () => {
  const records = [record('encode', 9e9), record('step', 2.4e9), record('step', 2.5e9), record('decode', 2.7e9)]
  const [denoise, decode] = factorsOf(cpu, estimateOf({}), records)
  expect([denoise.stage, decode.stage]).toEqual(['denoise', 'decode'])
  expect(denoise.factor).toBeCloseTo(1.1)
  expect(decode.factor).toBeCloseTo(1.3)
})

it('of a card is what came since the picture began', () => {
  const records = [record('encode', 1e9, use(3e9)), record('step', 1e9, use(6e9)), record('decode', 1e9, null)]
  const learned = factorsOf({ provider: 'cuda' }, estimateOf({}), records)
  expect(learned).toHaveLength(1)
  expect(learned[0].factor).toBeCloseTo(1.6)
})

it('nothing is learned from mapped weights, a peak below what is fixed, or no record', () => {
  const records = [record('step', 2.4e9), record('decode', 2.4e9)]
  expect(factorsOf({ ...cpu, ops: { weights: 'mapped' } }, estimateOf({}), records)).toEqual([])
  expect(factorsOf(cpu, estimateOf({ runs: 0 }), records)).toEqual([])
  expect(factorsOf(cpu, estimateOf({}), [record('step', 1e9)])).toEqual([])
  expect(factorsOf(cpu, estimateOf({}), [])).toEqual([])
})
