import type { METHODS } from '../contract/vocabulary.ts'
import { fault } from '../faults/fault.ts'
import { dilateRound } from '../raster/dilate.ts'
import { traceSkeleton } from '../raster/trace.ts'
import type { GlyphFeatures } from './glyph-features.ts'
import { handDrawn } from './hand-drawn.ts'
import { styledScribble } from './styled-scribble.ts'
import {
  DEFAULT_SCRIBBLE_STYLE,
  type MapOptions,
  type MethodResult,
  SCRIBBLE_RANGES,
  type ScribbleStyle,
} from './types.ts'

/** The Union network learned scribbles 11 to 15 pixels wide at 1024². */
const LINE_WIDTH = 13

/**
 * A length given in pixels at 1024², in pixels of this canvas; scaled by area, so that wide and tall canvases agree.
 */
export function scaled(pixels: number, width: number, height: number): number {
  return (pixels * Math.sqrt(width * height)) / 1024
}

function checkStyle(style: ScribbleStyle): ScribbleStyle {
  for (const [field, [least, most]] of Object.entries(SCRIBBLE_RANGES)) {
    const given = style[field as keyof ScribbleStyle]
    if (given >= least && given <= most) continue
    throw fault('scribbleStyleWrong', { field, given, least, most })
  }
  return style
}

/** Binary lines, white on black: Union mode 2. */
export class ScribbleConditioning {
  async make(
    features: GlyphFeatures,
    method: (typeof METHODS.scribble)[number],
    options: MapOptions,
  ): Promise<MethodResult> {
    const { width, height } = features.glyph
    const seed = options.seed ?? 1
    switch (method) {
      case 'skeletonization_scribble': {
        const line = Math.max(1, Math.round(scaled(LINE_WIDTH, width, height)))
        const image = dilateRound(features.skeleton(), line)
        return { image, legend: [], basis: 'ink', parameters: { width: line } }
      }
      case 'hand_drawn_simulation': {
        const { strokes, basis } = await features.labels()
        const line = scaled(LINE_WIDTH, width, height)
        const lines = strokes.map(({ median }) => median)
        return {
          image: handDrawn(lines, width, height, line, seed),
          legend: [],
          basis,
          parameters: { seed, width: line },
        }
      }
      case 'style_aware_scribble': {
        const style = checkStyle({ ...DEFAULT_SCRIBBLE_STYLE, ...options.scribble })
        const line = scaled(style.width, width, height)
        const image = styledScribble(traceSkeleton(features.skeleton()), width, height, { ...style, width: line }, seed)
        return { image, legend: [], basis: 'ink', parameters: { seed, ...style } }
      }
    }
  }
}
