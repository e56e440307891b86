/** Networks that maps are made with, as weights of a task: named by hash like a model's, whatever folder they lie in. */
import { readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import {
  AI_MODELS,
  type AiModelId,
  defaultModelsFolder,
  findModel,
  networkTaskOf,
} from '../conditioning/ai/ai-models.ts'
import type { Request } from '../contract/request.ts'
import type { HashCache } from '../files/hashes.ts'
import { drawnMaps } from '../generate/planned-controls.ts'
import type { MapNetworks } from '../generate/word-maps.ts'
import type { TaskWeights } from './task.ts'

const SHA256 = /^[0-9a-f]{64}$/

const isKnown = (id: string): id is AiModelId => Object.hasOwn(AI_MODELS, id)

/** Sorted by name, as their hash wants them. */
const filesOf = (id: AiModelId): string[] => [...AI_MODELS[id].files].sort()

/**
 * The networks that a request's maps are made with on this machine.
 * @throws StudioError missing-model where one is not installed
 */
export async function preprocessorsOf(
  request: Pick<Request, 'controls'>,
  hashes: HashCache,
  folder: string = defaultModelsFolder(),
): Promise<TaskWeights[]> {
  const found: TaskWeights[] = []
  for (const { method } of drawnMaps(request)) {
    const task = networkTaskOf(method)
    if (!task) continue
    const { id, paths } = await findModel(task, undefined, folder)
    const tree = await hashes.named(dirname(paths[0]), filesOf(id))
    found.push({ role: 'preprocessor', name: id, folder: true, ...tree })
  }
  return found
}

/**
 * Folders of preprocessors in a folder of models: called by their id, or by the hash of what was copied.
 * @returns each with the files that count
 */
export async function preprocessorsIn(folder: string): Promise<{ path: string; files: string[] }[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const found: { path: string; files: string[] }[] = []
  for (const { name } of entries) {
    const there = new Set(await readdir(join(folder, name)).catch(() => []))
    const ids = isKnown(name) ? [name] : SHA256.test(name) ? (Object.keys(AI_MODELS) as AiModelId[]) : []
    const id = ids.find(each => AI_MODELS[each].files.every(file => there.has(file)))
    if (id) found.push({ path: join(folder, name), files: filesOf(id) })
  }
  return found
}

/** How the maps of a task are drawn with its own networks. @param placeOf the folder of weights, by hash */
export function networksFor(weights: readonly TaskWeights[], placeOf: (sha256: string) => string): MapNetworks {
  const networks: MapNetworks = {}
  for (const { role, name: id, sha256 } of weights) {
    if (role !== 'preprocessor' || !isKnown(id)) continue
    const { task, files } = AI_MODELS[id]
    const model = { id, paths: files.map(file => join(placeOf(sha256), file)) }
    networks[task === 'depth' ? 'depthModel' : 'segmentModel'] = model
  }
  return networks
}
