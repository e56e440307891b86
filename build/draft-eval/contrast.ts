/** Contrast of a painted word with the ground beside it, as the training's painter measures its own (training/painter/__init__.py). */
import { squaredDistance } from '../../core/raster/distance.ts'
import { LINEAR } from '../../core/raster/oklab.ts'
import type { Gray, Rgb } from '../../core/raster/raster.ts'
import { median } from '../paired.ts'

/** Of large letters, WCAG 2.2; the painter's own floor. */
export const FLOOR = 3
/** Ground is what lies so far from the ink, pixels of a 512² picture: beyond an outline, within sight of the stroke. */
const NEAR = [10, 38]

/**
 * The contrast ratio of two medians of relative luminance, 1..21: the ink's, and the ground's beside it.
 * Source: WCAG 2.2, "relative luminance" and "contrast ratio".
 * @param coverage of the word, the picture's size
 * @returns null where there is no ink, or no ground beside it
 */
export function contrastOf({ data }: Rgb, coverage: Gray): number | null {
  const { width, height, data: ink } = coverage
  const away = squaredDistance({ ...coverage, data: ink.map(value => (value > 127 ? 0 : 255)) })
  const scale = Math.min(width, height) / 512
  const [least, most] = NEAR.map(pixels => (pixels * scale) ** 2)
  const [word, ground]: number[][] = [[], []]
  for (let i = 0; i < ink.length; i++) {
    const side = ink[i] > 127 ? word : away[i] > least && away[i] < most ? ground : null
    side?.push(0.2126 * LINEAR[data[3 * i]] + 0.7152 * LINEAR[data[3 * i + 1]] + 0.0722 * LINEAR[data[3 * i + 2]])
  }
  if (word.length === 0 || ground.length === 0) return null
  const [low, high] = [median(word), median(ground)].toSorted((a, b) => a - b)
  return (high + 0.05) / (low + 0.05)
}
