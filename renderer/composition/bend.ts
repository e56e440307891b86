/** The bend of a block along a circle, as the handle and the panel change it. */
import type { Block } from '../../core/contract/composition.ts'
import { changeBlock } from '../store/canvas.ts'
import type { Point } from './geometry.ts'

/** Where a drag began, and the angle then: the angle at the pointer is told from there. */
let began: { from: Point; angle: number } | null = null

/** Degrees, 0 where the block is not bent along a circle; with the start of a drag, the angle that it started with. */
export function bendOf({ warp }: Block, from?: Point): number {
  const angle = warp?.kind === 'arc' ? warp.angle : 0
  if (!from) return angle
  if (began?.from !== from) began = { from, angle }
  return began.angle
}

export function bendBlock(at: number, degrees: number, key: string): void {
  const angle = Math.max(-360, Math.min(360, Math.round(degrees)))
  // Near straight is straight.
  const warp = Math.abs(angle) < 4 ? null : ({ kind: 'arc', angle } as const)
  changeBlock(at, block => ({ ...block, warp }) as Block, key)
}
