import { DEFAULT_CHOICES, type MapChoice } from '../../conditioning/make-map.ts'
import type { ConditioningMap, MapOptions } from '../../conditioning/types.ts'
import { DEFAULT_LAYOUT, type Layout } from '../../contract/request.ts'
import { fault } from '../../faults/fault.ts'
import type { MapJobResult } from './job.ts'
import type { MapPool } from './pool.ts'
import type { RunOptions } from './worker-group.ts'

export interface PreviewRequest {
  word: string
  layout?: Layout
  /** The picture's size; the preview has its shape and the area of 512². */
  width?: number
  height?: number
  /** Default: the four maps by their first methods. */
  maps?: readonly MapChoice[]
  options?: Omit<MapOptions, 'signal'>
}

export interface ShowOptions {
  /** Cancels this request. */
  signal?: AbortSignal
  /** Hears of each map as it is made; not for a preview that is known already. */
  onMap?: (map: ConditioningMap) => void
}

/** Side of a square preview. */
const SIDE = 512
const CACHE_BYTES = 64 * 2 ** 20
/** Many strokes, few strokes, no stroke data; each way is gone more than once. */
const WARM_UP = ['学习', 'love', '永远', '字画', 'あ', '写字', '文']

/**
 * The maps beside the editor. One preview at a time: a newer request cancels the one before it. What was seen lately is
 * kept by content, up to a number of bytes; nobody may write into a result.
 */
export class MapPreview {
  readonly #pool: MapPool
  readonly #limit: number
  /** In order of use, the newest last. */
  readonly #cache = new Map<string, { result: MapJobResult; bytes: number }>()
  #bytes = 0
  #running: AbortController | null = null

  constructor(pool: MapPool, { cacheBytes = CACHE_BYTES }: { cacheBytes?: number } = {}) {
    this.#pool = pool
    this.#limit = cacheBytes
  }

  /**
   * @throws StudioError as MapPool.run's; cancelled also when a newer request came
   */
  async show(request: PreviewRequest, { signal, onMap }: ShowOptions = {}): Promise<MapJobResult> {
    this.#running?.abort()
    const running = new AbortController()
    this.#running = running
    if (signal?.aborted) throw fault('cancelled')
    const key = JSON.stringify(complete(request))
    const known = this.#cache.get(key)
    if (known) {
      this.#cache.delete(key)
      this.#cache.set(key, known)
      return known.result
    }
    const both = signal ? AbortSignal.any([signal, running.signal]) : running.signal
    const result = await this.#make(request, { urgent: true, signal: both, ...(onMap && { onMap }) })
    this.#keep(key, result)
    return result
  }

  /**
   * Before the first keystroke: starts the threads, reads fonts and stroke data, and lets the engine compile the
   * algorithms. A second or two in the background; any preview passes it. Never fails.
   */
  async warm(): Promise<void> {
    for (const word of WARM_UP) await this.#make({ word }, {}).catch(() => undefined)
  }

  /** Two threads share the work: what needs the strokes in one, the rest in the other. Each draws the word for itself. */
  async #make(request: PreviewRequest, run: RunOptions): Promise<MapJobResult> {
    const { maps, options, ...word } = complete(request)
    const source = { kind: 'word', ...word } as const
    const slow = maps.filter(({ map }) => map === 'segmentation')
    const quick = maps.filter(({ map }) => map !== 'segmentation')
    const halves = await Promise.all(
      [slow, quick].filter(half => half.length > 0).map(half => this.#pool.run({ source, maps: half, options }, run)),
    )
    const made = new Map<string, ConditioningMap>()
    for (const map of halves.flatMap(half => half.maps)) made.set(`${map.map}.${map.method}`, map)
    return { glyph: halves[0].glyph, maps: maps.map(({ map, method }) => made.get(`${map}.${method}`)!) }
  }

  #keep(key: string, result: MapJobResult): void {
    const bytes = result.maps.reduce((sum, { image }) => sum + image.data.length, result.glyph.coverage.data.length)
    this.#cache.set(key, { result, bytes })
    this.#bytes += bytes
    for (const [oldest, { bytes: size }] of this.#cache) {
      if (this.#bytes <= this.#limit) break
      this.#cache.delete(oldest)
      this.#bytes -= size
    }
  }
}

function complete(request: PreviewRequest): Required<PreviewRequest> {
  const { word, layout = DEFAULT_LAYOUT, maps = DEFAULT_CHOICES, options = {} } = request
  const size = previewSize(request.width ?? SIDE, request.height ?? SIDE)
  return { word, layout, ...size, maps, options: { draft: true, ...options } }
}

/** The canvas shrunk (never grown) to the area of 512². */
export function previewSize(width: number, height: number): { width: number; height: number } {
  const scale = Math.min(1, SIDE / Math.sqrt(width * height))
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) }
}
