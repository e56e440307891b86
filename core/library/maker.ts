/** The interface of picture makers that library and sets use. */
import type { AIImageGenerator, GeneratedPicture } from '../generate/ai-image-generator.ts'

/** Makes pictures from requests: the AIImageGenerator, or anything in its shape. */
export type PictureMaker = Pick<AIImageGenerator, 'generate' | 'complete'> & Partial<Pick<AIImageGenerator, 'atOnce'>>
export type { GeneratedPicture }
