/** How wide the strokes of a written word are, on average, from its ink alone. */
import type { Gray } from './raster.ts'

/**
 * Length of an edge that was counted in steps of the grid: 1 where it runs along the grid, as most strokes do, π/4 where it
 * runs in all directions alike.
 */
const STEPS_TO_LENGTH = 0.9

/**
 * Twice the area over the length of the edge; 0 where there is no ink.
 * @param area pixels of ink
 * @param edge sides of ink pixels that border on paper
 */
export const strokeWidthOf = (area: number, edge: number): number =>
  edge === 0 ? 0 : (2 * area) / (edge * STEPS_TO_LENGTH)

/** Mean width of the strokes of a drawing, pixels. @param ink coverage, (height, width), ink over 127 */
export function strokeWidth({ width, height, data }: Gray): number {
  let [area, edge] = [0, 0]
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++, i++) {
      if (data[i] <= 127) continue
      area++
      if (x === 0 || data[i - 1] <= 127) edge++
      if (x === width - 1 || data[i + 1] <= 127) edge++
      if (y === 0 || data[i - width] <= 127) edge++
      if (y === height - 1 || data[i + width] <= 127) edge++
    }
  return strokeWidthOf(area, edge)
}
