/** A complete request → a task: files named by hash instead of by path. */
import { stat } from 'node:fs/promises'
import { basename, extname, isAbsolute, resolve } from 'node:path'
import type { Request } from '../contract/request.ts'
import type { Sameness } from '../contract/vocabulary.ts'
import { fault } from '../faults/fault.ts'
import type { HashCache } from '../files/hashes.ts'
import type { AIImageGenerator } from '../generate/ai-image-generator.ts'
import { bundledFont, locate } from '../glyph/fonts.ts'
import { pathFields } from '../library/assets.ts'
import { weightPaths } from '../library/record.ts'
import type { ModelFiles } from '../pipeline/job.ts'
import { ENGINE, type Fingerprint } from '../processes/painting/fingerprint.ts'
import { preprocessorsOf } from './preprocessors.ts'
import { kindId16, type Task, type TaskAsset, type TaskWeights, taskId } from './task.ts'

export interface TaskSource {
  set: string
  base: string
  same: Sameness
  made: Fingerprint
  generator: Pick<AIImageGenerator, 'describe'>
  hashes: HashCache
  /** Weights that were looked at a moment ago, for the many tasks of one set. */
  recent: RecentWeights
  /** Where the networks that maps are made with lie; default: models/ in the data folder. */
  modelsFolder?: string | undefined
}

export interface DescribedTask {
  task: Task
  files: ModelFiles
  /** Where the task's other files lie on this machine, by hash. */
  assets: ReadonlyMap<string, string>
}

/** Weights are looked at again after so long: files of a model seldom change while a set is made, and workers check them too. */
const RECENT_MS = 5000

/** A model folder has a hundred files to look at, and a set thousands of tasks. */
export class RecentWeights {
  readonly #found = new Map<string, { at: number; weights: Promise<TaskWeights[]> }>()

  get(files: ModelFiles, hashes: HashCache): Promise<TaskWeights[]> {
    const key = JSON.stringify(weightPaths(files))
    const known = this.#found.get(key)
    if (known && performance.now() - known.at < RECENT_MS) return known.weights
    const weights = weightsOf(files, hashes)
    this.#found.set(key, { at: performance.now(), weights })
    weights.catch(() => this.#found.delete(key))
    return weights
  }
}

/** How a task names a file that travels. */
export const assetName = ({ sha256, name }: Pick<TaskAsset, 'sha256' | 'name'>): string =>
  `asset:${sha256}${extname(name).toLowerCase()}`
export const weightsName = (sha256: string): string => `sha256:${sha256}`

/** @throws StudioError as the generator does; 'missing-model' and 'bad-request' for files that cannot be read */
export async function describeTask(request: Request, source: TaskSource): Promise<DescribedTask> {
  const { set, base, same, made, generator, hashes, recent, modelsFolder } = source
  const { style, files, prompts } = await generator.describe(request, base)
  const weights = [...(await recent.get(files, hashes)), ...(await preprocessorsOf(request, hashes, modelsFolder))]
  const named = structuredClone(request)
  for (const writing of writingsOf(named)) await fontAsFile(writing)
  const paths = new Map<string, string>()
  const assets: TaskAsset[] = []
  for (const { field, path, replace } of pathFields(named)) {
    const from = isAbsolute(path) ? path : resolve(base, path)
    const { sha256: hash } = await hashes.file(from).catch(cause => {
      throw fault('fieldUnreadable', { field, path: from }, { cause })
    })
    const asset = { field, name: basename(path), sha256: hash }
    replace(assetName(asset))
    assets.push(asset)
    paths.set(hash, from)
  }
  const of = (role: TaskWeights['role']) => weights.filter(each => each.role === role)
  const nameOf = (role: TaskWeights['role']) => {
    const [first] = of(role)
    return first ? weightsName(first.sha256) : null
  }
  const loras = of('lora').map(({ sha256 }, i) => ({ ...named.loras[i]!, path: weightsName(sha256) }))
  const embeddings = of('embedding').map(({ sha256 }, i) => ({ ...named.embeddings![i]!, path: weightsName(sha256) }))
  const spelled: Request = {
    ...named,
    ...{ model: nameOf('model')!, controlnet: nameOf('controlnet'), vae: nameOf('vae'), loras, count: 1 },
    ...(embeddings.length > 0 && { embeddings }),
  }
  const about = { request: spelled, prompts, style, weights, assets }
  const kind = kindId16(weights, ENGINE, same, made.fingerprint)
  return { task: { zihuaTask: 1, set, kind, id: taskId(about, ENGINE), ...about }, files, assets: paths }
}

/** Whatever of a request may name a font, each with the weight that it is set in. */
const writingsOf = ({ layout, composition }: Request) => [
  { writing: layout, weight: layout.weight },
  ...(composition?.blocks ?? []).flatMap(block =>
    block.kind === 'word'
      ? [{ writing: block.source.writing, weight: block.source.writing.weight ?? layout.weight }]
      : [],
  ),
]

/** A font of the system travels as its file; a member of a collection has to be installed on the worker. */
async function fontAsFile({ writing, weight }: ReturnType<typeof writingsOf>[number]): Promise<void> {
  const { font } = writing
  if (font == null || bundledFont(font)) return
  const { path, index } = await locate(font, weight)
  if (index === 0) writing.font = path
}

async function weightsOf(files: ModelFiles, hashes: HashCache): Promise<TaskWeights[]> {
  const weights: TaskWeights[] = []
  for (const { role, path } of weightPaths(files)) {
    const { sha256, files: inside } = await hashes.tree(path)
    const folder = (await stat(path)).isDirectory()
    weights.push({ role, name: basename(path), sha256, folder, files: inside })
  }
  return weights
}
