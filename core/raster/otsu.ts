/**
 * Otsu's threshold. Source: N. Otsu, A Threshold Selection Method from Gray-Level Histograms, 1979.
 * A tie keeps the smallest threshold, as in the reference implementation behind the golden maps.
 */

import type { Gradient } from './canny.ts'
import type { Gray } from './raster.ts'

/** A later threshold must be better by more than this share, so that rounding does not decide between equals. */
const MARGIN = 1e-12

/**
 * The t that maximises the variance between the classes {≤ t} and {> t}; 0 for an empty histogram or one value.
 * @param histogram counts by value
 */
export function otsuOfHistogram(histogram: ArrayLike<number>): number {
  let total = 0
  let moment = 0
  for (let i = 0; i < histogram.length; i++) {
    total += histogram[i]
    moment += i * histogram[i]
  }
  let best = 0
  let threshold = 0
  let weight = 0
  let sum = 0
  for (let t = 0; t < histogram.length; t++) {
    weight += histogram[t]
    sum += t * histogram[t]
    const rest = total - weight
    if (weight === 0 || rest === 0) continue
    const distance = sum / weight - (moment - sum) / rest
    const variance = (weight / total) * (rest / total) * distance * distance
    if (variance > best * (1 + MARGIN)) {
      best = variance
      threshold = t
    }
  }
  return threshold
}

/** Otsu's threshold of a picture's grey levels: ≤ t is the darker class. */
export function otsu(gray: Gray): number {
  const histogram = new Uint32Array(256)
  for (const value of gray.data) histogram[value]++
  return otsuOfHistogram(histogram)
}

/**
 * Canny's thresholds from the picture itself: high = Otsu over the integer gradient magnitudes above 0, low = 0.4 high.
 * A blank picture gives 0 and 0.
 */
export function gradientThresholds(gradient: Gradient): { low: number; high: number } {
  const { gx, gy } = gradient
  // The largest Sobel magnitude of an 8-bit picture is √2 · 1020 < 1443.
  const histogram = new Uint32Array(1443)
  for (let i = 0; i < gx.length; i++) {
    const dx = gx[i]
    const dy = gy[i]
    if ((dx | dy) !== 0) histogram[Math.floor(Math.sqrt(dx * dx + dy * dy))]++
  }
  const high = otsuOfHistogram(histogram)
  return { low: Math.floor(0.4 * high), high }
}
