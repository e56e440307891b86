import { blank, type Gray } from './raster.ts'

/**
 * Every ink pixel grown to a round spot of the given width: 255 in it, 0 elsewhere. Meant for thin masks (a skeleton).
 * @param mask (height, width), not 0 = ink
 * @param diameter pixels across, odd or even numbers alike; the spot is all pixels within (diameter - 1) / 2
 */
export function dilateRound(mask: Gray, diameter: number): Gray {
  const { width, height, data } = mask
  const out = blank(width, height, 1)
  const radius = Math.max(0, (diameter - 1) / 2)
  const reach = Math.floor(radius)
  const halves = Array.from({ length: reach + 1 }, (_, dy) => Math.floor(Math.sqrt(radius * radius - dy * dy)))
  for (let y = 0, o = 0; y < height; y++) {
    for (let x = 0; x < width; x++, o++) {
      if (!data[o]) continue
      for (let dy = -reach; dy <= reach; dy++) {
        if (y + dy < 0 || y + dy >= height) continue
        const half = halves[Math.abs(dy)]
        const row = (y + dy) * width
        out.data.fill(255, row + Math.max(x - half, 0), row + Math.min(x + half, width - 1) + 1)
      }
    }
  }
  return out
}
