/** A model is loaded, paints, and is given back, many times over: bench:cycles, and a test of fewer. */
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { Studio } from './studio.ts'

export interface CyclesOptions {
  cycles: number
  /** Pixels. */
  side: number
  model: string
  /** Where the data folder is made. */
  folder: string
  onCycle?: (cycle: number, bytes: { host: number; inference: number }) => void
}

/** Bytes. */
export interface CyclesReport {
  /** Resident memory of this process after the first tenth of the cycles, and after the last. */
  before: number
  after: number
  /** The largest inference process. */
  largest: number
}

setFlagsFromString('--expose-gc')
/** What is only waiting to be collected is no growth. */
const collect = runInNewContext('gc') as () => void

export async function runCycles({ cycles, side, model, folder, onCycle }: CyclesOptions): Promise<CyclesReport> {
  const data = await mkdtemp(join(folder, 'zihua-cycles-'))
  const report: CyclesReport = { before: 0, after: 0, largest: 0 }
  const warm = Math.max(1, Math.floor(cycles / 10))
  try {
    await using studio = new Studio({ dataFolder: data })
    const request = { word: '学', model, width: side, height: side, steps: 1, guidanceScale: 3 }
    const input = model === 'draft' ? request : { ...request, controls: null, prompt: 'a cat' }
    for (let cycle = 1; cycle <= cycles; cycle++) {
      const [made] = await studio.generator.generateFrom({ ...input, seed: cycle }, { base: data })
      await studio.inference.release()
      collect()
      const host = process.memoryUsage.rss()
      const inference = Math.max(...made.memory.map(({ host: { peak } }) => peak))
      report.largest = Math.max(report.largest, inference)
      if (cycle === warm) report.before = host
      report.after = host
      onCycle?.(cycle, { host, inference })
    }
  } finally {
    await rm(data, { recursive: true, force: true })
  }
  return report
}
