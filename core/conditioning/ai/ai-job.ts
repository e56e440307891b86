/** What the AI process is asked, and what it answers. */
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
      /** (height, width): 0 = paper, k = part k - 1, as the glyph itself has them. */
      labels: Uint16Array
    }
export interface AiResult {
  depth: Gray
  segmentation: { labels: Uint16Array }
}

/** What the child process answers (channel/). */
export interface AiCalls {
  run: { request: AiJob; event: never; reply: AiResult[keyof AiResult] }
}
