/** Requests to the AI child process, and its replies. */
import type { Gray, Rgb } from '../../raster/raster.ts'
import type { AiModel } from './ai-models.ts'
import type { SamPrompt } from './ai-sam.ts'

export type AiJob =
  | { task: 'depth'; model: AiModel; picture: Rgb }
  | {
      task: 'segmentation'
      model: AiModel
      picture: Rgb
      /** One for each part. */
      prompts: readonly SamPrompt[]
      /** (height, width): 0 = paper, k = part k - 1, from the glyph's own strokes or components. */
      labels: Uint16Array
    }
export interface AiResult {
  depth: Gray
  segmentation: { labels: Uint16Array }
}

/** The calls of the child process, for core/channel. */
export interface AiCalls {
  run: { request: AiJob; event: never; reply: AiResult[keyof AiResult] }
}
