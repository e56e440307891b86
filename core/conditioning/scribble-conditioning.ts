import type { METHODS } from '../contract/vocabulary.ts'
import { StudioError } from '../faults/studio-error.ts'
import { dilateRound } from '../raster/dilate.ts'
import { traceSkeleton } from '../raster/trace.ts'
import { handDrawn } from './hand-drawn.ts'
import { styledScribble } from './styled-scribble.ts'
import type { Subject } from './subject.ts'
import { DEFAULT_SCRIBBLE_STYLE, type Drawn, type MapOptions, SCRIBBLE_RANGES, type ScribbleStyle } from './types.ts'

/** The Union network learned scribbles 11 to 15 pixels wide at 1024². */
const LINE_WIDTH = 13

/** What a length of so many pixels at 1024² is on this canvas: by area, so that wide and tall canvases agree. */
export function scaled(pixels: number, width: number, height: number): number {
  return (pixels * Math.sqrt(width * height)) / 1024
}

function checkStyle(style: ScribbleStyle): ScribbleStyle {
  for (const [field, [least, most]] of Object.entries(SCRIBBLE_RANGES)) {
    const value = style[field as keyof ScribbleStyle]
    if (value >= least && value <= most) continue
    const message = `The scribble's ${field} is ${value}.`
    throw new StudioError('bad-request', message, `Give a number from ${least} to ${most}.`)
  }
  return style
}

/** Binary lines, white on black (mode 2). */
export class ScribbleConditioning {
  readonly map = 'scribble'

  async make(subject: Subject, method: (typeof METHODS.scribble)[number], options: MapOptions): Promise<Drawn> {
    const { width, height } = subject.glyph
    const seed = options.seed ?? 1
    switch (method) {
      case 'skeletonization_scribble': {
        const line = Math.max(1, Math.round(scaled(LINE_WIDTH, width, height)))
        const image = dilateRound(subject.skeleton(), line)
        return { image, legend: [], basis: 'ink', parameters: { width: line } }
      }
      case 'hand_drawn_simulation': {
        const { strokes, basis } = await subject.labels()
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
        const image = styledScribble(traceSkeleton(subject.skeleton()), width, height, { ...style, width: line }, seed)
        return { image, legend: [], basis: 'ink', parameters: { seed, ...style } }
      }
    }
  }
}
