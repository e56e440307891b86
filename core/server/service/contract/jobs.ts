/** Pictures that are made later, and their events. */
import { eventIterator, oc } from '@orpc/contract'
import { z } from 'zod'
import { requestInputSchema } from '../../../contract/request.ts'
import { ERROR_CODES } from '../../../faults/studio-error.ts'
import { base64, id, isoTime, tag } from './values.ts'
import { generated } from './writing.ts'

const errorReport = z.object({ code: z.enum(ERROR_CODES), message: z.string(), hint: z.string() })

export const jobSchema = z.object({
  id,
  kind: z.enum(['picture', 'set']),
  state: z.enum(['waiting', 'running', 'done', 'failed', 'cancelled']),
  title: z.string(),
  progress: z.object({ done: z.number(), total: z.number(), secondsLeft: z.number().nullable() }),
  error: errorReport.nullable(),
  /** Ids of the pictures made so far. */
  pictures: z.array(z.string()),
  createdAt: isoTime,
})
export type ServiceJob = z.infer<typeof jobSchema>

export const jobEventSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('job'), job: jobSchema }),
  z.object({
    kind: z.literal('preview'),
    /** How the picture looks by now: a PNG file. */
    image_base64: base64,
    step: z.int(),
    steps: z.int(),
    image: z.int(),
    images: z.int(),
  }),
])
export type JobEvent = z.infer<typeof jobEventSchema>

export const jobs = {
  create: oc
    .route({
      method: 'POST',
      path: '/api/jobs',
      summary: 'Paint a word later',
      successStatus: 202,
      ...tag('Jobs'),
    })
    .input(requestInputSchema)
    .output(jobSchema),
  list: oc
    .route({ method: 'GET', path: '/api/jobs', summary: 'All jobs, the running one first', ...tag('Jobs') })
    .output(z.array(jobSchema)),
  get: oc
    .route({ method: 'GET', path: '/api/jobs/{id}', summary: 'One job', ...tag('Jobs') })
    .input(z.object({ id }))
    .output(jobSchema),
  events: oc
    .route({
      method: 'GET',
      path: '/api/jobs/{id}/events',
      summary: 'Follow a job to its end, with previews',
      ...tag('Jobs'),
    })
    .input(z.object({ id }))
    .output(eventIterator(jobEventSchema)),
  cancel: oc
    .route({ method: 'POST', path: '/api/jobs/{id}/cancel', summary: 'Cancel a job', ...tag('Jobs') })
    .input(z.object({ id }))
    .output(jobSchema),
  result: oc
    .route({
      method: 'GET',
      path: '/api/jobs/{id}/result',
      summary: 'What a job of pictures has made',
      description:
        '409 while it is not done, and where it has failed or was cancelled. The result of an image set is at /api/sets/{id}.',
      ...tag('Jobs'),
    })
    .input(z.object({ id }))
    .output(generated),
}
