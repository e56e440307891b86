import type { Rgb } from '../../core/raster/raster.ts'

/** Mean direction of the hues, weighed by saturation, degrees. */
export function dominantHue({ data }: Rgb): number {
  let [x, y] = [0, 0]
  for (let i = 0; i < data.length; i += 3) {
    const [r, g, b] = [data[i], data[i + 1], data[i + 2]]
    // Two axes of the colour plane, a third of a turn between red, green and blue.
    x += r - g / 2 - b / 2
    y += (Math.sqrt(3) / 2) * (g - b)
  }
  return (Math.atan2(y, x) * 180) / Math.PI
}

/** Between two hues, 0..180 degrees. */
export function distance(a: number, b: number): number {
  const difference = Math.abs(a - b) % 360
  return Math.min(difference, 360 - difference)
}
