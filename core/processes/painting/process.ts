/** The inference process: the only one that holds ONNX Runtime sessions. Its host may kill it at any moment. */
import { stat } from 'node:fs/promises'
import { flushCompileCache } from 'node:module'
import { constants, setPriority } from 'node:os'
import { answer, type Context } from '../../channel/answer.ts'
import { createLowRankKernel } from '../../engine/low-rank.ts'
import { fitToMemory } from '../../engine/memory.ts'
import type { LoadOptions } from '../../engine/network.ts'
import { NetworkCache } from '../../engine/network-cache.ts'
import { selfTest } from '../../engine/self-test.ts'
import { fault, reportOf } from '../../faults/fault.ts'
import { StudioError } from '../../faults/studio-error.ts'
import { SerialQueue } from '../../files/serial-queue.ts'
import type { ModelFiles, PipelineJob, PipelinePreparation, PipelineResult } from '../../pipeline/job.ts'
import { MultiControlNetPipeline, type PipelineEvent } from '../../pipeline/multi-controlnet-pipeline.ts'
import { SDXL_PREVIEW } from '../../pipeline/preview.ts'
import { assertFinite } from '../../weights/finite.ts'
import { ModelLoader } from '../../weights/loader.ts'
import type { Model } from '../../weights/types.ts'
import type { InferenceCalls, InferenceSettings } from './protocol.ts'

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
let opened: { key: string; model: Model; options: LoadOptions } | null = null

async function openModel(files: ModelFiles): Promise<NonNullable<typeof opened>> {
  if (opened && opened.key === (await keyOf(files, opened.model.files))) return opened
  const previous = opened
  opened = null
  await cache.clear()
  await previous?.model.dispose()
  const model = await loader.open(files).finally(() => lowRank.dispose())
  // Once a model, while none of its weights is loaded yet: they would count as memory that is in use.
  const options = fitToMemory(model, settings.load, settings.retention.budgetBytes)
  opened = { key: await keyOf(files, model.files), model, options }
  return opened
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

async function pipelineFor(files: ModelFiles, preview: PipelineJob['preview']): Promise<MultiControlNetPipeline> {
  const { key, model, options } = await openModel(files)
  return new MultiControlNetPipeline(model, key, cache, options, preview ?? SDXL_PREVIEW)
}

async function prepare(job: PipelinePreparation, { signal }: Context<never>): Promise<null> {
  const pipeline = await pipelineFor(job.files, null)
  await pipeline.prepare(job, signal)
  return null
}

async function paint(job: PipelineJob, { signal, emit }: Context<PipelineEvent>): Promise<PipelineResult> {
  requestId = job.requestId
  const pipeline = await pipelineFor(job.files, job.preview)
  try {
    const result = await pipeline.run(job, { onEvent: emit, signal })
    // Node writes its cache of compiled scripts at the end of a process, and this one is killed.
    setImmediate(flushCompileCache)
    return result
  } catch (error) {
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
    selfTest: () => queue.run(selfTest),
  },
  // Deletes the scratch files of merged LoRA weights.
  { report, orphaned: async () => opened?.model.dispose() },
)
