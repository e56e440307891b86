/** Memory of a card, as a real program tells of it. */
import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { temporaryFolder } from '../../weights/testing.ts'
import { GPUManager } from '../gpu/gpu-manager.ts'
import { testingCard, writeNvidiaSmi } from '../gpu/testing-nvidia-smi.ts'
import { MemoryMonitor } from '../memory-monitor.ts'
import { readerOf } from './card-memory.ts'

const MIB = 2 ** 20

it.skipIf(process.platform === 'win32')(
  'the monitor records the card’s memory, and starts no program more often than each second (needs Linux or macOS)',
  async () => {
    await using folder = await temporaryFolder()
    const file = folder.at('nvidia-smi')
    let time = 0
    const sources = { nvidiaSmi: file, sysfs: '/nowhere', rocmSmi: '/nowhere', nvml: null, platform: 'linux' } as const
    const read = readerOf('cuda', new GPUManager(sources, undefined, 0), () => time)!
    await writeNvidiaSmi(file, { cards: [testingCard('NVIDIA X', 12288, 700)] })
    expect(await read()).toBe(700 * MIB)
    await writeNvidiaSmi(file, { cards: [testingCard('NVIDIA X', 12288, 9000)] })
    time = 999
    expect(await read()).toBe(700 * MIB)
    expect((await readFile(`${file}.calls`, 'utf8')).trim().split('\n')).toHaveLength(1)
    const monitor = new MemoryMonitor()
    monitor.readDevice = read
    await monitor.measure('step', async () => {
      time = 2000
    })
    expect(monitor.records[0].device).toEqual({ before: 700 * MIB, after: 9000 * MIB, peak: 9000 * MIB })
  },
)

it('a card that tells nothing, and the processor, are none', async () => {
  expect(readerOf('cpu', new GPUManager())).toBeNull()
  const silent = { getGpuStatus: async () => ({ gpus: [] }) as never }
  expect(await readerOf('cuda', silent)!()).toBeNull()
})
