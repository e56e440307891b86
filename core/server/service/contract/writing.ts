/** A word's picture at once, and what the service has to paint it with. */
import { oc } from '@orpc/contract'
import { z } from 'zod'
import { requestInputSchema } from '../../../contract/request.ts'
import {
  base64,
  conditioningSchema,
  durations,
  isoTime,
  memory,
  milliseconds,
  model,
  queueState,
  tag,
  timings,
} from './values.ts'

export const generated = z.object({
  success: z.literal(true),
  generated_image_base64: base64,
  /** Where the count is more than one: all of them. */
  generated_images_base64: z.array(base64),
  conditioning_images_base64: conditioningSchema,
  prompt_used: z.string(),
  negative_prompt_used: z.string().nullable(),
  generation_metadata: z.object({
    generation_time_ms: milliseconds,
    model_used: z.string(),
    controlnet_model: z.string().nullable(),
    seed: z.int(),
    steps: z.int(),
    sampler: z.string(),
    /** What computes the networks: "cpu", "cuda" … */
    provider: z.string(),
    /** The memory profile that was painted with. */
    profile: z.string(),
    legibility: z.number().nullable(),
    timings,
    /** Ids in the library. */
    pictures: z.array(z.string()),
    request_id: z.string(),
  }),
})
export type Generated = z.infer<typeof generated>

const statusSchema = z.object({
  version: z.string(),
  models: z.array(model.extend({ in_memory: z.boolean(), default: z.boolean() })),
  queue: queueState,
  statistics: z.object({ generations: z.int(), failures: z.int(), durations }),
  recent: z.array(
    z.object({
      id: z.string(),
      word: z.string().nullable(),
      style: z.string(),
      created: isoTime,
      legibility: z.number().nullable(),
      timings,
    }),
  ),
  memory_curve: z.array(memory),
})
export type ServiceStatus = z.infer<typeof statusSchema>

export const writing = {
  generate: oc
    .route({
      method: 'POST',
      path: '/api/writing/generate-writing-image',
      summary: 'Paint a word, and wait for the picture',
      description: 'A client that goes away cancels its picture. Use POST /api/jobs for one that is fetched later.',
      ...tag('Writing Service'),
    })
    .input(requestInputSchema)
    .output(generated),
  status: oc
    .route({
      method: 'GET',
      path: '/api/writing/status',
      summary: 'Models, queue, statistics',
      ...tag('Writing Service'),
    })
    .output(statusSchema),
}
