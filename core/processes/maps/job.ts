/** What crosses between the pool and its workers. All of it survives a structured clone. */
import type { MapChoice } from '../../conditioning/make-map.ts'
import type { ConditioningMap, MapOptions } from '../../conditioning/types.ts'
import type { Layout } from '../../contract/request.ts'
import type { Glyph } from '../../glyph/types.ts'

/** Where the ink comes from: drawn in the worker from a word or a picture, or there already. */
export type Source =
  | { kind: 'word'; word: string; layout: Layout; width: number; height: number }
  | {
      kind: 'picture'
      /** The file, or its bytes. */
      picture: string | Uint8Array
      /** As it is: no cleaning, no centring, no resizing; ink is the darker side. */
      asIs: boolean
      /** The canvas; not used as it is. */
      width: number
      height: number
    }
  | { kind: 'glyph'; glyph: Glyph }

export interface MapJob {
  source: Source
  /** May be empty: then the glyph alone is wanted. */
  maps: readonly MapChoice[]
  options?: Omit<MapOptions, 'signal'>
}

export interface MapJobResult {
  glyph: Glyph
  /** In the order asked for. */
  maps: ConditioningMap[]
}

/** What a map worker answers (channel/). Maps go out as they are made; the reply is the drawn word. */
export interface MapCalls {
  make: { request: MapJob; event: ConditioningMap; reply: Glyph }
}
