/**
 * The Writing Service: what programs may ask of the studio over HTTP. OpenAPI 3.1 and the router are both made from this.
 * Pictures travel as base64 of PNG files, or are fetched by id; nothing here takes a path (own-request.ts).
 */
import { eventIterator, oc } from '@orpc/contract'
import { z } from 'zod'
import { LARGER_SIDE, UPSCALE_METHODS } from '../../contract/larger.ts'
import { layoutSchema, requestInputSchema, requestSchema } from '../../contract/request.ts'
import { LIMITS, MAPS, METHODS } from '../../contract/vocabulary.ts'
import { ERROR_CODES } from '../../faults/studio-error.ts'
import { setSchema } from '../../sets/definition.ts'

const base64 = z.string().meta({ contentEncoding: 'base64', contentMediaType: 'image/png' })
const isoTime = z.string().meta({ description: 'ISO 8601, UTC' })
const id = z.string().min(1).max(100)
const milliseconds = z.number().min(0)
const timings = z.record(z.string(), milliseconds).meta({ description: 'Milliseconds by stage' })
const errorReport = z.object({ code: z.enum(ERROR_CODES), message: z.string(), hint: z.string() })

export const conditioningSchema = z
  .partialRecord(z.enum(MAPS), z.record(z.string(), base64))
  .meta({ description: 'PNG files by map and method: {"canny": {"opencv_canny": "…"}}' })

// ------------------------------------------------------------------------------------------------------ Writing Service

const generated = z.object({
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

const queueState = z.object({ waiting: z.int(), running: z.int(), paused: z.boolean(), limit: z.int() })
const durations = z.array(
  z.object({ model: z.string(), size: z.string(), count: z.int(), meanMs: z.number(), p95Ms: z.number() }),
)
const memory = z.object({ time: isoTime, host: z.number(), inference: z.number().nullable() })
const model = z.object({ id: z.string(), name: z.string(), builtIn: z.boolean(), present: z.boolean() })

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

const tag = (name: string) => ({ tags: [name] })

const writing = {
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

const health = {
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

// ----------------------------------------------------------------------------------------------------------------- jobs

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

const jobs = {
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

// --------------------------------------------------------------------------------------------- what pictures are made of

const some = <Methods extends readonly [string, ...string[]]>(methods: Methods) =>
  z.array(z.enum(methods)).max(methods.length).optional()
const choice = z.strictObject({
  canny: some(METHODS.canny),
  depth: some(METHODS.depth),
  segmentation: some(METHODS.segmentation),
  scribble: some(METHODS.scribble),
})

const parts = {
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

// ------------------------------------------------------------------------------------------------------------ image sets

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

const sets = {
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

// -------------------------------------------------------------------------------------------------------------- pictures

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

const pictures = {
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

export const serviceContract = { writing, health, jobs, parts, sets, pictures }
