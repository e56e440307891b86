/**
 * The request: the one description of a picture, used by the renderer, the command line, HTTP and the metadata of PNGs.
 */
import { z } from 'zod'
import { expectations } from '../faults/phrases.ts'
import { compositionSchema } from './composition.ts'
import { type Palette, paletteSchema } from './palette.ts'
import { type Repaint, repaintSchema } from './repaint.ts'
import { upscaleInputSchema, upscaleSchema } from './upscale.ts'
import {
  LIMITS,
  METHODS,
  PROFILE_NAMES,
  type ProfileName,
  SAMPLERS,
  UNION_MODES,
  type UnionMode,
} from './vocabulary.ts'
import { DEFAULT_LAYOUT, type Layout, layoutSchema } from './writing.ts'

export { DEFAULT_LAYOUT, type Layout, layoutSchema }

const pixels = z.int().positive()
const pair = z.tuple([z.int(), z.int()]).nullable()
const fraction = z.number().min(0).max(1)
const window = { weight: z.number().min(0).max(2), start: fraction, end: fraction }

const controlSchema = (methods: readonly [string, ...string[]]) =>
  z.strictObject({
    method: z.enum(methods),
    ...window,
    /** A picture file that stands in for the drawn map. */
    image: z.string().nullable(),
  })

export const controlsSchema = z.strictObject({
  canny: controlSchema(METHODS.canny),
  depth: controlSchema(METHODS.depth),
  segmentation: controlSchema(METHODS.segmentation),
  scribble: controlSchema(METHODS.scribble),
})

/** One control picture in a replay: any Union mode, in order. */
const controlImageSchema = z.strictObject({
  type: z.enum(Object.keys(UNION_MODES) as [UnionMode]),
  image: z.string(),
  ...window,
})

/** token: the word, in letters of either case; a file's own name where it is left out. */
const embeddingSchema = z.strictObject({ path: z.string(), token: z.string().trim().min(1).max(100) })

/** The one description of a picture, complete. Paths are relative to the request's own file. */
export const requestSchema = z.strictObject({
  word: z.string().nullable(),
  translation: z.string().nullable(),
  style: z.string(),
  model: z.string(),
  controlnet: z.string().nullable(),
  vae: z.string().nullable(),
  loras: z.array(z.strictObject({ path: z.string(), weight: z.number().min(-10).max(10) })).max(LIMITS.loras),
  /**
   * Textual inversions; each is a word that the prompts may use. Left out: with promptWeights those that are installed and
   * that a prompt names, otherwise none.
   */
  embeddings: z.array(embeddingSchema).max(LIMITS.embeddings).optional(),
  /** null: both prompts are built from style and translation. */
  prompt: z.string().max(LIMITS.prompt).nullable(),
  /** With a prompt given: null is none (zero embeddings), "" is the empty prompt, encoded. */
  negativePrompt: z.string().max(LIMITS.prompt).nullable(),
  /** Over 77 tokens: "chunk" reads them all, 75 at a time; "truncate" drops the rest as diffusers does. */
  longPrompt: z.enum(['chunk', 'truncate']),
  /** true: (word:1.3), [word] and <lora:name:0.8> mean what AUTOMATIC1111's web UI means; false or left out: they are words. */
  promptWeights: z.boolean().optional(),
  /** Hidden layers skipped before the penultimate one, as diffusers' clip_skip; null is none. */
  clipSkip: z.int().min(0).max(20).nullable(),
  width: pixels.max(LIMITS.side),
  height: pixels.max(LIMITS.side),
  steps: z.int().min(1).max(LIMITS.steps),
  guidanceScale: z.number().min(0).max(100),
  sampler: z.enum(SAMPLERS),
  seed: z.int().min(0).max(Number.MAX_SAFE_INTEGER),
  count: z.int().min(1).max(LIMITS.count),
  layout: layoutSchema,
  /** Blocks on the canvas instead of the word alone; null or left out: the word fills it. */
  composition: compositionSchema.nullable().optional(),
  /** null: no control is drawn from the word. */
  controls: controlsSchema.nullable(),
  controlImages: z.array(controlImageSchema).max(LIMITS.controls).nullable(),
  initImage: z.string().nullable(),
  /** Colours that the prompt names, and that the picture may begin with. */
  palette: (paletteSchema as z.ZodType<Palette, Palette>).nullable().optional(),
  strength: fraction,
  /** With an init picture: only this part of it is painted, the rest stays. */
  repaint: (repaintSchema as z.ZodType<Repaint, Repaint>).nullable().optional(),
  /** With an init picture: it is painted again, or resampled, at this request's size. */
  upscale: upscaleSchema.nullable().optional(),
  /** Id of the picture of the library that this one is a version of. */
  parent: z.string().max(100).nullable().optional(),
  originalSize: pair,
  cropTopLeft: pair,
  targetSize: pair,
  negativeOriginalSize: pair,
  negativeCropTopLeft: pair,
  negativeTargetSize: pair,
  /** A diffusers scheduler config to override the sampler's defaults. */
  scheduler: z.record(z.string(), z.unknown()).nullable(),
  /** "file.safetensors#tensor": the initial latents, unit variance. */
  latents: z.string().nullable(),
  /** "file.safetensors#prefix": prefix.0, prefix.1 … are drawn in order instead of the seed's noise. */
  noise: z.string().nullable(),
})

/** One that is to be painted; what was written down before is read as it is. */
export const paintableSchema = requestSchema.refine(
  ({ seed, count }) => seed <= Number.MAX_SAFE_INTEGER - (count - 1),
  {
    message: expectations.seedsBeyond(),
    path: ['seed'],
  },
)
export type Request = z.infer<typeof requestSchema>

export const memorySchema = z.strictObject({
  /** How memory is used, in place of what the machine's memory suggests. */
  profile: z.enum(PROFILE_NAMES),
  /** Tried although the estimate says that it does not fit into memory. */
  force: z.boolean(),
})

/**
 * What a caller may send: every field may be left out, controls in part. core/generate/complete-request.ts fills it in.
 */
export const requestInputSchema = requestSchema
  .extend({
    layout: layoutSchema.partial(),
    embeddings: z.array(embeddingSchema.partial({ token: true })).max(LIMITS.embeddings),
    controls: z
      .strictObject({
        canny: controlsSchema.shape.canny.partial(),
        depth: controlsSchema.shape.depth.partial(),
        segmentation: controlsSchema.shape.segmentation.partial(),
        scribble: controlsSchema.shape.scribble.partial(),
      })
      .partial()
      .nullable(),
    controlImages: z
      .array(controlImageSchema.partial({ weight: true, start: true, end: true }))
      .max(LIMITS.controls)
      .nullable(),
    upscale: upscaleInputSchema.nullable(),
    ...memorySchema.shape,
  })
  .partial()
export type RequestInput = z.infer<typeof requestInputSchema>

/** How a picture is made on this machine, which is no part of what it is: never recorded in a request. */
export interface MemoryWishes {
  profile?: ProfileName
  force?: boolean
}

export function memoryWishes({
  profile,
  force,
}: {
  profile?: ProfileName | undefined
  force?: boolean | undefined
}): MemoryWishes {
  return { ...(profile !== undefined && { profile }), ...(force !== undefined && { force }) }
}
