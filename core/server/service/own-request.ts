/**
 * Makes a client's request one of our own: nothing in it may name a file of the client's choosing. Models, fonts and
 * pictures are named by id or sent as bytes; paths only lead into the folder that the operator opened with --files.
 */
import { realpath } from 'node:fs/promises'
import { resolve, sep } from 'node:path'
import type { RequestInput } from '../../contract/request.ts'
import { fault } from '../../faults/fault.ts'
import { wordOf } from '../../generate/prompt-embeddings.ts'
import { listFonts } from '../../glyph/font-list.ts'
import type { StudioHost } from '../../host/studio-host.ts'
import { keepUpload, readUpload } from '../../host/uploads.ts'
import { pathFields } from '../../library/assets.ts'
import type { SetInput } from '../../sets/definition.ts'
import { findInstalled } from './installed.ts'
import { SERVICE_LIMITS, type ServiceLimits, type ServiceOptions } from './options.ts'
import { demandsOf } from './set-limits.ts'

const DATA_URL = /^data:image\/[a-z0-9.+-]{1,40};base64,/i
const PICTURE_ID = /^[a-z0-9]{12}$/
const UPLOAD_ID = /^[0-9a-f]{64}$/
/** Axes of a set's matrix that change what a file is read from. */
const NAMES_FILES =
  /^(model|controlnet|vae|loras|embeddings|latents|noise|initImage|repaint|layout|controlImages|controls|composition(\.blocks(\.\d+(\.source(\.writing)?)?)?)?)$|(image|path|mask|font)$/i

const isFont = (field: string): boolean => field.endsWith('font')
const isTensor = (field: string): boolean => field === 'latents' || field === 'noise'

export class OwnRequests {
  readonly #host: StudioHost
  readonly #files: string | null
  readonly limits: ServiceLimits

  constructor(host: StudioHost, { limits, files = null }: ServiceOptions = {}) {
    this.#host = host
    this.#files = files
    this.limits = { ...SERVICE_LIMITS, ...limits }
  }

  /** The request with paths of ours in place of ids and bytes. @throws StudioError naming the field that is not allowed */
  async request(input: RequestInput): Promise<RequestInput> {
    this.checkLimits(input)
    const own = structuredClone(input)
    // A model is left by its id, which the registry knows: the record of the picture then says it, and its speed is known.
    if (own.model !== undefined) own.model = await this.#model('model', own.model)
    for (const field of ['controlnet', 'vae'] as const) {
      const path = own[field]
      if (typeof path === 'string') own[field] = await this.#weights(field, path)
    }
    if (own.loras) {
      const paths = own.loras.map(async ({ path, weight }) => ({ path: await this.#installed('loras', path), weight }))
      own.loras = await Promise.all(paths)
    }
    if (own.embeddings) {
      const paths = own.embeddings.map(async ({ path, token }) => ({
        path: await this.#installed('embeddings', path),
        token: token ?? wordOf(path),
      }))
      own.embeddings = await Promise.all(paths)
    }
    for (const field of ['latents', 'noise'] as const)
      if (own[field] && !own[field].includes('#')) throw fault('tensorUnnamed', { reference: own[field] })
    for (const { field, path, replace } of pathFields(own))
      if (!isFont(field)) replace(await (isTensor(field) ? this.#open(field, path) : this.picture(field, path)))
    if (own.layout?.font) own.layout.font = await this.#font('layout.font', own.layout.font)
    for (const [i, { kind, source }] of own.composition?.blocks.entries() ?? [])
      if (kind === 'word' && source.writing.font)
        source.writing.font = await this.#font(`composition.blocks.${i}.source.writing.font`, source.writing.font)
    return own
  }

  /** The same of a set, whose request, variants and matrix may all name files. @throws StudioError */
  async set(input: SetInput): Promise<SetInput> {
    for (const axis of [input.matrix?.x, input.matrix?.y])
      if (axis && NAMES_FILES.test(axis.field)) throw fault('pathClosed', { field: axis.field })
    for (const demand of demandsOf(input)) this.checkLimits(demand)
    const request = await this.request(input.request ?? {})
    const variants = (input.variants ?? []).map(async ({ name, request }) => ({
      name,
      request: await this.request(request),
    }))
    return { ...input, request, variants: await Promise.all(variants) }
  }

  /**
   * The path of a picture: sent as a data URL, named by the id of the library or of an upload, or below --files.
   * @throws StudioError 'bad-image', 'bad-request'
   */
  async picture(field: string, text: string): Promise<string> {
    if (DATA_URL.test(text)) return this.#keep(field, Buffer.from(text.slice(text.indexOf(',') + 1), 'base64'))
    if (PICTURE_ID.test(text)) return this.#host.library.pathOf(text)
    if (UPLOAD_ID.test(text) && (await readUpload(this.#host.library, text)))
      return this.#host.library.assets.pathOf({ name: 'upload.png', sha256: text })
    return this.#open(field, text)
  }

  /** Keeps the bytes of a picture, without anything else that its file says. @throws StudioError 'bad-image' */
  async #keep(field: string, bytes: Uint8Array<ArrayBuffer>): Promise<string> {
    return (await keepUpload(this.#host.library, field, new Blob([bytes]), 'picture')).path
  }

  async #model(field: string, name: string): Promise<string> {
    const known = (await this.#host.studio.registry.list()).some(({ id }) => id === name)
    if (known) return name
    // What the operator has chosen is used also where it is a path.
    if (name === this.#host.settings.get().model) return name
    // A mere name is no path that was kept closed.
    if (this.#files === null && /^[\w .+-]*$/.test(name)) throw fault('modelUnknown', { model: name })
    return this.#open(field, name)
  }

  async #weights(field: string, name: string): Promise<string> {
    const known = (await this.#host.studio.registry.all()).find(({ id }) => id === name)
    if (known) return known.path
    return name === this.#host.settings.get().controlnet ? name : this.#open(field, name)
  }

  async #installed(kind: 'loras' | 'embeddings', name: string): Promise<string> {
    const found = await findInstalled(this.#host.studio.dataFolder, kind, name)
    return found?.path ?? this.#weights(kind, name)
  }

  async #font(field: string, name: string): Promise<string> {
    const wanted = name.toLowerCase()
    const known = (await listFonts()).some(
      ({ id, family }) => id.toLowerCase() === wanted || family.toLowerCase() === wanted,
    )
    if (known) return name
    // A name that is no path may still be a family's other name; a path has to be open.
    return /[/\\]|\.[a-z0-9]{3,5}$/i.test(name) ? this.#open(field, name) : name
  }

  /** Symbolic links count by where they lead. */
  async #open(field: string, name: string): Promise<string> {
    const closed = () => fault('pathClosed', { field })
    if (this.#files === null || name.includes('\0')) throw closed()
    const root = await realpath(this.#files).catch(() => null)
    const path = root && (await realpath(resolve(root, name)).catch(() => null))
    if (!root || !path?.startsWith(root + sep)) throw closed()
    return path
  }

  /** @throws StudioError 'bad-request' beyond what the operator allows */
  checkLimits({ width = 0, height = 0, count = 1, steps = 1 }: RequestInput): void {
    const { limits } = this
    const check = (field: string, value: number, most: number) => {
      if (value > most) throw fault('overLimit', { field, count: value, most })
    }
    check('count', count, limits.count)
    check('steps', steps, limits.steps)
    check('width × height', width * height, limits.pixels)
  }
}

/** Reads base64 with or without the head of a data URL, as A1111's clients send it. @throws StudioError 'bad-image' */
export function asDataUrl(field: string, text: string): string {
  if (DATA_URL.test(text)) return text
  if (!/^[A-Za-z0-9+/\s]+={0,2}$/.test(text.trimEnd())) throw fault('notBase64', { field })
  return `data:image/png;base64,${text}`
}
