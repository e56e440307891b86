/**
 * OpenCV's 8-bit Gaussian blur, bit for bit.
 * Source: OpenCV modules/imgproc/src/smooth.dispatch.cpp and fixedpoint.inl.hpp: the taps are 8.8 fixed point with the
 * rounding error carried from the outside in (getGaussianKernelFixedPoint_ED), rows accumulate in 8.8, columns in 16.16,
 * one rounding (half up) at the end, borders reflected without repeating the edge (BORDER_REFLECT_101).
 */
import { blank, type Gray } from './raster.ts'

/** Taps from the centre outwards, in 1/256: 3×3 σ auto, 5×5 σ auto, 5×5 σ 1.4. */
const TAPS = {
  g3: [128, 64, 0],
  g5: [96, 64, 16],
  g5s14: [78, 61, 28],
} as const
export type GaussianKernel = keyof typeof TAPS

/** Index mirrored into 0..n-1 without repeating the edge; a side of one pixel has only itself. */
function reflect101(i: number, n: number): number {
  if (n === 1) return 0
  const period = 2 * n - 2
  const k = Math.abs(i) % period
  return k < n ? k : period - k
}

/**
 * Blurs a picture (height, width).
 * @param kernel one of OpenCV's three small kernels that the maps are defined on
 */
export function gaussianBlur(gray: Gray, kernel: GaussianKernel): Gray {
  const { width, height, data } = gray
  const [centre, near, far] = TAPS[kernel]
  const out = blank(width, height, 1)
  const padded = new Uint8Array(width + 4)
  // Horizontal sums in 8.8 fixed point, at most 255 · 256: (height, width)
  const rows = new Uint16Array(width * height)
  const [l1, l2] = [reflect101(-1, width), reflect101(-2, width)]
  const [r1, r2] = [reflect101(width, width), reflect101(width + 1, width)]
  for (let y = 0, o = 0; y < height; y++) {
    const row = y * width
    padded.set(data.subarray(row, row + width), 2)
    padded[1] = data[row + l1]
    padded[0] = data[row + l2]
    padded[width + 2] = data[row + r1]
    padded[width + 3] = data[row + r2]
    for (let x = 2; x < width + 2; x++) {
      rows[o++] = centre * padded[x] + near * (padded[x - 1] + padded[x + 1]) + far * (padded[x - 2] + padded[x + 2])
    }
  }
  for (let y = 0, o = 0; y < height; y++) {
    const up1 = reflect101(y - 1, height) * width
    const up2 = reflect101(y - 2, height) * width
    const down1 = reflect101(y + 1, height) * width
    const down2 = reflect101(y + 2, height) * width
    for (let x = 0; x < width; x++, o++) {
      const sum = centre * rows[o] + near * (rows[up1 + x] + rows[down1 + x]) + far * (rows[up2 + x] + rows[down2 + x])
      out.data[o] = (sum + 0x8000) >>> 16
    }
  }
  return out
}
