/** The machine as the settings show it, and what a picture would take of its memory. */
import { memoryWishes, type RequestInput } from '../contract/request.ts'
import { diskOf } from '../files/disk.ts'
import type { Studio } from '../generate/studio.ts'
import { expectedTime } from '../library/expected-time.ts'
import type { Library } from '../library/library.ts'
import { ownBytesOf } from '../machine/admission.ts'
import type { MachineView, PictureEstimate } from './api/machine.ts'

/** @param model the settings' model, whose measured steps are of interest */
export async function machineView(
  { machine, inference, registry, dataFolder }: Studio,
  model: string,
): Promise<MachineView> {
  const path = await registry.resolve(model, dataFolder).catch(() => model)
  const [status, providers, choice, disk] = await Promise.all([
    machine.status(),
    machine.providers(path),
    machine.choose(),
    diskOf(dataFolder),
  ])
  return {
    status,
    providers,
    provider: choice.provider,
    profile: choice.ladder[0].profile,
    fixed: choice.fixed,
    inference: bytesOf(inference.pids),
    operations: inference.memory,
    disk,
  }
}

/** @throws StudioError as Machine.estimate() and AIImageGenerator.complete() */
export async function pictureEstimate(
  { machine, inference, generator, dataFolder }: Studio,
  { index }: Library,
  input: RequestInput,
  signal?: AbortSignal,
): Promise<PictureEstimate | null> {
  const request = await generator.complete(input, dataFolder)
  const { pids } = inference
  const { profile } = memoryWishes(input)
  const sizing = await generator.sizing(request, dataFolder)
  const how = { pids, ...(profile && { profile }), ...(signal && { signal }) }
  const estimate = await machine.estimate(sizing, how)
  const milliseconds = expectedTime(request, index.speeds.timed(request.model))
  return estimate && { ...estimate, milliseconds, others: Math.max(0, estimate.total - estimate.available) }
}

function bytesOf(pids: readonly number[]): number | null {
  const sizes = pids.map(ownBytesOf)
  return sizes.every(size => size !== null) ? sizes.reduce((sum, size) => sum + size, 0) : null
}
