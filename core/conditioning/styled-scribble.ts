import { lengthOf, normalAt, type Polyline, resample, smooth, stampDisc } from '../raster/polyline.ts'
import { noiseAlong, type Random, seededRandom } from '../raster/random.ts'
import { blank, type Gray } from '../raster/raster.ts'
import type { ScribbleStyle } from './types.ts'

/** Lines beside each other at density 1. */
const MOST_LINES = 4
/** Distance of neighbouring lines of one stroke, as a share of the line width. */
const SPREAD = 0.8
/** At roughness 1 the line strays sideways by the first share of its width, and its width varies by the second. */
const STRAY = 0.5
const FRAY = 0.6

/**
 * The word's skeleton redrawn as a style asks: wide or fine, smooth or rough, as one line or several.
 * @param branches the skeleton's lines, canvas pixels
 * @param style width in pixels of this canvas
 * @returns (height, width), 255 on the line
 */
export function styledScribble(
  branches: readonly Polyline[],
  width: number,
  height: number,
  style: ScribbleStyle,
  seed: number,
): Gray {
  const image = blank(width, height, 1)
  const random = seededRandom(seed)
  const lines = 1 + Math.round(style.density * (MOST_LINES - 1))
  // Several lines share the width, so that a dense style is not also a thick one.
  const pen = lines === 1 ? style.width : style.width / (1 + 0.25 * (lines - 1))
  for (const branch of branches) {
    // Spurs shorter than the line are the skeleton's own noise.
    if (branches.length > 1 && branch.length > 1 && lengthOf(branch) < style.width / 2) continue
    for (let k = 0; k < lines; k++) drawLine(image, branch, pen, (k - (lines - 1) / 2) * pen * SPREAD, style, random)
  }
  return image
}

function drawLine(
  image: Gray,
  branch: Polyline,
  pen: number,
  aside: number,
  { roughness }: ScribbleStyle,
  random: Random,
): void {
  const way = resample(smooth(branch, Math.max(1, Math.round(pen / 2))), 1)
  const stray = noiseAlong(random, way.length / (3 * pen))
  const fray = noiseAlong(random, way.length / 2)
  for (let i = 0; i < way.length; i++) {
    const [nx, ny] = normalAt(way, i)
    const away = aside + roughness * STRAY * pen * stray(i / (3 * pen))
    const radius = (pen * (1 - roughness * FRAY * Math.max(0, fray(i / 2)))) / 2
    stampDisc(image, way[i][0] + nx * away, way[i][1] + ny * away, Math.max(0.5, radius))
  }
}
