import { LRUCache } from 'lru-cache'
import { DEFAULT_CHOICES, type MapChoice } from '../../conditioning/make-map.ts'
import type { ConditioningMap, MapOptions } from '../../conditioning/types.ts'
import type { Composition } from '../../contract/composition.ts'
import { DEFAULT_LAYOUT, type Layout } from '../../contract/request.ts'
import { fault } from '../../faults/fault.ts'
import type { MapJobResult } from './job.ts'
import type { MapPool } from './pool.ts'
import type { RunOptions } from './worker-group.ts'

export interface PreviewRequest {
  word: string
  layout?: Layout
  /** Instead of the word alone. */
  composition?: Composition | null
  /** The picture's size; the preview has its shape and the area of 512². */
  width?: number
  height?: number
  /** Default: the four maps by their first methods. */
  maps?: readonly MapChoice[]
  options?: Omit<MapOptions, 'signal'>
}

export interface ShowOptions {
  /** Cancels this request. */
  signal?: AbortSignal | undefined
  /** Whose screen it is for: each has one preview at a time, whatever the others ask for. */
  screen?: string | undefined
  /** Called with each map as it is made; not for a preview that comes from the cache. */
  onMap?: (map: ConditioningMap) => void
}

/** Side of a square preview. */
const SIDE = 512
const CACHE_BYTES = 64 * 2 ** 20
/** Many strokes, few strokes, no stroke data: each code path runs more than once, so that the JIT compiles it. */
const WARM_UP = ['学习', 'love', '永远', '字画', 'あ', '写字', '文']

/**
 * The maps beside the editor. One preview a screen at a time: a newer request cancels the one before it. Results are cached by
 * request, the least recently used evicted; callers must not write into a result, as the cache hands it out again.
 */
export class MapPreview {
  readonly #pool: MapPool
  readonly #cache: LRUCache<string, MapJobResult>
  readonly #running = new Map<string, AbortController>()

  /** @param options.cacheBytes pixels that the cache may hold, default 64 MiB; 0 caches nothing */
  constructor(pool: MapPool, { cacheBytes = CACHE_BYTES }: { cacheBytes?: number } = {}) {
    this.#pool = pool
    this.#cache = new LRUCache({ maxSize: Math.max(1, cacheBytes), sizeCalculation: bytesOf })
  }

  /**
   * @throws StudioError as MapPool.run's; cancelled also when a newer request came
   */
  async show(request: PreviewRequest, { signal, onMap, screen = '' }: ShowOptions = {}): Promise<MapJobResult> {
    this.#running.get(screen)?.abort()
    if (signal?.aborted) throw fault('cancelled')
    const key = JSON.stringify(complete(request))
    const known = this.#cache.get(key)
    if (known) return known
    const running = new AbortController()
    this.#running.set(screen, running)
    const both = signal ? AbortSignal.any([signal, running.signal]) : running.signal
    try {
      const result = await this.#make(request, { urgent: true, signal: both, ...(onMap && { onMap }) })
      this.#cache.set(key, result)
      return result
    } finally {
      if (this.#running.get(screen) === running) this.#running.delete(screen)
    }
  }

  /**
   * Before the first keystroke: starts the threads, reads fonts and stroke data, and runs the algorithms until the
   * JavaScript engine has compiled them. Takes a second or two in the background; any preview goes before it. Never
   * fails.
   */
  async warm(): Promise<void> {
    for (const word of WARM_UP) await this.#make({ word }, {}).catch(() => undefined)
  }

  /**
   * Two threads share the work: segmentation, which needs the strokes, in one, the rest in the other. Each draws the
   * word.
   */
  async #make(request: PreviewRequest, run: RunOptions): Promise<MapJobResult> {
    const { maps, options, composition, ...word } = complete(request)
    const source = composition
      ? ({ kind: 'composition', composition, ...word } as const)
      : ({ kind: 'word', ...word } as const)
    const slow = maps.filter(({ map }) => map === 'segmentation')
    const quick = maps.filter(({ map }) => map !== 'segmentation')
    const halves = await Promise.all(
      [slow, quick].filter(half => half.length > 0).map(half => this.#pool.run({ source, maps: half, options }, run)),
    )
    const made = new Map<string, ConditioningMap>()
    for (const map of halves.flatMap(half => half.maps)) made.set(`${map.map}.${map.method}`, map)
    return { glyph: halves[0].glyph, maps: maps.map(({ map, method }) => made.get(`${map}.${method}`)!) }
  }
}

const bytesOf = ({ glyph, maps }: MapJobResult): number =>
  maps.reduce(
    (sum, { image }) => sum + image.data.length,
    glyph.coverage.data.length + (glyph.composed?.owners.length ?? 0),
  )

function complete(request: PreviewRequest): Required<PreviewRequest> {
  const { word, layout = DEFAULT_LAYOUT, composition = null, maps = DEFAULT_CHOICES, options = {} } = request
  const size = previewSize(request.width ?? SIDE, request.height ?? SIDE)
  return { word, layout, composition, ...size, maps, options: { coarseStrokes: true, ...options } }
}

/** The canvas shrunk (never grown) to the area of 512². */
export function previewSize(width: number, height: number): { width: number; height: number } {
  const scale = Math.min(1, SIDE / Math.sqrt(width * height))
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) }
}
