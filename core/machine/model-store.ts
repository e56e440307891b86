/** Models that can be downloaded, and what lands of them: registered under the manifest's id, and usable at once. */
import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join, resolve, sep } from 'node:path'
import { httpOptions } from '../downloads/hub-access.ts'
import { type DownloadManifest, findManifest, kindOf, listManifests, sizeOf } from '../downloads/manifest.ts'
import {
  type DownloadOptions,
  type DownloadRecord,
  discardDownload,
  downloadModel,
  folderOf,
  listDownloads,
  readDownload,
  usablePath,
  verifyDownload,
} from '../downloads/model-download.ts'
import { fault, phrase } from '../faults/fault.ts'
import { openControlnet } from '../weights/controlnet.ts'
import { identifyFile } from '../weights/identify.ts'
import { ModelLoader } from '../weights/loader.ts'
import { readHeader } from '../weights/safetensors.ts'
import { openVae } from '../weights/vae.ts'
import { listNames } from '../weights/weights.ts'
import {
  findCudaRuntime,
  insistOnLoading,
  insistOnPlatform,
  installCudaRuntime,
  removeCudaRuntime,
} from './cuda-runtime.ts'
import { inspectWeights } from './inspect-weights.ts'
import type { KnownModel, ModelRegistry, PartKind } from './registry.ts'

export interface Downloadable {
  manifest: DownloadManifest
  /** Bytes of all files; exact: false where the server alone knows some sizes. */
  bytes: number
  exact: boolean
  state: 'absent' | 'begun' | 'there'
  /** Bytes on the disk. */
  onDisk: number
}

export type LandOptions = Pick<DownloadOptions, 'signal' | 'onProgress' | 'retry'>

export class ModelStore {
  readonly #dataFolder: string
  readonly #registry: ModelRegistry

  constructor(dataFolder: string, registry: ModelRegistry) {
    this.#dataFolder = dataFolder
    this.#registry = registry
  }

  async list(): Promise<Downloadable[]> {
    const there = new Map((await listDownloads(this.#dataFolder)).map(one => [one.id, one]))
    return (await listManifests(this.#dataFolder)).map(manifest => {
      const found = there.get(manifest.id)
      const state = found?.record ? 'there' : found ? 'begun' : 'absent'
      return { manifest, ...sizeOf(manifest), state, onDisk: found?.bytes ?? 0 }
    })
  }

  /** @throws StudioError 'missing-model' */
  find(id: string): Promise<DownloadManifest> {
    return findManifest(this.#dataFolder, id)
  }

  /**
   * Downloads a model, opens it, and registers it. null: it is nothing that is named in a request (a network of maps).
   * @throws StudioError as downloadModel does; 'bad-weights' where the files are not what the manifest says
   */
  async download(
    manifest: DownloadManifest,
    options: LandOptions,
  ): Promise<{ record: DownloadRecord; model: KnownModel | null }> {
    const isRuntime = kindOf(manifest) === 'runtime'
    const there = isRuntime ? await this.#installedRuntime(manifest.id) : null
    if (there) return { record: there, model: null }
    const http = await httpOptions(this.#dataFolder)
    await insistOnPlatform(manifest)
    const record = await downloadModel(manifest, { dataFolder: this.#dataFolder, http, ...options })
    if (isRuntime) await this.#unpackRuntime(manifest)
    return { record, model: await this.#register(manifest) }
  }

  /** Compares the files with their hashes. @throws StudioError */
  async verify(id: string): Promise<DownloadRecord> {
    // Its wheels were verified before they were unpacked; what is left of them is tried.
    return (await this.#installedRuntime(id)) ?? (await verifyDownload(this.#dataFolder, id))
  }

  /** What was written down of a runtime that is unpacked and loads; null where it is to be fetched. */
  async #installedRuntime(id: string): Promise<DownloadRecord | null> {
    const record = await readDownload(folderOf(this.#dataFolder, id))
    const runtime = record?.kind === 'runtime' ? await findCudaRuntime(this.#dataFolder) : null
    if (!runtime?.isOwn) return null
    await insistOnLoading(runtime)
    return record
  }

  /**
   * Adds what lies elsewhere, where it stays: a model, or a file that is a part of one.
   * @param typed its path; "~" at its start is the user's own folder: where it is typed into a field, no shell has put that in
   * @param as what a folder is, where it is not a whole model
   * @throws StudioError 'missing-model', 'bad-weights'
   */
  async add(typed: string, as?: 'controlnet' | 'vae'): Promise<KnownModel> {
    if (/^https?:\/\//i.test(typed)) throw fault('modelIsAddress', { model: typed })
    const path = typed.replace(/^~(?=[\\/]|$)/, homedir())
    const kind = await openAs(path, as ?? 'model')
    return this.#registry.add(path, { kind })
  }

  /**
   * Forgets a model. What the studio has downloaded is deleted; what lies elsewhere stays.
   * @returns whether files were deleted
   */
  async remove(id: string): Promise<{ deleted: boolean }> {
    const known = (await this.#registry.all()).find(model => model.id === id && !model.builtIn)
    const downloads = await listDownloads(this.#dataFolder)
    const inside = (folder: string) => known !== undefined && (resolve(known.path) + sep).startsWith(folder + sep)
    const download = downloads.find(one => one.id === id || inside(one.folder))
    if (!known && !download) throw fault('modelUnknown', { model: id })
    if (download) {
      const manifest = await findManifest(this.#dataFolder, download.id).catch(() => null)
      if (download.kind === 'runtime') await removeCudaRuntime(this.#dataFolder)
      await discardDownload(this.#dataFolder, download.id, manifest?.files.map(({ path }) => path) ?? [])
    }
    if (known) await this.#registry.remove(known.id)
    return { deleted: download !== undefined }
  }

  /** The wheels are not needed any more once they are unpacked: their names and hashes stay in the record. */
  async #unpackRuntime({ id, files }: DownloadManifest): Promise<void> {
    const wheels = files.map(({ path }) => join(folderOf(this.#dataFolder, id), path))
    await installCudaRuntime(this.#dataFolder, wheels)
    for (const wheel of wheels) await rm(wheel, { force: true })
    // It has taken the place of the one for another CUDA.
    for (const other of await listDownloads(this.#dataFolder))
      if (other.kind === 'runtime' && other.id !== id) await discardDownload(this.#dataFolder, other.id, [])
  }

  async #register(manifest: DownloadManifest): Promise<KnownModel | null> {
    const kind = kindOf(manifest)
    if (kind === 'depth' || kind === 'segmentation' || kind === 'runtime') return null
    const path = usablePath(this.#dataFolder, manifest)
    const found = await openAs(path, kind === 'controlnet' || kind === 'vae' ? kind : 'model')
    return this.#registry.add(path, { kind: found, id: manifest.id, name: manifest.name })
  }

  /** Where a download lies. */
  folder(id: string): string {
    return folderOf(this.#dataFolder, id)
  }
}

/**
 * Opens a path as what it is: a file by its header.
 * @param folder what a folder is meant to be
 * @throws StudioError that says what it is instead
 */
async function openAs(path: string, folder: PartKind): Promise<PartKind> {
  const isFile = path.endsWith('.safetensors')
  const kind = isFile && existsSync(path) ? identifyFile(await readHeader(path)).kind : folder
  if (kind === 'controlnet') await openControlnet(path)
  else if (kind === 'vae') await openVae(path)
  else if (kind !== 'lora' && kind !== 'embedding') {
    if (kind === 'checkpoint') await insistOnWhole(path)
    const model = await new ModelLoader().open({ model: path })
    await model.dispose()
    return 'model'
  }
  return kind
}

/** A checkpoint that lacks tensors is refused now, by their names, and not at the first picture. */
async function insistOnWhole(path: string): Promise<void> {
  const { missing, misshapen } = await inspectWeights(path)
  const complaints = [
    ...(missing.length > 0 ? [phrase('keysMissing', { count: missing.length, names: listNames(missing) })] : []),
    ...(misshapen.length > 0
      ? [phrase('keysMisshapen', { count: misshapen.length, names: listNames(misshapen) })]
      : []),
  ]
  if (complaints.length > 0) throw fault('checkpointIncomplete', { path, complaints })
}
