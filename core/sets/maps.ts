/** Maps that go along with a set's pictures although no picture was made with them. */

import type { Request } from '../contract/request.ts'
import { type MapName, METHODS, type Method } from '../contract/vocabulary.ts'
import type { WordMaps } from '../generate/word-maps.ts'
import type { Gray, Rgb } from '../raster/raster.ts'

/** For SetOptions.maps: draws each map by the method that the request names, or the default one. */
export function mapsWith(maker: WordMaps) {
  return async (request: Request, maps: readonly MapName[]): Promise<ReadonlyMap<MapName, Gray | Rgb>> => {
    if (!request.word && !request.composition) return new Map()
    const choices = maps.map(map => ({ map, method: (request.controls?.[map].method ?? METHODS[map][0]) as Method }))
    const drawn = await maker.draw(request, choices)
    return new Map(drawn.maps.map(({ map, image }) => [map, image]))
  }
}
