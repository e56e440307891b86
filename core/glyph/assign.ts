import { fillOutline, type InkBox, type Pose, posed } from './pose.ts'
import { DIRECTIONS, directionOf, runShares } from './runs.ts'
import type { TemplateStroke } from './stroke-template.ts'

/** How far from its spine a stroke can own ink, share of the larger side. */
const REACH = 0.13
/** Squared distance counts up to 1 + this where the ink runs in another direction than the stroke … */
const DIRECTION_WEIGHT = 8
/** … and down to this share inside the stroke's own outline. */
const INSIDE = 0.05

/**
 * Which stroke of a fitted template each ink pixel belongs to: the one with the nearest spine, weighted by direction and
 * by the stroke's own outline.
 * @param shares of the same ink, where they are known
 * @returns (height, width): k = template[k - 1], 0 = paper, and ink out of every stroke's reach
 */
export function labelInk(
  ink: InkBox,
  template: TemplateStroke[],
  poses: Pose[],
  shares: Float32Array = runShares(ink.data, ink.width, ink.height),
): Uint16Array {
  const { data, width, height } = ink
  const labels = new Uint16Array(width * height)
  const least = new Float32Array(width * height).fill(Infinity)
  const favour = { data: new Float32Array(width * height), width, height }
  const reach = REACH * Math.max(width, height)
  for (const [k, stroke] of template.entries()) {
    const spine = posed(stroke.spine, poses[k], width, height)
    favour.data.fill(1)
    fillOutline(favour, INSIDE, stroke, poses[k])
    for (let i = 0; i < spine.length; i += 2) {
      const x = spine[i]
      const y = spine[i + 1]
      const before = Math.max(0, i - 2)
      const after = Math.min(spine.length - 2, i + 2)
      const d = directionOf(spine[after] - spine[before], spine[after + 1] - spine[before + 1])
      const y1 = Math.min(height - 1, Math.floor(y + reach))
      const x0 = Math.max(0, Math.floor(x - reach))
      const x1 = Math.min(width - 1, Math.floor(x + reach))
      for (let py = Math.max(0, Math.floor(y - reach)); py <= y1; py++)
        for (let at = py * width + x0; at <= py * width + x1; at++) {
          if (!data[at]) continue
          const distance = ((at - py * width + 0.5 - x) ** 2 + (py + 0.5 - y) ** 2) * favour.data[at]
          if (distance >= least[at]) continue
          const cost = distance * (1 + DIRECTION_WEIGHT * (1 - shares[at * DIRECTIONS + d]))
          if (cost < least[at]) {
            least[at] = cost
            labels[at] = k + 1
          }
        }
    }
  }
  return labels
}
