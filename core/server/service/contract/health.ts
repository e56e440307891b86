/** Whether a picture can be made, and what making pictures takes. */
import { oc } from '@orpc/contract'
import { z } from 'zod'
import { durations, memory, milliseconds, queueState, tag } from './values.ts'

const detailed = z.object({
  status: z.enum(['healthy', 'degraded']),
  version: z.string(),
  uptime_s: z.number(),
  gpu_status: z.object({
    available: z.boolean(),
    provider: z.string(),
    /** null where no GPU computes pictures, or the system does not tell. */
    name: z.string().nullable(),
    memory_bytes: z.number().nullable(),
    free_bytes: z.number().nullable(),
    driver: z.string().nullable(),
    /** 0..1. */
    utilisation: z.number().nullable(),
    temperature_c: z.number().nullable(),
  }),
  service_status: z.object({
    ai_status: z.object({
      ready: z.boolean(),
      /** Why not, where it is not. */
      reason: z.string().nullable(),
      /** The same with the key of its sentence, from which other languages build their own. */
      problem: z
        .object({
          message: z.string(),
          key: z.string().optional(),
          values: z.record(z.string(), z.unknown()).optional(),
        })
        .nullable(),
      generations: z.int(),
      failures: z.int(),
      mean_time_ms: z.number().nullable(),
      p95_time_ms: z.number().nullable(),
      by_model_and_size: durations,
      models_in_memory: z.array(z.string()),
      memory,
      /** Bytes of the inference process before, after and at the peak of the last encode, load, control, step, decode. */
      operations: z.record(z.string(), z.object({ before: z.number(), after: z.number(), peak: z.number() })),
    }),
    queue: queueState,
  }),
  profile: z.string(),
  disk: z.object({ free_bytes: z.number(), total_bytes: z.number() }).nullable(),
})
export type HealthDetails = z.infer<typeof detailed>

export const health = {
  live: oc
    .route({ method: 'GET', path: '/health', summary: 'The service answers', ...tag('Health') })
    .output(z.object({ status: z.literal('healthy'), version: z.string() })),
  detailed: oc
    .route({ method: 'GET', path: '/health/detailed', summary: 'GPU, statistics, memory, disk', ...tag('Health') })
    .output(detailed),
  ready: oc
    .route({
      method: 'GET',
      path: '/health/ready',
      summary: 'A picture could be made now',
      description: '503 says which model is lacking or loading.',
      ...tag('Health'),
    })
    .output(z.object({ ready: z.literal(true), model: z.string() })),
  warmup: oc
    .route({ method: 'POST', path: '/health/warmup', summary: 'Load the default model', ...tag('Health') })
    .output(z.object({ success: z.literal(true), model: z.string(), ms: milliseconds })),
  unload: oc
    .route({
      method: 'POST',
      path: '/health/unload',
      summary: 'Give the loaded networks back, after the picture that is being made',
      description: 'The next picture loads them again.',
      ...tag('Health'),
    })
    .output(z.object({ success: z.literal(true) })),
}
