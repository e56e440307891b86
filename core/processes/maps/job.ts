/** Messages between the pool and its workers; all of it survives a structured clone. */
import type { MapChoice } from '../../conditioning/make-map.ts'
import type { ConditioningMap, MapOptions } from '../../conditioning/types.ts'
import type { Composition } from '../../contract/composition.ts'
import type { Repaint } from '../../contract/repaint.ts'
import type { Layout } from '../../contract/request.ts'
import type { PictureFit } from '../../contract/vocabulary.ts'
import type { Glyph } from '../../glyph/types.ts'
import type { Gray } from '../../raster/raster.ts'

/** Where the ink comes from: a word or a picture that the worker draws, or a finished glyph. */
export type Source =
  | { kind: 'word'; word: string; layout: Layout; width: number; height: number }
  | {
      kind: 'picture'
      /** The file, or its bytes. */
      picture: string | Uint8Array
      /** Take the picture unchanged: no cleaning, centring or resizing; ink is the darker side. */
      asIs: boolean
      /** How the cleaned sheet lies on the canvas; default: its ink alone, centred. */
      fit?: PictureFit | undefined
      /** The canvas; ignored with asIs. */
      width: number
      height: number
    }
  | {
      kind: 'composition'
      composition: Composition
      word: string | null
      layout: Layout
      width: number
      height: number
    }
  | { kind: 'glyph'; glyph: Glyph }

export interface MapJob {
  source: Source
  /** May be empty, for the glyph alone. */
  maps: readonly MapChoice[]
  options?: Omit<MapOptions, 'signal'>
  /** Also the area that is painted again, as Glyph.area. */
  repaint?: { area: Repaint; brush: Gray | null }
  /** Also the strokes that can be chosen, as Glyph.parts. */
  parts?: boolean
}

export interface MapJobResult {
  glyph: Glyph
  /** In the order asked for. */
  maps: ConditioningMap[]
}

/**
 * The calls of a map worker, for core/channel: an event for each map as it is made, then the drawn word as the reply.
 */
export interface MapCalls {
  make: { request: MapJob; event: ConditioningMap; reply: Glyph }
}
