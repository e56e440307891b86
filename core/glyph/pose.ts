import { fillSpans } from './polygon.ts'
import type { TemplateStroke } from './stroke-template.ts'

/** Ink cropped to its box: (height, width), nonzero = ink. */
export interface InkBox {
  data: Uint8Array
  width: number
  height: number
}

/** Where a stroke of the template stands on the ink: scaled about its centre, then moved; shares of the box. */
export interface Pose {
  centre: [number, number]
  scale: [number, number]
  shift: [number, number]
}

/** As the template has it. */
export const identity = (): Pose => ({ centre: [0.5, 0.5], scale: [1, 1], shift: [0, 0] })

/** Points of a stroke in its pose, pixels of the box. */
export function posed(
  points: Float64Array,
  { centre, scale, shift }: Pose,
  width: number,
  height: number,
): Float64Array {
  const size = [width, height]
  return points.map((v, i) => {
    const axis = i % 2
    return ((v - centre[axis]) * scale[axis] + centre[axis] + shift[axis]) * size[axis]
  })
}

/** Sets the pixels of a (height, width) picture that lie inside a posed outline. */
export function fillOutline(
  into: { data: Uint8Array | Float32Array; width: number; height: number },
  value: number,
  stroke: TemplateStroke,
  pose: Pose,
): void {
  const { data, width, height } = into
  const outline = stroke.outline.map(polygon => posed(polygon, pose, width, height))
  fillSpans(outline, height, (y, x0, x1) => {
    data.fill(value, y * width + Math.max(0, x0), y * width + Math.min(width, Math.max(0, x1)))
  })
}

/** The template's own ink. */
export function inkOfTemplate(template: TemplateStroke[], width: number, height: number): InkBox {
  const box = { data: new Uint8Array(width * height), width, height }
  for (const stroke of template) fillOutline(box, 255, stroke, identity())
  return box
}
