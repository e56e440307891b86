/**
 * The API of AUTOMATIC1111's web UI and of its ControlNet extension, as far as the request can express it.
 * Source: its modules/api/api.py and models.py; sd-webui-controlnet, scripts/api.py.
 */
import { readFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { z } from 'zod'
import type { RequestInput } from '../../contract/request.ts'
import { SAMPLER_TITLES } from '../../contract/vocabulary.ts'
import { fault, phrase, reportOf } from '../../faults/fault.ts'
import { parse } from '../../faults/parse.ts'
import type { ErrorReport } from '../../faults/studio-error.ts'
import type { PictureDetails } from '../../library/picture-index.ts'
import { type CallContext, queue, type ServiceParts } from '../service/generate.ts'
import { hintFor } from '../service/hints.ts'
import { takeLoras } from '../service/installed.ts'
import { asDataUrl } from '../service/own-request.ts'
import { headersOf, statusOf } from '../service/problem.ts'
import { controlImagesOf, detect, unitsSchema } from './a1111-control.ts'
import { infoOf } from './a1111-info.ts'
import { inpaintFields, inpaintOf } from './a1111-inpaint.ts'
import { listAt, modelTitles, samplerOf } from './a1111-lists.ts'
import { A1111_NAMES, inNamesOf } from './client-fields.ts'
import { readJsonBody, sendJson } from './http.ts'
import { lax } from './lax.ts'
import type { Masked } from './mask.ts'
import { randomSeed, readPrompt } from './word-in-prompt.ts'

const PATH = /^\/(sdapi(\/v1)?|controlnet|internal)(\/|$)/
export const isA1111Path = (path: string): boolean => PATH.test(path)

/** What is read of its many fields; the others have no meaning here and are left alone, as the web UI leaves unknown ones. */
const pictureSchema = z.looseObject({
  prompt: z.string().max(20_000).default(''),
  negative_prompt: z.string().max(20_000).nullish(),
  styles: z.array(z.string().max(100)).max(20).nullish(),
  seed: lax(z.int().min(-1).nullish()),
  steps: lax(z.int().min(1).nullish()),
  cfg_scale: lax(z.number().min(0).max(100).nullish()),
  width: lax(z.int().positive().nullish()),
  height: lax(z.int().positive().nullish()),
  sampler_name: z.string().max(100).nullish(),
  sampler_index: z.string().max(100).nullish(),
  scheduler: z.string().max(100).nullish(),
  batch_size: lax(z.int().min(1).nullish()),
  n_iter: lax(z.int().min(1).nullish()),
  denoising_strength: lax(z.number().min(0).max(1).nullish()),
  init_images: z.array(z.string()).nullish(),
  ...inpaintFields,
  override_settings: z.looseObject({ sd_model_checkpoint: z.string().max(500).nullish() }).nullish(),
  alwayson_scripts: z.looseObject({ controlnet: z.looseObject({ args: unitsSchema }).nullish() }).nullish(),
})
type PictureBody = z.infer<typeof pictureSchema>

interface Active {
  id: string
  /** The newest look at the picture, as base64 of a PNG. */
  preview: string | null
  interrupted: boolean
  /** What its prompt asked for and is not there. */
  notices: readonly string[]
}

/** As its clients read errors. */
export const a1111Error = (report: ErrorReport) => ({
  error: report.code,
  detail: `${report.message} ${hintFor(report)}`,
  body: '',
  errors: report.message,
})

export class A1111 {
  readonly #parts: ServiceParts
  /** Pictures of this API's clients that are being made or wait, in order. */
  readonly #active = new Set<Active>()
  /** Chosen with POST options; null: the settings' own. */
  #model: string | null = null

  constructor(parts: ServiceParts) {
    this.#parts = parts
  }

  async answer(request: IncomingMessage, response: ServerResponse, path: string, context: CallContext): Promise<void> {
    try {
      sendJson(response, 200, await this.#route(request, path, context))
    } catch (error) {
      const report = inNamesOf(A1111_NAMES, reportOf(error))
      const status = statusOf(report)
      sendJson(response, status, a1111Error(report), headersOf(status))
    }
  }

  async #route(request: IncomingMessage, path: string, context: CallContext): Promise<unknown> {
    const { host, own } = this.#parts
    if (request.method === 'GET') {
      if (path === '/sdapi/v1/options') return this.#options()
      if (path === '/sdapi/v1/progress') return this.#progress()
      if (path === '/sdapi/v1/memory') return { ram: await host.statistics.memoryNow(), cuda: {} }
      const list = await listAt(path, host)
      if (list !== null) return list
    }
    if (request.method === 'POST') {
      const body = () => readJsonBody(request, own.limits.body)
      if (path === '/sdapi/v1/txt2img' || path === '/sdapi/v1/img2img') {
        const read = parse(pictureSchema, await body(), phrase('theRequest'))
        return this.#paint(read, path.endsWith('img2img'), context)
      }
      if (path === '/sdapi/v1/options') return this.#setOptions(await body())
      if (path === '/sdapi/v1/interrupt' || path === '/sdapi/v1/skip') return this.#interrupt()
      if (path === '/controlnet/detect') return detect(this.#parts, await body(), context.signal)
      if (path === '/sdapi/v1/unload-checkpoint') {
        // After the picture that is being painted; the next one loads it again.
        await this.#parts.host.studio.inference.release()
        return {}
      }
      const reloads = ['refresh-checkpoints', 'refresh-loras', 'refresh-vae', 'reload-checkpoint']
      if (reloads.some(name => path === `/sdapi/v1/${name}`)) return {}
    }
    throw fault('nothingThere', { path: path.slice(0, 200) })
  }

  async #paint(body: PictureBody, fromPicture: boolean, { requestId, signal }: CallContext): Promise<unknown> {
    const { host } = this.#parts
    const { request, notices } = await this.#requestOf(body, fromPicture)
    const masked = await this.#masked(body, fromPicture)
    const active: Active = {
      id: await queue(this.#parts, request, requestId, { waits: true, ...(masked && { ours: masked.request }) }),
      preview: null,
      interrupted: false,
      notices,
    }
    this.#active.add(active)
    const stop = new AbortController()
    void this.#watch(active, stop.signal)
    try {
      await host.finished(active.id, signal).catch((error: unknown) => {
        if (!active.interrupted) throw error
      })
      const made = this.#madeBy(active.id)
      const images = await this.#encoded(made, masked)
      return { images, parameters: {}, info: JSON.stringify(infoOf(made, request, active)) }
    } finally {
      stop.abort()
      this.#active.delete(active)
    }
  }

  /** What a job has put into the library, also where it was interrupted before its end. */
  #madeBy(id: string): PictureDetails[] {
    const { host } = this.#parts
    const job = host.queue.get(id)
    return job ? host.jobs.view(job).pictures.map(picture => host.library.get(picture)) : []
  }

  #encoded(pictures: readonly PictureDetails[], masked: Masked | null): Promise<string[]> {
    const { library } = this.#parts.host
    const png = async (path: string) => (await masked?.finished(path)) ?? (await readFile(path))
    return Promise.all(pictures.map(async ({ id }) => Buffer.from(await png(library.pathOf(id))).toString('base64')))
  }

  /** @throws StudioError for a mask without a picture, or one that cannot be expressed */
  async #masked(body: PictureBody, fromPicture: boolean): Promise<Masked | null> {
    const { own } = this.#parts
    const [picture] = body.init_images ?? []
    if (!body.mask) return null
    if (!fromPicture || picture === undefined) throw fault('notWithThis', { field: 'mask' })
    return inpaintOf(own, body, await own.picture('init_images', asDataUrl('init_images', picture)))
  }

  async #watch(active: Active, signal: AbortSignal): Promise<void> {
    const { host } = this.#parts
    try {
      for await (const event of host.events(signal)) {
        if (event.kind !== 'preview' || event.jobId !== active.id) continue
        const png = await host.blobs.get(event.url.slice('/blobs/'.length, -'.png'.length))
        if (png) active.preview = Buffer.from(png).toString('base64')
      }
    } catch {
      // The signal ends it.
    }
  }

  async #requestOf(body: PictureBody, fromPicture: boolean): Promise<{ request: RequestInput; notices: string[] }> {
    const { word, prompt, loras: tags } = readPrompt(body.prompt)
    const { loras, notices } = await takeLoras(this.#parts.host.studio.dataFolder, tags)
    const sampler = this.#sampler(body)
    // Clients send the field that their user left empty; POST options reads it so too.
    const model = body.override_settings?.sd_model_checkpoint || this.#model
    const style = await this.#style(body.styles ?? [])
    const [initImage] = body.init_images ?? []
    if (fromPicture && initImage === undefined)
      throw fault('fieldWrong', { what: phrase('theRequest'), field: 'init_images', issue: 'a picture is expected' })
    const controlImages = await controlImagesOf(this.#parts, body.alwayson_scripts?.controlnet?.args ?? [], body)
    const negative = body.negative_prompt ?? ''
    const request: RequestInput = {
      word,
      seed: body.seed === undefined || body.seed === null || body.seed < 0 ? randomSeed() : body.seed,
      count: (body.batch_size ?? 1) * (body.n_iter ?? 1),
    }
    const given = {
      ...{ prompt, model, sampler, style },
      // Its prompts weigh words: (word:1.3), [word].
      promptWeights: prompt === null ? null : true,
      // Beside a prompt of the style's own, an empty one says nothing.
      negativePrompt: prompt !== null || negative !== '' ? negative : null,
      loras: loras.length ? loras : null,
      steps: body.steps,
      guidanceScale: body.cfg_scale,
      width: body.width,
      height: body.height,
      controlImages: controlImages.length ? controlImages : null,
      initImage: fromPicture && initImage !== undefined ? asDataUrl('init_images', initImage) : null,
      strength: fromPicture ? body.denoising_strength : null,
    }
    // What a client leaves out, or sends as null, is the model's and the style's own.
    for (const [field, value] of Object.entries(given))
      if (value !== null && value !== undefined) Object.assign(request, { [field]: value })
    return { request, notices }
  }

  /** @throws StudioError for a sampler that we do not have */
  #sampler({ sampler_name, sampler_index, scheduler }: PictureBody): RequestInput['sampler'] | null {
    // The web UI takes sampler_index where sampler_name is left out, and clients send both.
    const name = sampler_name ?? sampler_index
    if (!name || name.toLowerCase() === 'automatic') return null
    const sampler = samplerOf(name, scheduler)
    if (!sampler) throw fault('samplerUnknown', { sampler: name, known: Object.values(SAMPLER_TITLES).join(', ') })
    return sampler
  }

  /** Of the styles that it names, the first that is ours. */
  async #style(names: readonly string[]): Promise<string | null> {
    if (names.length === 0) return null
    const { styles } = await this.#parts.host.studio.styles.list()
    return names.find(name => styles.some(({ style }) => style.id === name)) ?? null
  }

  #options() {
    const { model } = this.#parts.host.settings.get()
    return {
      samples_format: 'png',
      sd_model_checkpoint: this.#model ?? model,
      sd_vae: 'Automatic',
      CLIP_stop_at_last_layers: 1,
    }
  }

  async #setOptions(body: unknown): Promise<null> {
    const { sd_model_checkpoint: model } = parse(
      z.looseObject({ sd_model_checkpoint: z.string().max(500).nullish() }),
      body,
      phrase('theRequest'),
    )
    if (!model) return null
    if (!(await modelTitles(this.#parts.host)).includes(model)) throw fault('modelUnknown', { model })
    this.#model = model
    return null
  }

  #progress() {
    const { host } = this.#parts
    const [active] = this.#active
    const job = active ? host.queue.get(active.id) : null
    const { done, total, secondsLeft } = job ? host.jobs.view(job).progress : { done: 0, total: 0, secondsLeft: 0 }
    return {
      progress: total > 0 ? done / total : 0,
      eta_relative: secondsLeft ?? 0,
      state: {
        ...{ skipped: false, interrupted: active?.interrupted ?? false, stopping_generation: false },
        ...{ job: active?.id ?? '', job_count: this.#active.size, job_timestamp: '', job_no: 0 },
        ...{ sampling_step: done, sampling_steps: total },
      },
      current_image: active?.preview ?? null,
      textinfo: null,
    }
  }

  /** Ends the picture that this API's clients wait for; they get what is finished. */
  #interrupt(): null {
    const [active] = this.#active
    if (!active) return null
    active.interrupted = true
    this.#parts.host.queue.cancel(active.id)
    return null
  }
}
