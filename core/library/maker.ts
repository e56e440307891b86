/** The interface of picture makers that library and sets use. */

import type { MemoryWishes, Request } from '../contract/request.ts'
import type { AIImageGenerator, GeneratedPicture } from '../generate/ai-image-generator.ts'
import { type Judgement, scoreOfPicture } from '../legibility/legibility-worker.ts'

/** Makes pictures from requests: the AIImageGenerator, or anything in its shape. */
export interface PictureMaker extends Pick<AIImageGenerator, 'generate' | 'complete'> {
  /** How many pictures are painted at the same time. */
  readonly atOnce?: number
  /** How many pictures may be asked for at the same time; default: atOnce and two more. */
  readonly ahead?: number
  /** How many of a request's pictures are best asked for in one call, as they are painted together. Default 1. */
  batchOf?(request: Request, wishes: MemoryWishes): Promise<number>
  /** Told when a set's folder and journal have the picture, or another was kept in its place. */
  release?(picture: GeneratedPicture): Promise<void>
}
export type { GeneratedPicture }

/** A picture that may have been judged already, here or on the machine that painted it. */
export type JudgedPicture = GeneratedPicture & { legibility?: Judgement | null }

/** A picture's score: as another machine has told it, or computed here; null without a word. */
export async function legibilityOf(made: JudgedPicture): Promise<Judgement | null> {
  return made.legibility === undefined ? scoreOfPicture(made) : made.legibility
}
