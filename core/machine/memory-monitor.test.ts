import { expect, it } from 'vitest'
import { MemoryMonitor } from './memory-monitor.ts'

it('tells before, after and peak of an operation', async () => {
  const monitor = new MemoryMonitor()
  const size = 200e6
  await monitor.measure('large', async () => void Buffer.alloc(size, 1).at(-1))
  await monitor.measure('small', async () => {})
  const [large, small] = monitor.records
  expect(large).toMatchObject({ operation: 'large', device: null })
  expect(large.host.peak - large.host.before).toBeGreaterThan(0.9 * size)
  expect(small.host.peak).toBeGreaterThanOrEqual(small.host.before)
})

// Elsewhere the peak is that of samples, which a short operation may escape.
it.skipIf(process.platform !== 'linux')('each peak is its own (needs Linux)', async () => {
  const monitor = new MemoryMonitor()
  await monitor.measure('large', async () => {
    let buffer: Buffer | null = Buffer.alloc(300e6, 1)
    buffer.at(-1)
    buffer = null
  })
  globalThis.gc?.()
  await monitor.measure('next', async () => {})
  const [, next] = monitor.records
  expect(next.host.peak).toBeLessThan(next.host.before + 50e6)
})

it('is a ring, and tells what came after a mark', async () => {
  const monitor = new MemoryMonitor()
  for (let i = 0; i < 210; i++) await monitor.measure(`${i}`, async () => {})
  expect(monitor.records).toHaveLength(200)
  const mark = monitor.count
  expect(monitor.since(mark)).toEqual([])
  await monitor.measure('last', async () => {}).catch(() => {})
  await expect(monitor.measure('failing', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(monitor.since(mark).map(({ operation }) => operation)).toEqual(['last', 'failing'])
})

it('samples the card meanwhile', async () => {
  const readings = [1e9, 4e9, 2e9]
  let reads = 0
  const peaked = Promise.withResolvers<void>()
  const monitor = new MemoryMonitor(async () => {
    const reading = readings[Math.min(reads++, readings.length - 1)]
    if (reads === 3) peaked.resolve()
    return reading
  })
  await monitor.measure('step', () => peaked.promise)
  expect(monitor.records[0].device).toEqual({ before: 1e9, peak: 4e9, after: 2e9 })
})
