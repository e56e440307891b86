/** The inference process: the only one that holds ONNX Runtime sessions. Its host may kill it at any moment. */
import { writeFileSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { flushCompileCache } from 'node:module'
import { constants, setPriority } from 'node:os'
import { answer, type Context } from '../../channel/answer.ts'
import { createLowRankKernel } from '../../engine/low-rank.ts'
import type { LoadOptions } from '../../engine/network.ts'
import { NetworkCache } from '../../engine/network-cache.ts'
import { fault, phrase, reportOf } from '../../faults/fault.ts'
import { StudioError } from '../../faults/studio-error.ts'
import { SerialQueue } from '../../files/serial-queue.ts'
import type { Provider } from '../../graph/op-profiles.ts'
import { type Admission, admit, optionsOf, ownBytes, type Room, roomHere } from '../../machine/admission.ts'
import type { EngineUsed } from '../../machine/engine-choice.ts'
import { type PictureShape, shapeOf } from '../../machine/estimate.ts'
import { factorsFrom } from '../../machine/factors.ts'
import { GPUManager } from '../../machine/gpu/gpu-manager.ts'
import { factorsOf } from '../../machine/learn-factors.ts'
import { MemoryMonitor } from '../../machine/memory-monitor.ts'
import { readerOf } from '../../machine/providers/card-memory.ts'
import type { ModelFiles, PipelinePreparation } from '../../pipeline/job.ts'
import { familiesOf } from '../../pipeline/model-networks.ts'
import { MultiControlNetPipeline, type PipelineEvent } from '../../pipeline/multi-controlnet-pipeline.ts'
import { type LatentPreview, SDXL_PREVIEW } from '../../pipeline/preview.ts'
import { assertFinite } from '../../weights/finite.ts'
import { ModelLoader } from '../../weights/loader.ts'
import { lastingKeys, type NetworkKeys, networkKeys } from '../../weights/network-keys.ts'
import type { Model } from '../../weights/types.ts'
import type {
  EngineOrder,
  InferenceCalls,
  InferenceSettings,
  PaintReply,
  PaintRequest,
  PrepareRequest,
} from './protocol.ts'

try {
  // Where memory runs out after all, this process is the one that the system ends (Linux): not the host, nor the desktop.
  writeFileSync('/proc/self/oom_score_adj', '800')
} catch {
  // Another system, or not allowed.
}
try {
  // Run below normal priority so that the UI stays responsive.
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL)
} catch {
  // Not allowed on this system: go on at normal priority.
}

const settings = JSON.parse(process.argv[2]) as InferenceSettings
const cache = new NetworkCache(settings.retention)
/** Merging happens while no picture is made: it may have as many threads as a picture. */
const lowRank = createLowRankKernel(settings.load.threads)
const loader = new ModelLoader(lowRank.add)
/** The model that was used last, with a key that changes when its files do. */
let opened: { key: string; model: Model; keys: NetworkKeys } | null = null
/** How the networks in the cache were loaded; others are given back when it changes. */
let loadedAs = ''
const monitor = new MemoryMonitor()
/** No picture was painted here yet. */
let fresh = true
/** Asked while a card paints, by the monitor's samples: each wants an answer of its own. */
const gpus = new GPUManager({}, undefined, 0)

let watched: Provider = 'cpu'

/** The card's memory is recorded where a card computes. */
function watchCard(provider: Provider): void {
  if (provider === watched) return
  watched = provider
  monitor.readDevice = readerOf(provider, gpus)
}

async function openModel(files: ModelFiles): Promise<NonNullable<typeof opened>> {
  if (opened && opened.key === (await keyOf(files, opened.model.files))) return opened
  const previous = opened
  opened = null
  // Before the next model is merged, so that neither memory nor disk holds two.
  await cache.clear(previous ? familiesIn(lastingKeys(previous.model, previous.keys)) : [])
  await previous?.model.dispose()
  const model = await loader.open(files).finally(() => lowRank.dispose())
  const keys = await networkKeys(model)
  // A LoRA with another weight leaves what it does not touch as it is: VAE, ControlNet, often the text encoders.
  await cache.clear(familiesIn(keys))
  opened = { key: await keyOf(files, model.files), model, keys }
  decided.clear()
  return opened
}

const familiesIn = (keys: NetworkKeys): string[] => Object.values(familiesOf(keys))

/** What was decided for the opened model, by profile and size: loaded weights would count as memory that is in use. */
const decided = new Map<string, Admission>()

function decide(model: Model, job: PipelinePreparation, order: EngineOrder | undefined): Admission {
  const ladder = order?.ladder ?? [{ profile: 'cpu', settings }]
  const shape = shapeOf(job)
  const key = JSON.stringify([ladder, shape, order?.force])
  const known = decided.get(key)
  if (known) return known
  const room: Room = roomHere(order?.cardFree == null ? ownBytes() : 0)
  if (order?.cardFree != null) room.available = order.cardFree + cache.heldBytes
  const made =
    order && !order.force
      ? admit(model, order, shape, room, factorsFrom(order.factors))
      : { rung: ladder[0], options: optionsOf(model, ladder[0], room), lowered: false, estimate: null }
  decided.set(key, made)
  return made
}

/** As the denoiser was loaded for this picture: what acts in a part of the steps alone is a graph of its own. */
const loadedFor = (options: LoadOptions, { windowed }: PictureShape): LoadOptions =>
  windowed ? { ...options, ops: { ...options.ops, step: 'split' } } : options

/** Gives back what was loaded in another way. */
async function loadAs(options: LoadOptions, { retention }: InferenceSettings): Promise<void> {
  cache.policy = retention
  const wanted = JSON.stringify(options)
  if (wanted === loadedAs) return
  await cache.clear()
  loadedAs = wanted
}

/** Changes when a file of the model changes. */
async function keyOf(files: ModelFiles, opened: readonly string[]): Promise<string> {
  const stamps = await Promise.all(
    opened.map(file =>
      stat(file).then(
        info => `${info.mtimeMs}:${info.size}`,
        () => 'gone',
      ),
    ),
  )
  return JSON.stringify([files, stamps])
}

/** Id of the call that is being painted for, one at a time; what goes wrong is logged with it. */
let requestId: string | undefined

/** The job's pipeline, its networks loaded as its profile says. */
async function pipelineFor({ files, engine, ...job }: PrepareRequest, preview: LatentPreview | null) {
  const { keys, model } = await openModel(files)
  const admission = decide(model, { files, ...job }, engine)
  const { options, rung } = admission
  await loadAs(options, rung.settings)
  const pipeline = new MultiControlNetPipeline(model, keys, cache, options, preview ?? SDXL_PREVIEW, monitor)
  return { pipeline, admission }
}

async function prepare(job: PrepareRequest, { signal }: Context<never>): Promise<null> {
  const { pipeline } = await pipelineFor(job, null)
  await pipeline.prepare(job, signal)
  return null
}

async function paint(
  { engine: order, ...job }: PaintRequest,
  { signal, emit }: Context<PipelineEvent>,
): Promise<PaintReply> {
  requestId = job.requestId
  const before = monitor.count
  try {
    const { pipeline, admission } = await pipelineFor({ ...job, ...(order && { engine: order }) }, job.preview)
    const { rung, options, lowered, estimate } = admission
    watchCard(options.provider)
    const isFirst = fresh && job.count === 1
    fresh = false
    const result = await pipeline.run(job, { onEvent: emit, signal })
    // Node writes its cache of compiled scripts at the end of a process, and this one is killed.
    setImmediate(flushCompileCache)
    const engine: EngineUsed | null = order ? { provider: options.provider, profile: rung.profile } : null
    const from = order?.ladder[0].profile ?? rung.profile
    const notices = lowered ? [phrase('profileLowered', { from, to: rung.profile })] : []
    return {
      ...result,
      notices: [...result.notices, ...notices],
      engine,
      computed: { load: loadedFor(options, shapeOf(job)), tiles: result.tiles },
      measured: isFirst && estimate ? factorsOf(options, estimate, monitor.since(before)) : [],
      holding: { own: ownBytes(), networks: cache.heldBytes },
      memory: monitor.since(before),
    }
  } catch (error) {
    // What is half loaded is in the way of whatever is tried next.
    if (error instanceof StudioError && error.code === 'out-of-memory') await cache.clear()
    throw await explain(error)
  }
}

/**
 * Looks for NaN or infinity in the weights, to name the tensor in the error. Reading all weights is slow, so it is done
 * only after a failure.
 */
async function explain(error: unknown): Promise<unknown> {
  if (!(error instanceof StudioError && error.key === 'numbersNotFinite') || !opened) return error
  const { textEncoder, textEncoder2, unet, vae, controlnet } = opened.model
  try {
    for (const component of [textEncoder, textEncoder2, unet, vae, controlnet])
      if (component) await assertFinite(component)
    return error
  } catch (named) {
    return named
  }
}

function report(error: unknown) {
  if (error instanceof RangeError && /allocation/i.test(error.message)) return fault('memoryShort').report()
  // The stack goes to the host's log; the user reads one sentence.
  if (!(error instanceof StudioError)) console.error(...(requestId ? [`request ${requestId}:`] : []), error)
  return reportOf(error, 'pictureFailed')
}

// The host sends one call at a time; this only makes sure that none overlap.
const queue = new SerialQueue()

answer<InferenceCalls>(
  {
    prepare: (job, context) => queue.run(() => prepare(job, context)),
    paint: (job, context) => queue.run(() => paint(job, context)),
    release: () => queue.run(() => cache.clear().then(() => null)),
  },
  // Deletes the scratch files of merged LoRA weights.
  { report, orphaned: async () => opened?.model.dispose() },
)
