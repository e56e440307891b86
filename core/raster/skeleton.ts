/**
 * Zhang and Suen's thinning as published: two simultaneous sub-iterations, 2 ≤ B ≤ 6, A = 1, zeros around the picture.
 * Source: T. Zhang, C. Suen, A Fast Parallel Algorithm for Thinning Digital Patterns, 1984. (scikit-image's method
 * "zhang" is another algorithm: 25 of its 256 neighbourhood codes differ.)
 */
import { blank, type Gray } from './raster.ts'

/** Bit k of a neighbourhood code is P(k + 2) of the paper: north, then clockwise. */
const OFFSETS: readonly (readonly [number, number])[] = [
  [0, -1],
  [1, -1],
  [1, 0],
  [1, 1],
  [0, 1],
  [-1, 1],
  [-1, 0],
  [-1, -1],
]

/** Whether a pixel with this neighbourhood code is deleted, one table per sub-iteration. */
const DELETABLE = [0, 1].map(pass => Uint8Array.from({ length: 256 }, (_, code) => (deletes(code, pass) ? 1 : 0)))

function deletes(code: number, pass: number): boolean {
  const p = (k: number) => (code >> ((k - 2) & 7)) & 1
  let count = 0
  let transitions = 0
  for (let k = 2; k <= 9; k++) {
    count += p(k)
    if (p(k) === 0 && p(k + 1) === 1) transitions++
  }
  if (count < 2 || count > 6 || transitions !== 1) return false
  return pass === 0
    ? p(2) * p(4) * p(6) === 0 && p(4) * p(6) * p(8) === 0
    : p(2) * p(4) * p(8) === 0 && p(2) * p(6) * p(8) === 0
}

/**
 * The one-pixel skeleton of a mask: 255 on it, 0 elsewhere.
 * Only pixels whose neighbourhood changed in the last two sub-iterations are looked at again; the result is the same.
 * @param mask (height, width), not 0 = ink
 */
export function thinZhangSuen(mask: Gray): Gray {
  const { width, height, data } = mask
  const stride = width + 2
  const ink = new Uint8Array(stride * (height + 2))
  for (let y = 0, o = 0; y < height; y++)
    for (let x = 0, i = (y + 1) * stride + 1; x < width; x++, o++, i++) if (data[o]) ink[i] = 1
  const steps = OFFSETS.map(([dx, dy]) => dy * stride + dx)
  // Neighbourhood codes, kept up to date: (height + 2, width + 2)
  const codes = new Uint8Array(ink.length)
  // For how many more sub-iterations a pixel stays in the list of active ones; 0 = not in it.
  const looks = new Uint8Array(ink.length)
  let active = new Int32Array(width * height)
  let spare = new Int32Array(width * height)
  const deleted = new Int32Array(width * height)
  let count = 0
  for (let i = stride + 1; i < ink.length - stride - 1; i++) {
    if (!ink[i]) continue
    let code = 0
    for (let k = 0; k < 8; k++) code |= ink[i + steps[k]] << k
    codes[i] = code
    if (code === 255) continue
    looks[i] = 2
    active[count++] = i
  }
  for (let pass = 0; count > 0; pass ^= 1) {
    const table = DELETABLE[pass]
    let deletions = 0
    let kept = 0
    for (let n = 0; n < count; n++) {
      const i = active[n]
      if (table[codes[i]]) deleted[deletions++] = i
      else if (--looks[i] > 0) spare[kept++] = i
    }
    for (let n = 0; n < deletions; n++) ink[deleted[n]] = 0
    for (let n = 0; n < deletions; n++) {
      const i = deleted[n]
      for (let k = 0; k < 8; k++) {
        const j = i + steps[k]
        // Seen from the neighbour, the deleted pixel lies in the opposite direction.
        codes[j] &= ~(1 << (k ^ 4))
        if (!ink[j]) continue
        if (looks[j] === 0) spare[kept++] = j
        looks[j] = 2
      }
    }
    ;[active, spare] = [spare, active]
    count = kept
  }
  const out = blank(width, height, 1)
  for (let y = 0, o = 0; y < height; y++)
    for (let x = 0, i = (y + 1) * stride + 1; x < width; x++, o++, i++) if (ink[i]) out.data[o] = 255
  return out
}
