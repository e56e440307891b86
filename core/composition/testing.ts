/** Tests only: short ways to write compositions. */
import { type Composition, compositionSchema } from '../contract/composition.ts'
import { DEFAULT_LAYOUT } from '../contract/writing.ts'
import { drawComposition } from './draw.ts'

export const written = { word: '学', layout: DEFAULT_LAYOUT }
export const UPRIGHT = { x: 0.5, y: 0.5, scale: [0.8, 0.8], rotation: 0 }

/** What is left out is filled in, as in a request. */
export const compose = (...blocks: object[]): Composition =>
  compositionSchema.parse({ blocks: blocks.map(block => ({ transform: UPRIGHT, ...block })) })
export const word = (more: object = {}) => ({ kind: 'word', source: { text: null }, ...more })
export const motif = (more: object = {}) => ({ kind: 'motif', source: { emoji: '🐱' }, ...more })
export const drawing = (more: object = {}) => ({
  kind: 'drawing',
  source: { strokes: [{ points: [-0.3, 0.3, 0.5, 0, 0.35, 0.6, 0.3, 0.3, 0.5], size: 0.05 }] },
  transform: { ...UPRIGHT, scale: [1, 1] },
  ...more,
})
export const draw = (composition: Composition, width = 256, height = 256) =>
  drawComposition(composition, written, width, height)
