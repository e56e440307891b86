import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { randomModel, TINY_SIZE } from '../graph/random-model.ts'
import { temporaryFolder } from '../weights/testing.ts'
import type { Model, Tensor } from '../weights/types.ts'
import { fitToMemory, machineMemory, unfoldedBytes, weightsBudget } from './memory.ts'

/** A model with this many 16-bit numbers in its UNet and no others. */
function modelOf(numbers: number): Model {
  const tensor: Tensor = {
    name: 'w',
    dtype: 'F16',
    shape: [numbers],
    data: { file: '/w', offset: 0, length: 2 * numbers },
  }
  const model = randomModel(TINY_SIZE)
  return { ...model, unet: { ...model.unet, tensors: () => [tensor] } }
}

describe('weights and memory', () => {
  afterEach(() => vi.unstubAllEnvs())
  const cpu = { provider: 'cpu', threads: 1 } as const
  const sdxl = modelOf(4.7e9)
  const of = (total: number, free = total) => ({ total, free })
  const decide = (model: Model, memory: ReturnType<typeof of>) =>
    fitToMemory(model, cpu, weightsBudget(memory), memory).ops?.weights ?? 'folded'

  it('counts 32-bit numbers', () => expect(unfoldedBytes(sdxl)).toBe(4 * 4.7e9))

  it.each([
    ['SDXL on 64 GB', sdxl, of(64e9), 'folded'],
    ['SDXL on 24 GB', sdxl, of(24e9), 'mapped'],
    ['SDXL on 64 GB of which others use 50', sdxl, of(64e9, 14e9), 'mapped'],
    ['a small model on 4 GB', modelOf(50e6), of(4e9), 'folded'],
    ['a small model on a machine that is full', modelOf(50e6), of(64e9, 0.2e9), 'mapped'],
  ] as const)('%s', (_, model, memory, expected) => expect(decide(model, memory)).toBe(expected))

  it('what is asked for is kept, and another provider has memory of its own', () => {
    const asked = { ...cpu, ops: { weights: 'folded' } } as const
    expect(fitToMemory(sdxl, asked, 1e9, of(8e9)).ops).toEqual({ weights: 'folded' })
    expect(fitToMemory(sdxl, { provider: 'cuda' }, 1e9, of(8e9)).ops).toBeUndefined()
  })

  it('one run may take a part of the memory, unless told', () => {
    expect(fitToMemory(sdxl, cpu, 1e9, of(12e9)).workingBytes).toBeCloseTo(3.6e9, -3)
    expect(fitToMemory(sdxl, { ...cpu, workingBytes: 1 }, 1e9, of(12e9)).workingBytes).toBe(1)
  })

  it('ZIHUA_MEMORY lowers what the machine has and never raises it', () => {
    const { total } = machineMemory()
    vi.stubEnv('ZIHUA_MEMORY', '1.5GB')
    expect(machineMemory().total).toBe(Math.min(total, 1.5e9))
    vi.stubEnv('ZIHUA_MEMORY', '100000 GB')
    expect(machineMemory().total).toBe(total)
    vi.stubEnv('ZIHUA_MEMORY', 'much')
    expect(machineMemory().total).toBe(total)
  })
})

// Anonymous memory is read from /proc, which other systems do not have.
describe.skipIf(process.platform !== 'linux')('two runs of a UNet of 0.3 G parameters', () => {
  it.each([
    ['mapped', 0.25],
    ['folded', 2],
  ] as const)('%s: the process grows by less than %f of its weights as 32-bit numbers', async (weights, most) => {
    await using folder = await temporaryFolder()
    const script = join(import.meta.dirname, 'testing-mapped-run.ts')
    const { stdout } = await promisify(execFile)(process.execPath, [script, folder.path, weights])
    const { own, unfolded } = JSON.parse(stdout) as { own: number; unfolded: number }
    expect(unfolded).toBeGreaterThan(0.5e9)
    expect(own / unfolded).toBeLessThan(most)
    // The measure sees weights at all.
    if (weights === 'folded') expect(own / unfolded).toBeGreaterThan(0.8)
  })
})
