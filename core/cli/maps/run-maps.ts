import type { ConditioningMap, MapOptions } from '../../conditioning/types.ts'
import type { Composition } from '../../contract/composition.ts'
import { DEFAULT_LAYOUT, type Layout } from '../../contract/request.ts'
import { fault } from '../../faults/fault.ts'
import { StudioError } from '../../faults/studio-error.ts'
import type { Source } from '../../processes/maps/job.ts'
import { MapPool } from '../../processes/maps/pool.ts'
import { type ListedChoice, parseMethods } from './method-list.ts'
import { type MapsRecord, type MissingMap, saveMaps } from './save-maps.ts'

export interface RunMapsOptions extends MapOptions {
  /** Exactly one of word and picture. */
  word?: string
  /** A picture file of one's own. */
  picture?: string
  /** The picture as it is: no cleaning, no centring, no resizing; ink is the darker side. */
  asIs?: boolean
  out: string
  /** Canvas, default 1024 × 1024; not used with asIs. */
  width?: number
  height?: number
  layout?: Layout
  /** Instead of the word alone. */
  composition?: Composition
  /** "all", or "canny=all,depth=METHOD,…"; left out: each map's first method. */
  methods?: string
  /** Default: a pool of this run's own. */
  pool?: MapPool
  /** Hears of each map as it is made, and of each that has to be left out. */
  onMap?: (map: ConditioningMap) => void
  onWarning?: (missing: MissingMap) => void
}

/**
 * The command `zihua maps`: makes the maps of a word or a picture and writes them to a folder.
 * With "all", methods whose model is missing are left out and reported; asked for by name they are an error.
 * @throws StudioError bad-request, bad-word, missing-glyph, bad-font, bad-image, missing-model, cannot-write, cancelled
 */
export async function runMaps(options: RunMapsOptions): Promise<MapsRecord> {
  const choices = parseMethods(options.methods)
  const source = sourceOf(options)
  const pool = options.pool ?? new MapPool()
  try {
    return await make(pool, source, choices, options)
  } finally {
    if (!options.pool) await pool.close()
  }
}

async function make(
  pool: MapPool,
  source: Source,
  choices: readonly ListedChoice[],
  options: RunMapsOptions,
): Promise<MapsRecord> {
  const { signal, onMap, onWarning, seed, scribble, modelsFolder, depthModel, segmentModel } = options
  // The first error ends the others too.
  const failed = new AbortController()
  const run = {
    signal: signal ? AbortSignal.any([signal, failed.signal]) : failed.signal,
    ...(onMap && { onMap }),
  }
  const mapOptions: Omit<MapOptions, 'signal'> = {
    ...(seed !== undefined && { seed }),
    ...(scribble && { scribble }),
    ...(modelsFolder !== undefined && { modelsFolder }),
    ...(depthModel && { depthModel }),
    ...(segmentModel && { segmentModel }),
  }
  const { glyph } = await pool.run({ source, maps: [] }, run)
  const missing: MissingMap[] = []
  const made = await Promise.all(
    groups(choices).map(async group => {
      try {
        const job = { source: { kind: 'glyph', glyph } as const, maps: group, options: mapOptions }
        return (await pool.run(job, run)).maps
      } catch (error) {
        const [{ map, method, named }] = group
        if (named || !(error instanceof StudioError) || error.code !== 'missing-model') {
          failed.abort()
          throw error
        }
        const left = { map, method, ...error.report() }
        missing.push(left)
        onWarning?.(left)
        return []
      }
    }),
  )
  const found = new Map(made.flat().map(map => [`${map.map}.${map.method}`, map]))
  const ordered = choices.flatMap(({ map, method }) => found.get(`${map}.${method}`) ?? [])
  return saveMaps(options.out, glyph, ordered, missing)
}

/** One job for each map's computed methods, so that they share their work, and one for each AI method. */
function groups(choices: readonly ListedChoice[]): ListedChoice[][] {
  const byMap = new Map<string, ListedChoice[]>()
  for (const choice of choices) {
    const key = choice.method.startsWith('ai_') ? choice.method : choice.map
    byMap.set(key, [...(byMap.get(key) ?? []), choice])
  }
  return [...byMap.values()]
}

function sourceOf(options: RunMapsOptions): Source {
  const { word, picture, asIs = false, width = 1024, height = 1024, layout = DEFAULT_LAYOUT } = options
  if ((word === undefined) === (picture === undefined)) throw fault('mapsOfNothing')
  if (picture !== undefined) return { kind: 'picture', picture, asIs, width, height }
  const { composition } = options
  if (composition) return { kind: 'composition', composition, word: word || null, layout, width, height }
  return { kind: 'word', word: word!, layout, width, height }
}
