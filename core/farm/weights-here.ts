/** Which weights are on this machine, by hash. Only what is listed here is ever opened for a task. */
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { HashCache } from '../files/hashes.ts'
import type { ModelRegistry } from '../machine/registry.ts'
import { preprocessorsIn } from './preprocessors.ts'

export interface WeightsSources {
  registry: Pick<ModelRegistry, 'list' | 'former'>
  hashes: HashCache
  /** Folders with model folders, .safetensors files and preprocessors: the worker's --models, and where copied ones lie. */
  folders: readonly string[]
  /** Where preprocessors are installed: models/ in the data folder. */
  modelsFolder: string
}

/** Folders below a folder of models: deep enough for a snapshot of Hugging Face's cache. */
const DEEPEST = 3

export class WeightsHere {
  readonly #sources: WeightsSources
  /** Where weights lie by their hash, and which files of the folder they are; null: as a model's. */
  #places = new Map<string, { path: string; files: string[] | null }>()

  constructor(sources: WeightsSources) {
    this.#sources = sources
  }

  get hashes(): string[] {
    return [...this.#places.keys()]
  }

  has(sha256: string): boolean {
    return this.#places.has(sha256)
  }

  /**
   * Looks for models again; the first time it reads them all to hash them.
   * @param onHash told what is being read, which takes a minute for 7 GB
   */
  async scan(onHash: (path: string) => void = () => {}): Promise<void> {
    const { registry, hashes, folders, modelsFolder } = this.#sources
    const places = new Map<string, { path: string; files: string[] | null }>()
    const known = (await registry.list()).filter(({ present }) => present).map(({ path }) => path)
    const former = await formerDrafts(registry)
    const found = (await Promise.all(folders.map(folder => modelsIn(folder, DEEPEST)))).flat()
    for (const path of new Set([...known, ...former, ...found])) {
      for (const part of [path, join(path, 'controlnet')]) {
        if (!(await stat(part).catch(() => null))) continue
        onHash(part)
        const tree = await hashes.tree(part).catch(() => null)
        if (tree && tree.files.length > 0) places.set(tree.sha256, { path: part, files: null })
      }
    }
    for (const { path, files } of (await Promise.all([...folders, modelsFolder].map(preprocessorsIn))).flat()) {
      onHash(path)
      const tree = await hashes.named(path, files).catch(() => null)
      if (tree) places.set(tree.sha256, { path, files })
    }
    this.#places = places
  }

  /** Where weights lie; null where they are not here, or are no longer what they were. */
  async pathOf(sha256: string): Promise<string | null> {
    const place = this.#places.get(sha256)
    if (place === undefined) return null
    const { path, files } = place
    const { hashes } = this.#sources
    const tree = await (files ? hashes.named(path, files) : hashes.tree(path)).catch(() => null)
    return tree?.sha256 === sha256 ? path : null
  }
}

/** For tasks of a producer whose studio is older; where they cannot be put together the worker does without. */
async function formerDrafts({ former }: Pick<ModelRegistry, 'former'>): Promise<string[]> {
  const hashes = await former.hashes().catch(() => [])
  const folders = await Promise.all(hashes.map(sha256 => former.folderOf(sha256).catch(() => null)))
  return folders.filter(folder => folder !== null)
}

/** Model folders, folders of one network, and single files. */
async function modelsIn(folder: string, deep: number): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const names = new Set(entries.map(({ name }) => name))
  if (names.has('model_index.json') || names.has('config.json')) return [folder]
  const files = entries.filter(({ name }) => name.endsWith('.safetensors')).map(({ name }) => join(folder, name))
  if (deep === 0) return files
  const inner = entries.filter(entry => entry.isDirectory() && !entry.name.startsWith('.'))
  const deeper = await Promise.all(inner.map(({ name }) => modelsIn(join(folder, name), deep - 1)))
  return [...files, ...deeper.flat()]
}
