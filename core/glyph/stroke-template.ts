import { resample } from '../raster/polyline.ts'
import { flatten } from './polygon.ts'
import { type CharacterStrokes, STROKE_BOX } from './strokes.ts'

/** A stroke as it stands in the template, in units of the template's ink box: 0..1 on both axes. */
export interface TemplateStroke {
  /** Spine at equal steps: x, y, x, y … */
  spine: Float64Array
  /** Closed polygons around the stroke's ink. */
  outline: Float64Array[]
}

/** Step along a spine, share of the character's square. */
const STEP = 0.012

/** Strokes laid into the box of their common ink. */
export function templateOf({ strokes }: CharacterStrokes): TemplateStroke[] {
  const outlines = strokes.map(({ path }) => flatten(path))
  const low = [Infinity, Infinity]
  const high = [-Infinity, -Infinity]
  for (const polygon of outlines.flat())
    for (const [i, v] of polygon.entries()) {
      low[i % 2] = Math.min(low[i % 2], v)
      high[i % 2] = Math.max(high[i % 2], v)
    }
  const toBox = (v: number, i: number) => (v - low[i % 2]) / (high[i % 2] - low[i % 2])
  return strokes.map(({ median }, k) => {
    const points = resample(median, STEP * STROKE_BOX)
    return {
      spine: Float64Array.from(points.flat(), toBox),
      outline: outlines[k].map(polygon => Float64Array.from(polygon, toBox)),
    }
  })
}
