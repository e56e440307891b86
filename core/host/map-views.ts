/** Maps beside the editor: drawn by MapPreview, handed out as URLs. */
import type { MapsPreview } from '../api.ts'
import type { MapJobResult } from '../conditioning/job.ts'
import type { MapChoice } from '../conditioning/make-map.ts'
import type { MapPool } from '../conditioning/pool.ts'
import type { MapPreview } from '../conditioning/preview.ts'
import type { ScribbleStyle } from '../conditioning/types.ts'
import type { Layout } from '../contract.ts'
import type { Gray } from '../image/raster.ts'
import type { Blobs, Pixels } from './blobs.ts'

export interface MapsRequest {
  word: string
  layout: Layout
  width: number
  height: number
  choices: readonly MapChoice[]
  seed: number
  scribble: Partial<ScribbleStyle>
}

/** @throws StudioError as MapPreview.show's; 'cancelled' when a newer request came */
export async function viewMaps(preview: MapPreview, blobs: Blobs, request: MapsRequest): Promise<MapsPreview> {
  const { choices: maps, seed, scribble, ...word } = request
  return viewOf(await preview.show({ ...word, maps, options: { seed, scribble } }), blobs, request)
}

/** The same in the size and with the care of a picture. @throws StudioError */
export async function fullMaps(pool: MapPool, blobs: Blobs, request: MapsRequest): Promise<MapsPreview> {
  const { choices: maps, seed, scribble, ...word } = request
  const source = { kind: 'word', ...word } as const
  return viewOf(await pool.run({ source, maps, options: { seed, scribble } }, { urgent: true }), blobs, request)
}

async function viewOf({ glyph, maps: made }: MapJobResult, blobs: Blobs, request: MapsRequest): Promise<MapsPreview> {
  const [glyphUrl, ...urls] = await Promise.all([
    blobs.put(blackOnNothing(glyph.coverage)),
    ...made.map(({ image }) => blobs.put(image)),
  ])
  const { width, height } = glyph
  const factors = [request.width / width, request.height / height] as const
  return {
    maps: made.map(({ map, method, legend, basis, ms }, i) => ({ map, method, legend, basis, ms, url: urls[i] })),
    glyph: { url: glyphUrl, width, height },
    outline: glyph.characters.map(({ path }) => scaled(path, factors)).join(''),
  }
}

/** Ink as alpha over black, so that a page can lay it over anything or use it as a mask. */
function blackOnNothing({ width, height, data }: Gray): Pixels {
  const out = new Uint8Array(data.length * 2)
  for (let i = 0; i < data.length; i++) out[2 * i + 1] = data[i]
  return { width, height, channels: 2, data: out }
}

/** SVG path data of absolute commands whose numbers are x and y by turns (M, L, C, Q, Z), scaled. */
export function scaled(path: string, [x, y]: readonly [number, number]): string {
  let i = 0
  return path.replace(/-?\d+(?:\.\d+)?/g, text => String(Math.round(Number(text) * (i++ % 2 ? y : x) * 100) / 100))
}
