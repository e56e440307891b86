/** A picture for a client that waits, and what it gets: the picture, its maps, and how it was made. */
import { readFile } from 'node:fs/promises'
import type { Composition } from '../../contract/composition.ts'
import { largerRequest, type UpscaleMethod } from '../../contract/larger.ts'
import { DEFAULT_LAYOUT, type RequestInput } from '../../contract/request.ts'
import { MAPS, type MapName, METHODS, type Method } from '../../contract/vocabulary.ts'
import { fault } from '../../faults/fault.ts'
import { encodeFast } from '../../host/blobs.ts'
import type { StudioHost } from '../../host/studio-host.ts'
import type { PictureDetails } from '../../library/picture-index.ts'
import type { Generated } from './contract/writing.ts'
import type { OwnRequests } from './own-request.ts'

/** What is known of the call that is answered. */
export interface CallContext {
  requestId: string
  /** Aborted when the client goes away. */
  signal: AbortSignal
}

export interface ServiceParts {
  host: StudioHost
  own: OwnRequests
}

/** Pictures that were made for a call, in order, with the time that the client has waited. */
export interface Painted {
  pictures: PictureDetails[]
  ms: number
}

/**
 * Queues a picture, waits for it, and cancels it when the client goes away.
 * @param ours fields that are our own already, paths among them
 * @throws StudioError 'busy' for a full queue; whatever is wrong with the request; 'cancelled'
 */
export async function paint(
  { host, own }: ServiceParts,
  input: RequestInput,
  { requestId, signal }: CallContext,
  ours: RequestInput = {},
): Promise<Painted> {
  const start = performance.now()
  const id = await queue({ host, own }, input, requestId, { ours, waits: true })
  const job = await host.finished(id, signal)
  const ids = job.kind === 'picture' ? (job.result?.pictures ?? []) : []
  return { pictures: ids.map(picture => host.library.get(picture)), ms: Math.round(performance.now() - start) }
}

export interface QueueOptions {
  /** Fields that are our own already, paths among them. */
  ours?: RequestInput
  /** The client waits, which it would do for as long as the queue is paused. */
  waits?: boolean
}

/** @returns id of the job. @throws StudioError what is wrong with the request; 'busy' */
export async function queue(
  { host, own }: ServiceParts,
  input: RequestInput,
  requestId: string,
  { ours = {}, waits = false }: QueueOptions = {},
): Promise<string> {
  const request = { ...(await own.request(input)), ...ours }
  if (saysNothing(request)) throw fault('noWordNorPrompt')
  if (waits && host.queue.paused) throw fault('queuePaused')
  return host.orders.addPicture(request, { requestId, mostWaiting: own.limits.queue })
}

/**
 * A blank prompt, and neither a word nor a picture beside it: a client's field that was left empty. (A record may say so, and
 * is replayed.)
 */
function saysNothing({
  word,
  prompt,
  composition,
  controlImages,
  controls,
  initImage,
  latents,
}: RequestInput): boolean {
  const shown = composition ?? initImage ?? latents ?? controlImages?.[0] ?? MAPS.find(map => controls?.[map]?.image)
  return !word && prompt?.trim() === '' && !shown
}

/** Queues a larger version of a picture of the library. @throws StudioError 'bad-request', 'busy' */
export async function queueLarger(
  { host, own }: ServiceParts,
  { id, side, method }: { id: string; side: number; method: UpscaleMethod },
  requestId: string,
): Promise<string> {
  const { request: made } = host.library.get(id)
  const longest = Math.max(made.width, made.height)
  if (side <= longest) throw fault('sideNotLarger', { field: 'side', side, longest })
  const file = host.library.pathOf(id)
  const { request } = await host.library.replay(file)
  const { width, height } = made
  const larger = { ...largerRequest({ ...request, width, height }, file, { side, method }), parent: id }
  own.checkLimits(larger)
  return host.orders.addPicture(larger, { requestId, mostWaiting: own.limits.queue })
}

/** The whole answer of the Writing Service for pictures that are in the library. */
export async function generatedOf(
  { host }: ServiceParts,
  { pictures, ms }: Painted,
  requestId: string,
): Promise<Generated> {
  const [first] = pictures
  const { request, record } = first
  const files = await Promise.all(
    pictures.map(async ({ id }) => (await readFile(host.library.pathOf(id))).toString('base64')),
  )
  return {
    success: true,
    generated_image_base64: files[0],
    generated_images_base64: files.length > 1 ? files : [],
    conditioning_images_base64: await mapsOfPicture(host, first),
    prompt_used: record?.prompt ?? request.prompt ?? '',
    negative_prompt_used: record?.negativePrompt ?? request.negativePrompt,
    generation_metadata: {
      generation_time_ms: ms,
      model_used: request.model,
      controlnet_model: request.controlnet,
      seed: request.seed,
      steps: request.steps,
      sampler: request.sampler,
      provider: host.studio.inference.provider,
      profile: record?.engine?.profile ?? host.studio.inference.provider,
      legibility: first.legibility,
      timings: record?.timings ?? {},
      pictures: pictures.map(({ id }) => id),
      request_id: requestId,
    },
  }
}

/** The maps that the picture was painted from, drawn again: the same word, font and seed give the same pixels. */
async function mapsOfPicture(
  host: StudioHost,
  { request }: PictureDetails,
): Promise<Generated['conditioning_images_base64']> {
  const choices = MAPS.flatMap(map => {
    const control = request.controls?.[map]
    return control && control.image === null && control.weight > 0 ? [{ map, method: control.method as Method }] : []
  })
  if (!(request.word || request.composition) || choices.length === 0) return {}
  const { maps } = await host.studio.drawing.draw(request, choices)
  return encoded(maps)
}

export interface MapsInput {
  word: string | null
  width: number
  height: number
  style: string
  seed: number
  layout: object
  /** Blocks in place of the word alone. */
  composition?: Composition | null | undefined
  methods?: { [Map in MapName]?: readonly string[] | undefined } | undefined
}

/** Maps of a word or composition without a picture. @throws StudioError */
export async function mapsOfWord(
  host: StudioHost,
  { methods, layout, composition = null, ...word }: MapsInput,
  signal?: AbortSignal,
) {
  const choices = MAPS.flatMap(map => {
    const wanted = methods ? (methods[map] ?? []) : [METHODS[map][0]]
    return wanted.map(method => ({ map, method: method as Method }))
  })
  const written = Object.fromEntries(Object.entries(layout).filter(([, value]) => value !== undefined))
  const { maps } = await host.studio.drawing.draw(
    { ...word, composition, layout: { ...DEFAULT_LAYOUT, ...written } },
    choices,
    signal,
  )
  return encoded(maps)
}

async function encoded(
  maps: readonly { map: MapName; method: Method; image: Parameters<typeof encodeFast>[0] }[],
): Promise<Generated['conditioning_images_base64']> {
  const found: Generated['conditioning_images_base64'] = {}
  for (const { map, method, image } of maps) {
    const png = await encodeFast(image)
    found[map] = { ...found[map], [method]: png.toString('base64') }
  }
  return found
}
