import { type Components, label } from '../raster/components.ts'
import type { Box } from './types.ts'

/** A piece cut off by a crossing stroke still holds at least this share of its own stroke's spine. */
const SPINE_SHARE = 0.08

/**
 * Of each label keeps its largest connected piece, and the pieces through which its own spine runs: a crossing may part
 * a stroke. The rest becomes 0, to be given to its neighbours.
 * @param labels (height, width), changed in place
 * @param spines by label - 1: x, y, x, y … in pixels
 */
export function keepOwnPieces(labels: Uint16Array, width: number, height: number, spines: Float64Array[]): void {
  for (const [k, box] of boxes(labels, width, height, spines.length).entries()) {
    const pieces = piecesIn(labels, width, box, k + 1)
    if (pieces.count < 2) continue
    const areas = new Uint32Array(pieces.count + 1)
    for (const piece of pieces.labels) areas[piece]++
    areas[0] = 0
    const spine = spines[k]
    const samples = new Uint32Array(pieces.count + 1)
    for (let i = 0; i < spine.length; i += 2) {
      const x = Math.floor(spine[i]) - box.x
      const y = Math.floor(spine[i + 1]) - box.y
      if (x >= 0 && y >= 0 && x < box.width && y < box.height) samples[pieces.labels[y * box.width + x]]++
    }
    const largest = areas.indexOf(Math.max(...areas))
    const kept = areas.map((_, piece) =>
      piece === largest || samples[piece] * 2 >= SPINE_SHARE * spine.length ? 1 : 0,
    )
    kept[0] = 1
    for (let at = 0; at < pieces.labels.length; at++) {
      const own = (box.y + Math.floor(at / box.width)) * width + box.x + (at % box.width)
      if (!kept[pieces.labels[at]]) labels[own] = 0
    }
  }
}

/** The box of each label 1..count; empty where a label has no pixel. */
function boxes(labels: Uint16Array, width: number, height: number, count: number): Box[] {
  const edges = Array.from({ length: count + 1 }, () => [width, height, -1, -1])
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++, at++) {
      const edge = edges[labels[at]]
      if (x < edge[0]) edge[0] = x
      if (y < edge[1]) edge[1] = y
      if (x > edge[2]) edge[2] = x
      if (y > edge[3]) edge[3] = y
    }
  return edges.slice(1).map(([x0, y0, x1, y1]) => ({
    x: x0,
    y: y0,
    width: Math.max(0, x1 - x0 + 1),
    height: Math.max(0, y1 - y0 + 1),
  }))
}

/** Connected pieces of one label inside its box. */
function piecesIn(labels: Uint16Array, stride: number, { x, y, width, height }: Box, own: number): Components {
  const data = new Uint8Array(width * height)
  for (let row = 0, at = 0; row < height; row++)
    for (let column = 0; column < width; column++, at++)
      if (labels[(y + row) * stride + x + column] === own) data[at] = 255
  return label({ width, height, channels: 1, data }, 8)
}

/**
 * Gives pixels without a label the label of the nearest labelled one, step by step along the allowed pixels.
 * @param allowed null: every pixel
 * @param steps how far at most
 */
export function spread(
  labels: Uint16Array,
  width: number,
  height: number,
  allowed: Uint8Array | null,
  steps = Infinity,
) {
  let front: number[] = []
  for (let at = 0; at < labels.length; at++) if (labels[at]) front.push(at)
  for (let step = 0; step < steps && front.length > 0; step++) {
    const next: number[] = []
    for (const at of front) {
      const x = at % width
      const y = (at - x) / width
      for (const [dx, dy] of NEIGHBOURS) {
        const to = at + dy * width + dx
        if (x + dx < 0 || x + dx >= width || y + dy < 0 || y + dy >= height) continue
        if (labels[to] || (allowed && !allowed[to])) continue
        labels[to] = labels[at]
        next.push(to)
      }
    }
    front = next
  }
}

const NEIGHBOURS = [
  [1, 0],
  [0, 1],
  [-1, 0],
  [0, -1],
  [1, 1],
  [-1, 1],
  [-1, -1],
  [1, -1],
]
