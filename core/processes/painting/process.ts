/** The inference process: the only place where sessions live. Its host may kill it at any moment. */
import { stat } from 'node:fs/promises'
import { constants, setPriority } from 'node:os'
import { StudioError } from '../../contract/request.ts'
import { fitToMemory } from '../../engine/memory.ts'
import type { LoadOptions } from '../../engine/network.ts'
import { NetworkCache } from '../../engine/network-cache.ts'
import { type ProviderReport, selfTest } from '../../engine/self-test.ts'
import { fault, reportOf } from '../../faults/fault.ts'
import type { ModelFiles, PipelineJob } from '../../pipeline/job.ts'
import {
  MultiControlNetPipeline,
  NotFiniteError,
  type PipelineEvent,
} from '../../pipeline/multi-controlnet-pipeline.ts'
import { SDXL_PREVIEW } from '../../pipeline/preview.ts'
import { assertFinite } from '../../weights/finite.ts'
import { ModelLoader } from '../../weights/loader.ts'
import type { Model } from '../../weights/types.ts'
import type { FromInference, InferenceSettings, ToInference } from './protocol.ts'

// Its threads take every core, and the screen is drawn by the same cores: hands come before pictures.
setPriority(constants.priority.PRIORITY_BELOW_NORMAL)

const settings = JSON.parse(process.argv[2]) as InferenceSettings
const cache = new NetworkCache(settings.retention)
const loader = new ModelLoader()
const running = new Map<number, AbortController>()
/** The model that was used last; its files are looked at again each time. */
let opened: { key: string; model: Model; options: LoadOptions } | null = null

function send(message: FromInference): void {
  // Nobody reads it any more: the host has died, and so does what worked for it.
  process.send?.(message, undefined, undefined, error => error && process.exit(0))
}

async function openModel(files: ModelFiles): Promise<NonNullable<typeof opened>> {
  if (opened && opened.key === (await keyOf(files, opened.model.files))) return opened
  const previous = opened
  opened = null
  await cache.clear()
  await previous?.model.dispose()
  const model = await loader.open(files)
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

async function run(id: number, job: PipelineJob): Promise<void> {
  const controller = new AbortController()
  running.set(id, controller)
  try {
    const { key, model, options } = await openModel(job.files)
    const pipeline = new MultiControlNetPipeline(model, key, cache, options, job.preview ?? SDXL_PREVIEW)
    const onEvent = (event: PipelineEvent) => send({ kind: 'event', id, event })
    send({ kind: 'done', id, result: await pipeline.run(job, { onEvent, signal: controller.signal }) })
  } catch (error) {
    send({ kind: 'failed', id, error: report(await explain(error)) })
  } finally {
    running.delete(id)
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
  if (!(error instanceof StudioError)) console.error(error)
  return reportOf(error, 'pictureFailed')
}

/** Anything but a picture: an answer, or one clear error. */
async function answer(id: number, work: () => Promise<ProviderReport[] | null>): Promise<void> {
  try {
    send({ kind: 'done', id, result: await work() })
  } catch (error) {
    send({ kind: 'failed', id, error: report(error) })
  }
}

// Runs are queued by the host; here they only must not overlap.
let last: Promise<void> = Promise.resolve()

process.on('message', (message: ToInference) => {
  if (message.kind === 'cancel') running.get(message.id)?.abort()
  else if (message.kind === 'run') last = last.then(() => run(message.id, message.job))
  else if (message.kind === 'self-test') last = last.then(() => answer(message.id, selfTest))
  else last = last.then(() => answer(message.id, () => cache.clear().then(() => null)))
})
// Without its host nobody wants the picture.
process.on('disconnect', async () => {
  await opened?.model.dispose()
  process.exit()
})
