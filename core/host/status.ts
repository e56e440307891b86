/** The studio at work: models in memory, the queue, the last pictures, times, memory. For the status page and the service. */

import { diskOf } from '../files/disk.ts'
import { VERSION } from '../files/version.ts'
import type { StudioStatus } from './api/studio.ts'
import type { StudioHost } from './studio-host.ts'

/** How many of the newest pictures a status names. */
const RECENT = 12

/** @returns how the studio is now; asks the system, and no inference process */
export async function studioStatus({
  studio,
  settings,
  statistics,
  library,
  queue,
}: StudioHost): Promise<StudioStatus> {
  const inMemory = statistics.modelsInMemory()
  const [models, memory, disk] = await Promise.all([
    studio.registry.list(),
    statistics.memoryNow(),
    diskOf(studio.dataFolder),
  ])
  const { pictures } = library.list({ sort: 'date', limit: RECENT })
  return {
    version: VERSION,
    provider: studio.inference.provider,
    models: models.map(({ id, name, builtIn, present, path }) => ({
      id,
      name,
      builtIn,
      present,
      inMemory: inMemory.includes(id) || inMemory.includes(path),
      isDefault: id === settings.get().model,
    })),
    queue: { waiting: queue.count('waiting'), running: queue.count('running'), paused: queue.paused },
    generations: statistics.generations,
    failures: statistics.failures,
    durations: statistics.durations(),
    recent: pictures.map(({ id, word, style, created, legibility }) => ({
      id,
      word,
      style,
      created,
      legibility,
      timings: library.get(id).record?.timings ?? {},
    })),
    memory,
    memoryCurve: [...statistics.memoryCurve()],
    disk,
  }
}
