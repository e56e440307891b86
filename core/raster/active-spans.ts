/** Which parts of a picture filters have to compute: blocks near a change; flat areas stay flat. */
import type { Gray } from './raster.ts'

/** Side of a block, pixels: a block is computed as a whole or not at all. */
export const BLOCK = 8

/** For each row of blocks, the columns [from, to) to compute, in pixels: a flat list of pairs, left to right. */
export type Spans = readonly Int32Array[]

/**
 * Blocks that contain a pixel which differs from its right or lower neighbour, or such a neighbour: (rows, columns), 1
 * = yes.
 */
export interface BlockMap {
  columns: number
  rows: number
  width: number
  blocks: Uint8Array
}

/** The blocks of a picture that are not flat. */
export function changes({ width, height, data }: Gray): BlockMap {
  const columns = Math.ceil(width / BLOCK)
  const rows = Math.ceil(height / BLOCK)
  const blocks = new Uint8Array(columns * rows)
  for (let y = 0, o = 0; y < height; y++) {
    const row = Math.floor(y / BLOCK) * columns
    const below = y + 1 < height ? width : 0
    for (let x = 0; x < width; x++, o++) {
      const value = data[o]
      const right = x + 1 < width ? 1 : 0
      if (data[o + right] === value && data[o + below] === value) continue
      blocks[row + Math.floor(x / BLOCK)] = 1
      blocks[row + Math.floor((x + right) / BLOCK)] = 1
      blocks[Math.floor((y + (below ? 1 : 0)) / BLOCK) * columns + Math.floor(x / BLOCK)] = 1
    }
  }
  return { columns, rows, width, blocks }
}

/** Everything within `reach` pixels of a change, in whole blocks. */
export function spansWithin({ columns, rows, width, blocks }: BlockMap, reach: number): Spans {
  const grow = Math.ceil(reach / BLOCK)
  const wide = new Uint8Array(columns * rows)
  for (let r = 0; r < rows; r++)
    for (let c = 0; c < columns; c++)
      if (blocks[r * columns + c])
        wide.fill(1, r * columns + Math.max(c - grow, 0), r * columns + Math.min(c + grow, columns - 1) + 1)
  return Array.from({ length: rows }, (_, r) => {
    const on = new Uint8Array(columns)
    for (let n = Math.max(r - grow, 0); n <= Math.min(r + grow, rows - 1); n++)
      for (let c = 0; c < columns; c++) on[c] |= wide[n * columns + c]
    const pairs: number[] = []
    for (let c = 0; c < columns; c++) {
      if (!on[c]) continue
      const from = c
      while (c < columns && on[c]) c++
      pairs.push(from * BLOCK, Math.min(c * BLOCK, width))
    }
    return Int32Array.from(pairs)
  })
}
