/** What several parts of the Writing Service tell. */
import { z } from 'zod'
import { MAPS } from '../../../contract/vocabulary.ts'

export const base64 = z.string().meta({ contentEncoding: 'base64', contentMediaType: 'image/png' })
export const isoTime = z.string().meta({ description: 'ISO 8601, UTC' })
export const id = z.string().min(1).max(100)
export const milliseconds = z.number().min(0)
export const timings = z.record(z.string(), milliseconds).meta({ description: 'Milliseconds by stage' })

export const conditioningSchema = z
  .partialRecord(z.enum(MAPS), z.record(z.string(), base64))
  .meta({ description: 'PNG files by map and method: {"canny": {"opencv_canny": "…"}}' })

export const queueState = z.object({ waiting: z.int(), running: z.int(), paused: z.boolean(), limit: z.int() })
export const durations = z.array(
  z.object({ model: z.string(), size: z.string(), count: z.int(), meanMs: z.number(), p95Ms: z.number() }),
)

export const memory = z.object({ time: isoTime, host: z.number(), inference: z.number().nullable() })
export const model = z.object({ id: z.string(), name: z.string(), builtIn: z.boolean(), present: z.boolean() })

export const tag = (name: string) => ({ tags: [name] })
