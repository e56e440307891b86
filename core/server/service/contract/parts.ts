/** What pictures are made of: maps, styles, fonts, models, meanings. */
import { oc } from '@orpc/contract'
import { z } from 'zod'
import { layoutSchema, requestInputSchema } from '../../../contract/request.ts'
import { LIMITS, METHODS } from '../../../contract/vocabulary.ts'
import { conditioningSchema, id, model, tag } from './values.ts'

const some = <Methods extends readonly [string, ...string[]]>(methods: Methods) =>
  z.array(z.enum(methods)).max(methods.length).optional()
const choice = z.strictObject({
  canny: some(METHODS.canny),
  depth: some(METHODS.depth),
  segmentation: some(METHODS.segmentation),
  scribble: some(METHODS.scribble),
})

export const parts = {
  maps: oc
    .route({
      method: 'POST',
      path: '/api/maps',
      summary: 'The conditioning maps of a word or composition, without a picture',
      ...tag('Parts'),
    })
    .input(
      z.strictObject({
        /** May be left out beside a composition that says its own words. */
        word: z.string().min(1).max(LIMITS.word).nullable().default(null),
        composition: requestInputSchema.shape.composition,
        width: z.int().min(64).max(2048).default(512),
        height: z.int().min(64).max(2048).default(512),
        style: id.default('comic'),
        seed: z.int().min(0).max(Number.MAX_SAFE_INTEGER).default(1),
        layout: layoutSchema.partial().default({}),
        /** Methods by map; default each map's first one. */
        methods: choice.optional(),
      }),
    )
    .output(z.object({ success: z.literal(true), conditioning_images_base64: conditioningSchema })),
  styles: oc
    .route({ method: 'GET', path: '/api/styles', summary: 'Styles', ...tag('Parts') })
    .output(z.array(z.object({ id: z.string(), name: z.string(), origin: z.enum(['built-in', 'user']) }))),
  fonts: oc.route({ method: 'GET', path: '/api/fonts', summary: 'Fonts', ...tag('Parts') }).output(
    z.array(
      z.object({
        id: z.string(),
        family: z.string(),
        source: z.enum(['bundled', 'own', 'system']),
        scripts: z.array(z.string()),
      }),
    ),
  ),
  models: oc.route({ method: 'GET', path: '/api/models', summary: 'Models', ...tag('Parts') }).output(z.array(model)),
  dictionary: oc
    .route({
      method: 'GET',
      path: '/api/dictionary/{word}',
      summary: 'Reading and meaning of a Chinese word',
      ...tag('Parts'),
    })
    .input(z.object({ word: z.string().min(1).max(LIMITS.word) }))
    .output(
      z.object({
        word: z.string(),
        pinyin: z.string().nullable(),
        meaning: z.string().nullable(),
        entries: z.array(z.looseObject({})),
        /** Why there is no entry. */
        message: z.string().nullable(),
      }),
    ),
}
