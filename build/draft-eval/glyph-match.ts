/** Glyph retrieval (which of many glyphs a picture shows) and overlap (how much of the glyph it has). */

import { DEFAULT_LAYOUT } from '../../core/contract/request.ts'
import { drawWord } from '../../core/glyph/draw.ts'
import { otsuOfHistogram } from '../../core/raster/otsu.ts'
import { CHANNELS, type Plane, shrink, sixPlanes } from '../../core/raster/planes.ts'
import type { Gray, Rgb } from '../../core/raster/raster.ts'

/** Side of the pictures that are compared. */
const SIDE = 64

export interface GalleryGlyph {
  char: string
  /** Zero mean, unit length: (SIDE, SIDE). */
  mask: Float64Array
}

/** The characters first, then others from all over Unicode's main block of Han characters, `count` in all. */
export async function glyphGallery(characters: readonly string[], count: number): Promise<GalleryGlyph[]> {
  const others: string[] = []
  for (let code = 0x4e00; others.length < count - characters.length; code += 37) {
    const char = String.fromCodePoint(code)
    if (!characters.includes(char)) others.push(char)
  }
  const all: GalleryGlyph[] = []
  for (const char of [...characters, ...others]) {
    const drawn = await drawWord(char, DEFAULT_LAYOUT, 512, 512).catch(() => null)
    if (drawn) all.push({ char, mask: unit(shrink(drawn.coverage, SIDE)[0]) })
  }
  return all
}

/** Nearest by |normalised cross-correlation| over the best of R, G, B, L, a, b; margin: the right one's lead over the best wrong one. */
export function rank(picture: Rgb, right: string, gallery: readonly GalleryGlyph[]): { hit: boolean; margin: number } {
  const planes = sixPlanes(picture, SIDE)
  const channels = CHANNELS.map(channel => unit(planes[channel]))
  let [own, other] = [0, 0]
  for (const { char, mask } of gallery) {
    const score = Math.max(
      ...channels.map(channel => Math.abs(channel.reduce((sum, value, i) => sum + value * mask[i], 0))),
    )
    if (char === right) own = score
    else other = Math.max(other, score)
  }
  return { hit: own > other, margin: own - other }
}

/**
 * Intersection over union of the glyph with the picture cut in two by Otsu's threshold, best channel and polarity, at a
 * quarter of the size: textures do not count, shapes do.
 */
export function overlap(picture: Rgb, coverage: Gray): number {
  const side = Math.max(picture.width, picture.height) / 4
  const glyph = shrink(coverage, side)[0].data
  const planes = sixPlanes(picture, side)
  let best = 0
  for (const channel of CHANNELS) {
    const { data } = planes[channel]
    // a and b lie around 0.
    const levels = Uint8Array.from(data, value =>
      Math.min(255, Math.max(0, channel === 'a' || channel === 'b' ? value + 128 : value)),
    )
    const histogram = new Uint32Array(256)
    for (const level of levels) histogram[level]++
    const threshold = otsuOfHistogram(histogram)
    for (const bright of [true, false]) {
      let [both, either] = [0, 0]
      for (let i = 0; i < levels.length; i++) {
        const ink = glyph[i] > 127
        const part = levels[i] > threshold === bright
        both += Number(ink && part)
        either += Number(ink || part)
      }
      best = Math.max(best, both / either)
    }
  }
  return best
}

function unit({ data }: Plane): Float64Array {
  const mean = data.reduce((a, b) => a + b, 0) / data.length
  const centred = Float64Array.from(data, value => value - mean)
  const length = Math.sqrt(centred.reduce((sum, value) => sum + value * value, 0)) || 1
  return centred.map(value => value / length)
}
