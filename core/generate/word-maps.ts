/** Draws the maps of a request's word, which the ControlNet reads. */
import type { Request } from '../contract/request.ts'
import type { MapName, Method } from '../contract/vocabulary.ts'
import { maskOf } from '../glyph/draw.ts'
import type { MapPool } from '../processes/maps/pool.ts'
import type { StyleDefinition } from '../prompt/style.ts'
import type { Gray, Rgb } from '../raster/raster.ts'

export interface DrawnWord {
  /** Ink of the word on the canvas, 255 = ink. */
  mask: Gray
  maps: readonly { map: MapName; method: Method; image: Gray | Rgb }[]
  /** The fonts that drew it. */
  fonts: readonly { name: string; sha256: string }[]
}

/** Draws maps in worker threads, so that the host never stalls. */
export class WordMaps {
  readonly #pool: MapPool
  readonly #style: (id: string) => Promise<StyleDefinition>

  /** @param style a style by id; it decides how a styled scribble is drawn */
  constructor(pool: MapPool, style: (id: string) => Promise<StyleDefinition>) {
    this.#pool = pool
    this.#style = style
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
    }: Pick<Request, 'word' | 'layout' | 'width' | 'height' | 'style' | 'seed'>,
    choices: readonly { map: MapName; method: Method }[],
    signal?: AbortSignal,
  ): Promise<DrawnWord> {
    const { scribble } = await this.#style(style)
    const source = { kind: 'word', word: word ?? '', layout, width, height } as const
    const job = { source, maps: choices, options: { seed, scribble } }
    const { glyph, maps } = await this.#pool.run(job, signal ? { signal } : {})
    const fonts = new Map(glyph.characters.map(({ font }) => [font.sha256, font]))
    return { mask: maskOf(glyph), maps, fonts: [...fonts.values()] }
  }
}
