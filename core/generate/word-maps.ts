/** Draws the maps of a request's word, which the ControlNet reads. */

import { wordMask } from '../composition/word-mask.ts'
import type { MapOptions } from '../conditioning/types.ts'
import type { Repaint } from '../contract/repaint.ts'
import type { Request } from '../contract/request.ts'
import type { MapName, Method } from '../contract/vocabulary.ts'
import { maskOf } from '../glyph/mask.ts'
import type { Composed } from '../glyph/types.ts'
import type { MapPool } from '../processes/maps/pool.ts'
import type { StyleDefinition } from '../prompt/style.ts'
import type { Gray, Rgb } from '../raster/raster.ts'

export interface DrawnWord {
  /** Ink of the words on the canvas, 255 = ink; null in a composition without a word. */
  mask: Gray | null
  /** Of a composition: its blocks and whose ink is where. */
  composed: Composed | null
  /** What is painted again, where the request says so. */
  area: Gray | null
  maps: readonly { map: MapName; method: Method; image: Gray | Rgb }[]
  /** The fonts that drew it. */
  fonts: readonly { name: string; sha256: string }[]
}

export type MapNetworks = Pick<MapOptions, 'modelsFolder' | 'depthModel' | 'segmentModel'>

/** Draws maps in worker threads, so that the host never stalls. */
export class WordMaps {
  readonly #pool: MapPool
  readonly #style: (id: string) => Promise<StyleDefinition>
  readonly #networks: MapNetworks

  /**
   * @param style a style by id; it decides how a styled scribble is drawn
   * @param networks of the maps that need one; default: those that are installed
   */
  constructor(pool: MapPool, style: (id: string) => Promise<StyleDefinition>, networks: MapNetworks = {}) {
    this.#pool = pool
    this.#style = style
    this.#networks = networks
  }

  /** @throws StudioError as MapPool.run's; 'bad-style' */
  async draw(
    {
      word,
      layout,
      width,
      height,
      style,
      seed,
      composition,
    }: Pick<Request, 'word' | 'layout' | 'width' | 'height' | 'style' | 'seed' | 'composition'>,
    choices: readonly { map: MapName; method: Method }[],
    signal?: AbortSignal,
    repaint?: { area: Repaint; brush: Gray | null },
  ): Promise<DrawnWord> {
    const { scribble } = await this.#style(style)
    const canvas = { layout, width, height }
    const source = composition
      ? ({ kind: 'composition', composition, word, ...canvas } as const)
      : ({ kind: 'word', word: word ?? '', ...canvas } as const)
    const job = { source, maps: choices, options: { seed, scribble, ...this.#networks }, ...(repaint && { repaint }) }
    const { glyph, maps } = await this.#pool.run(job, signal ? { signal } : {})
    const fonts = new Map(glyph.characters.map(({ font }) => [font.sha256, font]))
    const composed = glyph.composed ?? null
    return {
      mask: composed ? wordMask(composed, glyph) : maskOf(glyph),
      composed,
      area: glyph.area ?? null,
      maps,
      fonts: [...fonts.values()],
    }
  }
}
