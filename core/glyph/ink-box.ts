import type { Gray } from '../raster/raster.ts'
import type { InkBox } from './pose.ts'
import type { Box } from './types.ts'

/** The smallest box around a mask's ink, null where there is none. */
export function inkBoxOf({ width, height, data }: Gray): Box | null {
  let [x0, y0, x1, y1] = [width, -1, -1, -1]
  for (let y = 0; y < height; y++) {
    const row = data.subarray(y * width, (y + 1) * width)
    const first = row.findIndex(v => v !== 0)
    if (first < 0) continue
    if (y0 < 0) y0 = y
    y1 = y
    x0 = Math.min(x0, first)
    x1 = Math.max(
      x1,
      row.findLastIndex(v => v !== 0),
    )
  }
  return y0 < 0 ? null : { x: x0, y: y0, width: x1 - x0 + 1, height: y1 - y0 + 1 }
}

/** Ink of a box at a size whose longer side is at most `side` pixels: a pixel is ink where two fifths of it are. */
export function shrink({ data, width: stride }: Gray, box: Box, side: number): InkBox {
  const scale = Math.min(1, side / Math.max(box.width, box.height))
  const width = Math.max(1, Math.round(box.width * scale))
  const height = Math.max(1, Math.round(box.height * scale))
  const out = new Uint8Array(width * height)
  for (let y = 0; y < height; y++) {
    const top = Math.floor((y * box.height) / height)
    const bottom = Math.max(top + 1, Math.floor(((y + 1) * box.height) / height))
    for (let x = 0; x < width; x++) {
      const left = Math.floor((x * box.width) / width)
      const right = Math.max(left + 1, Math.floor(((x + 1) * box.width) / width))
      let ink = 0
      for (let row = top; row < bottom; row++) {
        const start = (box.y + row) * stride + box.x
        for (let at = start + left; at < start + right; at++) if (data[at]) ink++
      }
      if (5 * ink >= 2 * (right - left) * (bottom - top)) out[y * width + x] = 255
    }
  }
  return { data: out, width, height }
}
