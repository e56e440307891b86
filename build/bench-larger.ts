/**
 * npm run bench:larger [-- --side 2048 --steps 10 --from 512 --estimate --json]: a picture of the draft model is painted, then painted
 * again larger. Time as it is told before beside the measured one, and memory: estimated, and the most that each process held
 * (VmHWM; this process draws the maps in threads and holds the picture, the other paints).
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import sharp from 'sharp'
import { largerRequest } from '../core/contract/larger.ts'
import type { Request } from '../core/contract/request.ts'
import { Studio } from '../core/generate/studio.ts'
import { expectedStages, type TimedPicture } from '../core/library/expected-time.ts'
import { peakNow } from '../core/machine/memory-monitor.ts'
import type { Rgb } from '../core/raster/raster.ts'

const { values } = parseArgs({
  options: {
    side: { type: 'string', default: '2048' },
    steps: { type: 'string', default: '10' },
    from: { type: 'string', default: '512' },
    estimate: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})
const mb = (bytes: number) => Math.round(bytes / 1e6)
const seconds = (milliseconds: number) => Math.round(milliseconds / 100) / 10

const folder = await mkdtemp(join(tmpdir(), 'zihua-bench-larger-'))
const base = folder
try {
  await using studio = new Studio({ dataFolder: folder })
  const { generator, machine } = studio
  const from = Number(values.from)
  const small = await generator.complete({ word: '学习', width: from, height: from, steps: Number(values.steps) }, base)
  const larger = await generator.complete(largerRequest(small, 'small.png', { side: Number(values.side) }), base)
  const estimate = await machine.estimate(await generator.sizing(larger, base), {})
  const row: Record<string, unknown> = {
    side: Number(values.side),
    estimated: estimate?.profiles.map(({ profile, total, stage, fits }) => ({ profile, MB: mb(total), stage, fits })),
  }
  if (!values.estimate) Object.assign(row, await measure(studio, small, larger))
  console.log(values.json ? JSON.stringify(row) : row)
} finally {
  await rm(folder, { recursive: true, force: true })
}

/** Two small pictures, the first with the start of everything, are what the larger one's time is told by. */
async function measure(studio: Studio, small: Request, larger: Request): Promise<object> {
  const past: TimedPicture[] = []
  for (const seed of [1, 2]) {
    const [{ image, request, timings }] = await studio.generator.generate({ ...small, seed }, { base })
    past.unshift({ request, timings })
    await save(image, join(base, 'small.png'))
  }
  const stages = expectedStages(larger, past)!
  const told = Object.values(stages).reduce((sum, time) => sum + time, 0)
  const began = performance.now()
  const [made] = await studio.generator.generate(larger, { base })
  const measured = performance.now() - began
  await save(made.image, join(base, 'larger.png'))
  return {
    'told s': seconds(told),
    'measured s': seconds(measured),
    'told / measured': Math.round((100 * told) / measured) / 100,
    'painting process MB': mb(Math.max(...made.memory.map(({ host }) => host.peak))),
    'this process MB': mb(peakNow() ?? process.resourceUsage().maxRSS * 1024),
    'stages, told and measured s': Object.fromEntries(
      Object.entries(stages).map(([stage, time]) => [stage, [seconds(time), seconds(made.timings[stage] ?? 0)]]),
    ),
    'small ones s': past.map(({ timings }) =>
      Object.fromEntries(Object.entries(timings).map(([stage, time]) => [stage, seconds(time)])),
    ),
  }
}

async function save({ width, height, channels, data }: Rgb, file: string): Promise<void> {
  await sharp(data, { raw: { width, height, channels } }).png().toFile(file)
}
