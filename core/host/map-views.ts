/** Maps of words as URLs, drawn by MapPreview or the pool. */

import type { MapChoice } from '../conditioning/make-map.ts'
import type { ScribbleStyle } from '../conditioning/types.ts'
import type { Composition } from '../contract/composition.ts'
import type { Layout } from '../contract/request.ts'
import type { PlacedBlock } from '../glyph/types.ts'
import type { MapJobResult } from '../processes/maps/job.ts'
import type { MapPool } from '../processes/maps/pool.ts'
import type { MapPreview } from '../processes/maps/preview.ts'
import type { Gray } from '../raster/raster.ts'
import type { BlockView, MapsPreview, PartsView } from './api/maps.ts'
import { type Blobs, encodeFast, type Pixels } from './blobs.ts'

export interface MapsRequest {
  word: string
  layout: Layout
  composition?: Composition | null | undefined
  width: number
  height: number
  choices: readonly MapChoice[]
  seed: number
  scribble: Partial<ScribbleStyle>
  screen?: string | undefined
}

/**
 * Maps beside the editor, as data URLs: five more requests at every keystroke would take longer than the maps
 * themselves.
 * @throws StudioError as MapPreview.show's; 'cancelled' when a newer request came
 */
export function typedMaps(preview: MapPreview, request: MapsRequest, signal?: AbortSignal): Promise<MapsPreview> {
  const urlOf = async (pixels: Pixels) => `data:image/png;base64,${(await encodeFast(pixels)).toString('base64')}`
  return shownMaps(preview, request, urlOf, signal)
}

/** Maps of a finished picture, as blob URLs. Errors as typedMaps's. */
export function pictureMaps(
  preview: MapPreview,
  blobs: Blobs,
  request: MapsRequest,
  signal?: AbortSignal,
): Promise<MapsPreview> {
  return shownMaps(preview, request, pixels => blobs.put(pixels), signal)
}

async function shownMaps(
  preview: MapPreview,
  request: MapsRequest,
  urlOf: UrlOf,
  signal?: AbortSignal,
): Promise<MapsPreview> {
  const { choices: maps, seed, scribble, composition = null, screen, ...word } = request
  const shown = await preview.show({ ...word, composition, maps, options: { seed, scribble } }, { signal, screen })
  return viewOf(shown, urlOf, request)
}

/** Maps at full size and quality, as blob URLs. @throws StudioError */
export async function fullMaps(pool: MapPool, blobs: Blobs, request: MapsRequest): Promise<MapsPreview> {
  const { choices: maps, seed, scribble, composition, screen: _, ...word } = request
  const source = sourceOf(word, composition)
  const made = await pool.run({ source, maps, options: { seed, scribble } }, { urgent: true })
  return viewOf(made, pixels => blobs.put(pixels), request)
}

/** Strokes and blocks of a word that can be painted again, on its canvas. @throws StudioError as MapPool.run's */
export async function partsOf(
  pool: MapPool,
  { composition, ...word }: Pick<MapsRequest, 'word' | 'layout' | 'width' | 'height' | 'composition'>,
  signal?: AbortSignal,
): Promise<PartsView> {
  const source = sourceOf(word, composition)
  const { glyph } = await pool.run({ source, maps: [], parts: true }, { urgent: true, ...(signal && { signal }) })
  return { ...glyph.parts!, blocks: (glyph.composed?.blocks ?? []).map(block => blockView(block, [1, 1])) }
}

const sourceOf = <Word extends object>(word: Word, composition: MapsRequest['composition']) =>
  composition ? ({ kind: 'composition', composition, ...word } as const) : ({ kind: 'word', ...word } as const)

type UrlOf = (pixels: Pixels) => Promise<string>

async function viewOf({ glyph, maps: made }: MapJobResult, urlOf: UrlOf, request: MapsRequest): Promise<MapsPreview> {
  const [glyphUrl, ...urls] = await Promise.all([
    urlOf(blackOnNothing(glyph.coverage)),
    ...made.map(({ image }) => urlOf(image)),
  ])
  const { width, height } = glyph
  const factors = [request.width / width, request.height / height] as const
  return {
    maps: made.map(({ map, method, legend, basis, ms }, i) => ({ map, method, legend, basis, ms, url: urls[i] })),
    glyph: { url: glyphUrl, width, height },
    outline: (glyph.composed?.blocks ?? glyph.characters).map(({ path }) => scaled(path, factors)).join(''),
    blocks: (glyph.composed?.blocks ?? []).map(block => blockView(block, factors)),
    strokeWidth: glyph.strokeWidth === undefined ? null : glyph.strokeWidth * Math.min(...factors),
  }
}

function blockView(block: PlacedBlock, factors: readonly [number, number]): BlockView {
  const { index, kind, name, frame, transform, hidden, hiddenBy, strokeWidth } = block
  return {
    ...{ index, kind, name, frame, transform, hidden, hiddenBy },
    path: scaled(block.path, factors),
    corners: block.corners.map(([x, y]): [number, number] => [x * factors[0], y * factors[1]]),
    strokeWidth: strokeWidth * Math.min(...factors),
  }
}

/** Black with the ink as alpha, so that a page can lay it over anything or use it as a mask. */
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
