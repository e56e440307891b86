import {
  extend,
  lengthOf,
  normalAt,
  type Point,
  type Polyline,
  resample,
  smooth,
  stampDisc,
} from '../raster/polyline.ts'
import { noiseAlong, type Random, seededRandom } from '../raster/random.ts'
import { blank, type Gray } from '../raster/raster.ts'

/**
 * In line widths: how far the pen strays sideways, the wavelength of that, and how far it overshoots the end of a
 * stroke.
 */
const WOBBLE = 0.32
const WAVE = 5
const OVERSHOOT = 1.1
/** Line width at both ends of a stroke, as a share of the width in its middle. */
const TAPER = 0.45
/** Line width in the middle of a stroke, where the pen is pressed, as a multiple of the plain line's. */
const PRESSURE = 1.12

/**
 * A word as if drawn by hand with a pen, stroke by stroke: each wobbles, starts and ends thin, and overshoots its ends
 * a
 * little. The same seed gives the same picture on every machine.
 * @param strokes spines in writing order, canvas pixels
 * @param line width of the pen, pixels
 * @returns (height, width), 255 on the line
 */
export function handDrawn(
  strokes: readonly Polyline[],
  width: number,
  height: number,
  line: number,
  seed: number,
): Gray {
  const image = blank(width, height, 1)
  const random = seededRandom(seed)
  for (const stroke of strokes) if (stroke.length > 0) drawStroke(image, stroke, line, random)
  return image
}

function drawStroke(image: Gray, stroke: Polyline, line: number, random: Random): void {
  const length = lengthOf(stroke)
  // A dot overshoots its ends by no more than a quarter of its length.
  const most = Math.min(OVERSHOOT * line, length / 4)
  const extended = extend(smooth(resample(stroke, line / 2), 2), most * random(), most * random())
  const way = resample(extended, 1)
  const wander = noiseAlong(random, way.length / (WAVE * line))
  const tremble = noiseAlong(random, way.length / line)
  const press = noiseAlong(random, way.length / (WAVE * line))
  const drawn: Point[] = way.map((point, i) => {
    const [nx, ny] = normalAt(way, i)
    const away = line * WOBBLE * (wander(i / (WAVE * line)) + 0.15 * tremble(i / line))
    return [point[0] + nx * away, point[1] + ny * away]
  })
  const ramp = Math.max(1, Math.min(2.5 * line, way.length / 3))
  for (let i = 0; i < drawn.length; i++) {
    const fromEnd = Math.min(i, drawn.length - 1 - i) / ramp
    const pen = TAPER + (PRESSURE - TAPER) * Math.sin((Math.min(fromEnd, 1) * Math.PI) / 2)
    const radius = (line * pen * (1 + 0.08 * press(i / (WAVE * line)))) / 2
    stampDisc(image, drawn[i][0], drawn[i][1], radius)
  }
}
