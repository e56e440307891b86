/** Connected components by two passes with union-find. Source: A. Rosenfeld, J. Pfaltz, 1966. */
import type { Gray } from './raster.ts'

export interface Components {
  /** (height, width): 0 = paper, 1..count in raster order of each component's first pixel. */
  labels: Int32Array
  count: number
}

/** @param mask (height, width), not 0 = ink */
export function label(mask: Gray, connectivity: 4 | 8): Components {
  const { width, height, data } = mask
  const labels = new Int32Array(width * height)
  // A new label needs a pixel without labelled neighbours: at most every other pixel, plus "paper".
  const parent = new Int32Array(Math.ceil((width * height) / 2) + 2)
  let provisional = 0
  const root = (a: number): number => {
    let r = a
    while (parent[r] !== r) {
      parent[r] = parent[parent[r]]
      r = parent[r]
    }
    return r
  }
  for (let y = 0, o = 0; y < height; y++) {
    for (let x = 0; x < width; x++, o++) {
      if (!data[o]) continue
      let mine = x > 0 ? labels[o - 1] : 0
      if (y > 0) {
        const from = connectivity === 8 && x > 0 ? o - width - 1 : o - width
        const to = connectivity === 8 && x < width - 1 ? o - width + 1 : o - width
        for (let n = from; n <= to; n++) {
          const other = labels[n]
          if (other === 0 || other === mine) continue
          if (mine === 0) mine = other
          else {
            const a = root(mine)
            const b = root(other)
            // The older label is the root, so numbers follow each component's first pixel.
            parent[Math.max(a, b)] = Math.min(a, b)
          }
        }
      }
      if (mine === 0) {
        mine = ++provisional
        parent[mine] = mine
      }
      labels[o] = mine
    }
  }
  const final = new Int32Array(provisional + 1)
  let count = 0
  for (let a = 1; a <= provisional; a++) final[a] = parent[a] === a ? ++count : final[root(a)]
  for (let o = 0; o < labels.length; o++) labels[o] = final[labels[o]]
  return { labels, count }
}
