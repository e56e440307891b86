/** Contrast of a painted word with the ground beside it, as the training's painter measures its own (training/painter/__init__.py). */
import { squaredDistance } from '../../core/raster/distance.ts'
import type { Gray, Rgb } from '../../core/raster/raster.ts'

/** Of large letters, WCAG 2.2; the painter's own floor. */
export const FLOOR = 3
/** Ground is what lies so far from the ink, pixels of a 512² picture: beyond an outline, within sight of the stroke. */
const NEAR = [10, 38]

const linear = Float64Array.from({ length: 256 }, (_, level) => {
  const value = level / 255
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
})

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
    side?.push(0.2126 * linear[data[3 * i]] + 0.7152 * linear[data[3 * i + 1]] + 0.0722 * linear[data[3 * i + 2]])
  }
  if (word.length === 0 || ground.length === 0) return null
  const [low, high] = [median(word), median(ground)].toSorted((a, b) => a - b)
  return (high + 0.05) / (low + 0.05)
}

const median = (values: number[]) => Float64Array.from(values).sort()[Math.floor(values.length / 2)]
