/** Image sets. */
import { oc } from '@orpc/contract'
import { z } from 'zod'
import { setSchema } from '../../../sets/definition.ts'
import { jobSchema } from './jobs.ts'
import { id, tag } from './values.ts'

const setView = z.object({
  id,
  state: jobSchema.shape.state,
  name: z.string(),
  total: z.int(),
  made: z.int(),
  failed: z.int(),
  /** The newest first. */
  pictures: z.array(
    z.object({
      index: z.int(),
      word: z.string(),
      style: z.string(),
      seed: z.int(),
      legibility: z.number().nullable(),
      file: z.string(),
    }),
  ),
  failures: z.array(z.object({ index: z.int(), word: z.string(), message: z.string() })),
})

export const sets = {
  start: oc
    .route({
      method: 'POST',
      path: '/api/sets',
      summary: 'Make an image set',
      successStatus: 202,
      ...tag('Image sets'),
    })
    .input(setSchema)
    .output(jobSchema),
  list: oc
    .route({ method: 'GET', path: '/api/sets', summary: 'Image sets', ...tag('Image sets') })
    .output(z.array(jobSchema)),
  get: oc
    .route({ method: 'GET', path: '/api/sets/{id}', summary: 'How far a set is', ...tag('Image sets') })
    .input(z.object({ id }))
    .output(setView),
  resume: oc
    .route({ method: 'POST', path: '/api/sets/{id}/resume', summary: 'Make what a set lacks', ...tag('Image sets') })
    .input(z.strictObject({ id, only: z.enum(['all', 'failed']).default('all') }))
    .output(jobSchema),
  file: oc
    .route({
      method: 'GET',
      path: '/api/sets/{id}/files/{+file}',
      summary: 'A file of a set',
      description:
        'Pictures as soon as they are made. Of a finished set everything that its set.json names: pictures in each format, maps, set.json, set.csv, contact-sheet.pdf, contact-sheet-01.png and so on, grid-01.png and so on of a matrix, NAME.apkg of a "deck", NAME-cards.pdf of "cards".',
      ...tag('Image sets'),
    })
    .input(z.object({ id, file: z.string().min(1).max(1000) }))
    .output(z.file()),
  zip: oc
    .route({
      method: 'GET',
      path: '/api/sets/{id}/zip',
      summary: 'A finished set as ZIP',
      description: 'Only of a set that was sent with "zip": true; 404 for another one, 409 before its end.',
      ...tag('Image sets'),
    })
    .input(z.object({ id }))
    .output(z.file()),
}
