/** The images API that OpenAI's clients and their like speak: /v1/images/generations, /v1/images/edits, /v1/models. */
import { readFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import sharp from 'sharp'
import { z } from 'zod'
import { type RequestInput, requestInputSchema } from '../../contract/request.ts'
import { fault, phrase, reportOf } from '../../faults/fault.ts'
import { parse } from '../../faults/parse.ts'
import { expectations } from '../../faults/phrases.ts'
import type { ErrorReport } from '../../faults/studio-error.ts'
import type { PictureDetails } from '../../library/picture-index.ts'
import { type CallContext, paint, type ServiceParts } from '../service/generate.ts'
import { takeLoras } from '../service/installed.ts'
import { headersOf, problemOf, statusOf } from '../service/problem.ts'
import { inNamesOf, OPENAI_NAMES, openAiParam } from './client-fields.ts'
import { readForm, readJsonBody, sendJson } from './http.ts'
import { type Masked, masked } from './mask.ts'
import { randomSeed, readPrompt } from './word-in-prompt.ts'

export const isOpenAiPath = (path: string): boolean => path === '/v1' || path.startsWith('/v1/')

/** GET, POST or none. */
export function openAiMethods(path: string): string[] {
  if (path === '/v1/models' || path.startsWith('/v1/models/')) return ['GET']
  return path === '/v1/images/generations' || path === '/v1/images/edits' ? ['POST'] : []
}

const FORMATS = ['png', 'webp', 'jpeg'] as const

const { word, translation, controls, layout, composition, steps, sampler, guidanceScale, seed, negativePrompt } =
  requestInputSchema.shape

/** What it takes of OpenAI's fields, and of ours, which openai's `extra_body` sends. What else clients send is left alone. */
const generationSchema = z.looseObject({
  prompt: z.string().max(20_000),
  model: z.string().max(500).nullish(),
  n: z.int().min(1).nullish(),
  size: z.union([z.literal('auto'), z.string().regex(/^\d{1,5}x\d{1,5}$/, expectations.sizeExpected())]).nullish(),
  response_format: z.enum(['b64_json', 'url']).nullish(),
  output_format: z.enum(FORMATS).nullish(),
  output_compression: z.int().min(0).max(100).nullish(),
  stream: z.boolean().nullish(),
  style: z.string().max(100).nullish(),
  strength: z.number().min(0).max(1).nullish(),
  ...{ word, translation, controls, layout, composition, steps, sampler, guidanceScale, seed, negativePrompt },
})
type Generation = z.infer<typeof generationSchema>

/** Fields of ours that pass through as they are. */
const OURS = [
  'translation',
  'controls',
  'layout',
  'composition',
  'steps',
  'sampler',
  'guidanceScale',
  'negativePrompt',
] as const
/** What is painted behind a mask may become something else. */
const MASKED_STRENGTH = 0.8
/** How far what is painted anew fades into what stays, pixels. */
const MASKED_EDGE = 3

/** OpenAI's own two values of "style" are none of our styles. */
const THEIR_STYLES = ['vivid', 'natural']

export class OpenAi {
  readonly #parts: ServiceParts

  constructor(parts: ServiceParts) {
    this.#parts = parts
  }

  async answer(request: IncomingMessage, response: ServerResponse, path: string, context: CallContext): Promise<void> {
    try {
      sendJson(response, 200, await this.#route(request, path, context))
    } catch (error) {
      const report = inNamesOf(OPENAI_NAMES, reportOf(error))
      const status = report.key === 'modelUnknown' || report.key === 'pathClosed' ? 404 : statusOf(report)
      sendJson(response, status, openAiError(report, status), headersOf(status))
    }
  }

  async #route(request: IncomingMessage, path: string, context: CallContext): Promise<unknown> {
    const { limits } = this.#parts.own
    const method = request.method ?? ''
    const host = request.headers.host ?? ''
    if (method === 'GET' && path === '/v1/models') return { object: 'list', data: await this.#models() }
    if (method === 'GET' && path.startsWith('/v1/models/')) return this.#model(path.slice('/v1/models/'.length))
    if (path === '/v1/images/generations' && method === 'POST') {
      const body = parse(generationSchema, await readJsonBody(request, limits.body), phrase('theRequest'))
      return this.#paint(body, {}, host, context)
    }
    if (path === '/v1/images/edits' && method === 'POST')
      return this.#edit(await readForm(request, limits.body, 'image'), host, context)
    throw fault('nothingThere', { path: path.slice(0, 200) })
  }

  async #edit(form: FormData, host: string, context: CallContext): Promise<unknown> {
    const pictures = [...form.getAll('image'), ...form.getAll('image[]')]
    const [picture] = pictures
    if (pictures.length !== 1 || typeof picture === 'string')
      throw fault('fieldWrong', { what: phrase('theRequest'), field: 'image', issue: 'exactly one file is expected' })
    const fields = Object.fromEntries(
      [...form]
        .filter(([name, value]) => typeof value === 'string' && !name.startsWith('image'))
        .map(([name, value]) => [name, typed(name, String(value))]),
    )
    const body = parse(generationSchema, fields, phrase('theRequest'))
    const bytes = Buffer.from(await picture.arrayBuffer())
    const initImage = await this.#parts.own.picture('image', `data:image/png;base64,${bytes.toString('base64')}`)
    const mask = await maskOf(form.get('mask'))
    const over = mask ? (await this.#masked(initImage, mask)).request : { initImage }
    const strength = body.strength ?? (mask ? MASKED_STRENGTH : undefined)
    return this.#paint(body, { ...over, ...(strength !== undefined && { strength }) }, host, context)
  }

  /** Where the mask is transparent the picture is painted anew; everything else stays to the last bit. */
  #masked(picture: string, mask: Uint8Array): Promise<Masked> {
    return masked(this.#parts.own, {
      ...{ picture, mask, open: 'transparent', invert: false, fill: false, closeUp: null },
      ...{ edge: MASKED_EDGE, place: 'within' },
    })
  }

  async #paint(body: Generation, more: RequestInput, host: string, context: CallContext): Promise<unknown> {
    if (body.stream) throw fault('notWithThis', { field: 'stream' })
    const { request, notices } = await this.#requestOf(body)
    const { pictures } = await paint(this.#parts, request, context, more)
    const data = pictures.map(async picture => {
      const revised_prompt = picture.record?.prompt ?? ''
      if (body.response_format === 'url')
        return { url: `http://${host}/api/pictures/${picture.id}/file`, revised_prompt }
      return { b64_json: (await this.#encoded(picture, body)).toString('base64'), revised_prompt }
    })
    const answer = { created: Math.floor(Date.now() / 1000), data: await Promise.all(data) }
    // Not OpenAI's; its clients leave it alone.
    return notices.length > 0 ? { ...answer, notices } : answer
  }

  async #requestOf(body: Generation): Promise<{ request: RequestInput; notices: string[] }> {
    const { registry, dataFolder } = this.#parts.host.studio
    const read = readPrompt(body.prompt)
    const { loras, notices } = await takeLoras(dataFolder, read.loras)
    const request: RequestInput = { seed: body.seed ?? randomSeed(), count: body.n ?? 1 }
    for (const field of OURS) if (body[field] !== undefined) Object.assign(request, { [field]: body[field] })
    request.word = body.word ?? read.word
    // A word of its own field leaves the prompt as it is written.
    const prompt = body.word ? body.prompt.trim() || null : read.prompt
    if (prompt !== null) request.prompt = prompt
    const [width, height] = (body.size ?? 'auto').split('x').map(Number)
    if (height !== undefined) Object.assign(request, { width, height })
    if (body.style && !THEIR_STYLES.includes(body.style)) request.style = body.style
    if (loras.length > 0) request.loras = loras
    if (!body.model) return { request, notices }
    const known = (await registry.list()).some(({ id }) => id === body.model)
    const at = known ? -1 : body.model.indexOf('/')
    request.model = at < 0 ? body.model : body.model.slice(0, at)
    if (at >= 0) request.style = body.model.slice(at + 1)
    return { request, notices }
  }

  async #encoded(
    { id }: PictureDetails,
    { output_format: format, output_compression: quality }: Generation,
  ): Promise<Buffer> {
    const path = this.#parts.host.library.pathOf(id)
    if (!format || format === 'png') return readFile(path)
    return sharp(path)
      .toFormat(format, { quality: Math.max(1, quality ?? 95) })
      .toBuffer()
  }

  /** Each model by itself and with each style: programs let their users choose from this list. */
  async #models() {
    const { studio } = this.#parts.host
    const [models, { styles }] = await Promise.all([studio.registry.list(), studio.styles.list()])
    const ids = models
      .filter(({ present }) => present)
      .flatMap(({ id }) => [id, ...styles.map(({ style }) => `${id}/${style.id}`)])
    return ids.map(id => ({ id, object: 'model', created: 0, owned_by: 'zihua' }))
  }

  async #model(name: string) {
    const found = (await this.#models()).find(({ id }) => id === decoded(name))
    if (!found) throw fault('modelUnknown', { model: name.slice(0, 200) })
    return found
  }
}

/** @returns null where there is none. @throws StudioError 'bad-request' */
async function maskOf(field: File | string | null): Promise<Uint8Array | null> {
  if (field === null) return null
  if (typeof field === 'string')
    throw fault('fieldWrong', { what: phrase('theRequest'), field: 'mask', issue: 'a file is expected' })
  return new Uint8Array(await field.arrayBuffer())
}

/** Fields of a form are texts; the numbers and objects among ours are written as JSON. */
const AS_JSON = new Set([
  ...['n', 'seed', 'steps', 'guidanceScale', 'strength', 'output_compression', 'stream'],
  ...['controls', 'layout', 'composition'],
])

function typed(name: string, text: string): unknown {
  if (!AS_JSON.has(name)) return text
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** As OpenAI's clients read errors. */
export function openAiError(report: ErrorReport, status: number) {
  const { field, detail, hint } = problemOf(report, status)
  const type =
    status === 401
      ? 'authentication_error'
      : status >= 500
        ? 'server_error'
        : status === 429
          ? 'rate_limit_error'
          : 'invalid_request_error'
  return {
    error: {
      message: `${detail} ${hint}`,
      type,
      param: openAiParam(field),
      code: status === 404 ? 'not_found' : report.code,
    },
  }
}
