import { squaredDistance } from '../../raster/distance.ts'
import type { SamPrompt } from './ai-sam.ts'

/**
 * Positive points of each part, and negative points (from its neighbours) at most: more confuse the network and cost
 * time.
 */
const INSIDE = 3
const OUTSIDE = 4

/**
 * A prompt for each part of the word: its innermost points are positive, those of the nearest other parts negative.
 * @param labels (height, width): 0 = paper, k = part k - 1
 */
export function promptsFor(labels: Uint16Array, parts: number, width: number, height: number): SamPrompt[] {
  const depth = depthInside(labels, width, height)
  const inner = Array.from({ length: parts }, (_, k) => innermost(labels, depth, k + 1, width))
  return inner.map((own, k) => {
    const others = inner
      .flatMap((points, j) => (j === k ? [] : points.slice(0, 1)))
      .sort((a, b) => nearest(a, own) - nearest(b, own))
      .slice(0, OUTSIDE)
    return [...own.map(at => ({ ...at, positive: true })), ...others.map(at => ({ ...at, positive: false }))]
  })
}

interface At {
  x: number
  y: number
}

/** Squared distance to paper or to another part. */
function depthInside(labels: Uint16Array, width: number, height: number): Int32Array {
  const data = new Uint8Array(labels.length)
  for (let i = 0; i < labels.length; i++) {
    const mine = labels[i]
    const meets = (i % width !== 0 && labels[i - 1] !== mine) || (i >= width && labels[i - width] !== mine)
    data[i] = mine !== 0 && !meets ? 255 : 0
  }
  return squaredDistance({ width, height, channels: 1, data })
}

/**
 * The points of one part that are farthest from its border, spread out: each outside three times the inscribed circles
 * of those before.
 */
function innermost(labels: Uint16Array, depth: Int32Array, part: number, width: number): At[] {
  const mine: number[] = []
  for (let i = 0; i < labels.length; i++) if (labels[i] === part) mine.push(i)
  const found: (At & { reach: number })[] = []
  while (found.length < INSIDE) {
    let best = -1
    for (const i of mine) {
      if (best >= 0 && depth[i] <= depth[best]) continue
      const x = i % width
      const y = Math.floor(i / width)
      if (found.every(point => (point.x - x) ** 2 + (point.y - y) ** 2 > 9 * point.reach)) best = i
    }
    if (best < 0) break
    found.push({ x: best % width, y: Math.floor(best / width), reach: Math.max(depth[best], 1) })
  }
  return found.map(({ x, y }) => ({ x, y }))
}

const nearest = (point: At, own: readonly At[]): number =>
  Math.min(...own.map(({ x, y }) => (x - point.x) ** 2 + (y - point.y) ** 2))
