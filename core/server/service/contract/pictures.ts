/** The library's pictures. */
import { oc } from '@orpc/contract'
import { z } from 'zod'
import { LARGER_SIDE, UPSCALE_METHODS } from '../../../contract/larger.ts'
import { requestSchema } from '../../../contract/request.ts'
import { LIMITS } from '../../../contract/vocabulary.ts'
import { jobSchema } from './jobs.ts'
import { id, isoTime, tag } from './values.ts'

const pictureSchema = z.object({
  id,
  width: z.int(),
  height: z.int(),
  word: z.string().nullable(),
  style: z.string(),
  seed: z.int(),
  draft: z.boolean(),
  rating: z.int(),
  tags: z.array(z.string()),
  legibility: z.number().nullable(),
  createdAt: isoTime,
  prompt: z.string(),
  negativePrompt: z.string().nullable(),
  request: requestSchema,
})
export type ServicePicture = z.infer<typeof pictureSchema>

export const pictures = {
  search: oc
    .route({ method: 'GET', path: '/api/pictures', summary: 'Search the library', ...tag('Pictures') })
    .input(
      z.object({
        /** Parts of word, translation, prompt, style, tags or notes; all must occur. */
        text: z.string().max(200).optional(),
        style: id.optional(),
        offset: z.coerce.number().int().min(0).max(10_000_000).default(0),
        limit: z.coerce.number().int().min(1).max(200).default(50),
      }),
    )
    .output(z.object({ pictures: z.array(pictureSchema), total: z.int() })),
  get: oc
    .route({ method: 'GET', path: '/api/pictures/{id}', summary: 'How a picture was made', ...tag('Pictures') })
    .input(z.object({ id }))
    .output(pictureSchema),
  file: oc
    .route({ method: 'GET', path: '/api/pictures/{id}/file', summary: 'A picture as PNG', ...tag('Pictures') })
    .input(z.object({ id }))
    .output(z.file()),
  upscale: oc
    .route({
      method: 'POST',
      path: '/api/pictures/{id}/upscale',
      summary: 'Paint a picture again larger, later',
      description: 'In tiles, under maps that are drawn anew at that size; "lanczos" only resamples it.',
      successStatus: 202,
      ...tag('Pictures'),
    })
    .input(
      z.strictObject({
        id,
        side: z
          .int()
          .min(LIMITS.smallestSide)
          .max(LIMITS.side)
          .default(LARGER_SIDE)
          .meta({ description: 'Length of the longer side in pixels, above that of the picture' }),
        method: z.enum(UPSCALE_METHODS).default('tiled'),
      }),
    )
    .output(jobSchema),
}
