/** A picture as a reader of plain text likes it: the plane in which the word is most visible, dark on light, smoothed. */
import { boxMean, type Channel, sixPlanes } from '../raster/planes.ts'
import { blank, grayToRgb, type Rgb } from '../raster/raster.ts'

/** Grain finer than this share of a stroke is averaged away. */
const SMOOTH = 0.25
/** Share of pixels at either end that may be clipped. */
const CLIPPED = 0.02

/** @param stroke mean width of the word's strokes, pixels */
export function plainView(picture: Rgb, channel: Channel, polarity: 'dark' | 'light', stroke: number): Rgb {
  const { width, height } = picture
  const plane = sixPlanes(picture, Math.max(width, height))[channel]
  const { data } = boxMean(plane, Math.round(SMOOTH * stroke))
  const sorted = Float32Array.from(data).sort()
  const low = sorted[Math.floor(CLIPPED * (sorted.length - 1))]
  const high = sorted[Math.floor((1 - CLIPPED) * (sorted.length - 1))]
  const out = blank(width, height, 1)
  for (let i = 0; i < data.length; i++) {
    const value = (255 * (data[i] - low)) / Math.max(1, high - low)
    out.data[i] = Math.min(255, Math.max(0, polarity === 'dark' ? value : 255 - value))
  }
  return grayToRgb(out)
}
