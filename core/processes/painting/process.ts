/** The inference process: the only place where sessions live. Its host may kill it at any moment. */
import { stat } from 'node:fs/promises'
import { constants, setPriority } from 'node:os'
import { answer, type Context } from '../../channel/answer.ts'
import { NetworkCache } from '../../engine/network-cache.ts'
import type { LoadOptions } from '../../engine/networks.ts'
import { selfTest } from '../../engine/self-test.ts'
import { fault, reportOf } from '../../faults/fault.ts'
import { StudioError } from '../../faults/studio-error.ts'
import { SerialQueue } from '../../files/serial-queue.ts'
import type { ModelFiles, PipelineJob, PipelineResult } from '../../pipeline/job.ts'
import {
  MultiControlNetPipeline,
  NotFiniteError,
  type PipelineEvent,
} from '../../pipeline/multi-controlnet-pipeline.ts'
import { SDXL_PREVIEW } from '../../pipeline/preview.ts'
import { assertFinite } from '../../weights/finite.ts'
import { ModelLoader } from '../../weights/loader.ts'
import type { Model } from '../../weights/types.ts'
import type { InferenceCalls, InferenceSettings } from './protocol.ts'

try {
  // Below normal, so that the screen stays responsive: the same cores draw it.
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL)
} catch {
  // A system that does not allow it paints all the same.
}

const settings = JSON.parse(process.argv[2]) as InferenceSettings
const cache = new NetworkCache(settings.retention)
const loader = new ModelLoader()
/** The model that was used last; its files are looked at again each time. */
let opened: { key: string; model: Model } | null = null

async function openModel(files: ModelFiles): Promise<{ key: string; model: Model }> {
  if (opened && opened.key === (await keyOf(files, opened.model.files))) return opened
  const previous = opened
  opened = null
  await cache.clear()
  await previous?.model.dispose()
  const model = await loader.open(files)
  opened = { key: await keyOf(files, model.files), model }
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

/** A model whose weights would not fit the budget as 32-bit numbers stays mapped from its 16-bit files: slower, but it runs. */
async function loadOptions(model: Model): Promise<LoadOptions> {
  const sizes = await Promise.all(model.files.map(file => stat(file).then(info => info.size)))
  const unfolded = 2 * sizes.reduce((sum, size) => sum + size, 0)
  if (settings.load.provider !== 'cpu' || unfolded <= settings.retention.budgetBytes) return settings.load
  return { ...settings.load, prepack: false, ops: { ...settings.load.ops, weights: 'mapped' } }
}

/** Id of the call that is being painted for, one at a time; what goes wrong is logged with it. */
let requestId: string | undefined

async function paint(job: PipelineJob, { signal, emit }: Context<PipelineEvent>): Promise<PipelineResult> {
  requestId = job.requestId
  const { key, model } = await openModel(job.files)
  const pipeline = new MultiControlNetPipeline(model, key, cache, await loadOptions(model), job.preview ?? SDXL_PREVIEW)
  try {
    return await pipeline.run(job, { onEvent: emit, signal })
  } catch (error) {
    throw await explain(error)
  }
}

/** Numbers that are not finite may come from a tensor that holds some: then it is named. Reading them all is worth it only now. */
async function explain(error: unknown): Promise<unknown> {
  if (!(error instanceof NotFiniteError) || !opened) return error
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
    paint: (job, context) => queue.run(() => paint(job, context)),
    release: () => queue.run(() => cache.clear().then(() => null)),
    selfTest: () => queue.run(selfTest),
  },
  // Merged LoRA weights lie in scratch files.
  { report, orphaned: async () => opened?.model.dispose() },
)
