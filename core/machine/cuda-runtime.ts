/// <reference path="../tables/yauzl.d.ts" />
/**
 * The libraries that ONNX Runtime needs for an NVIDIA GPU: its own CUDA provider, CUDA and cuDNN. They come from the wheels
 * that Microsoft and NVIDIA publish, on the user's word, into runtimes/ of the data folder; or lie in a folder that the user
 * names. Wheels are ZIP files; of each only the libraries are taken, into one folder.
 */
import { createWriteStream, existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { openPromise } from 'yauzl'
import { z } from 'zod'
import { Channel } from '../channel/channel.ts'
import { startChild } from '../channel/endpoint.ts'
import { insistOnRoom } from '../downloads/disk.ts'
import type { DownloadManifest } from '../downloads/manifest.ts'
import type { EngineRuntime } from '../engine/backend.ts'
import { fault, phrase, reasonOf } from '../faults/fault.ts'
import type { Phrase } from '../faults/studio-error.ts'
import { readJson, writeDurably } from '../files/durable.ts'
import type { ProbeCalls } from './cuda-probe.ts'
import { cudaOfDriver, driverFor } from './gpu/nvidia-smi.ts'

/** Loaded in this order, each after those that it needs. Their versions are part of the names. */
const ORDER = [
  /^libcudart\.so/,
  /^libnvrtc/,
  /^libnvJitLink\.so/,
  /^libcublasLt\.so/,
  /^libcublas\.so/,
  /^libcufft\.so/,
  /^libcurand\.so/,
  /^libcudnn\.so/,
]
/** cuDNN opens its parts by itself, from its own folder. */
const BESIDE = /^libcudnn_/
const OWN = /^libonnxruntime(\.so\.\d+\.\d+\.\d+|_providers_(cuda|shared)\.so)$/
const isLibrary = (name: string): boolean =>
  OWN.test(name) || BESIDE.test(name) || ORDER.some(pattern => pattern.test(name))

/** Libraries unpack to about twice their wheels. */
const UNPACKED = 2.2
const PROBE_MS = 60_000
/** What older drivers and cards run; there is a runtime for it too. */
const OLDER_CUDA = 12

const chosenSchema = z.object({ folder: z.string() })
const choice = (dataFolder: string): string => join(dataFolder, 'runtimes', 'cuda.json')
const own = (dataFolder: string): string => join(dataFolder, 'runtimes', 'cuda')

export interface CudaRuntime extends EngineRuntime {
  folder: string
  /** First number of the CUDA version that it is for, which the driver must support; null where its libraries lie elsewhere. */
  cuda: number | null
  /** The studio's own copy, which it may delete. */
  isOwn: boolean
  bytes: number
}

/** The runtime that is installed or was named; null where there is none. */
export async function findCudaRuntime(dataFolder: string): Promise<CudaRuntime | null> {
  const chosen = chosenSchema.safeParse(await readJson(choice(dataFolder)).catch(() => null)).data
  return chosen ? runtimeIn(chosen.folder, resolve(chosen.folder) === resolve(own(dataFolder))) : null
}

async function runtimeIn(folder: string, isOwn: boolean): Promise<CudaRuntime | null> {
  const names: string[] = await readdir(folder).catch(() => [])
  const library = names.find(name => /^libonnxruntime\.so/.test(name))
  if (!library || !names.includes('libonnxruntime_providers_cuda.so')) return null
  const preload = ORDER.flatMap(pattern => names.filter(name => pattern.test(name)).sort())
  const sizes = await Promise.all(names.map(name => stat(join(folder, name)).then(info => info.size)))
  const cuda = preload.flatMap(name => /^libcudart\.so\.(\d+)/.exec(name)?.[1] ?? [])[0]
  return {
    folder,
    cuda: cuda === undefined ? null : Number(cuda),
    library: join(folder, library),
    preload: preload.map(name => join(folder, name)),
    isOwn,
    bytes: sizes.reduce((sum, size) => sum + size, 0),
  }
}

/**
 * Unpacks downloaded wheels into the data folder and tries the result in a child. The wheels may be deleted afterwards.
 * @throws StudioError 'cannot-write'; 'bad-request' with the reason where the libraries cannot be loaded, and nothing stays
 */
export async function installCudaRuntime(dataFolder: string, wheels: readonly string[]): Promise<CudaRuntime> {
  const folder = own(dataFolder)
  const staging = `${folder}.part`
  const sizes = await Promise.all(wheels.map(async wheel => (await stat(wheel)).size))
  await insistOnRoom(dataFolder, sizes.reduce((sum, size) => sum + size, 0) * UNPACKED)
  await rm(staging, { recursive: true, force: true })
  await mkdir(staging, { recursive: true })
  try {
    for (const wheel of wheels) await unpack(wheel, staging)
    const runtime = await runtimeIn(staging, true)
    if (!runtime) throw fault('runtimeUnusable', { folder: staging, reason: phrase('noCudaProvider') })
    await insistOnLoading(runtime)
    await rm(folder, { recursive: true, force: true })
    await rename(staging, folder)
  } finally {
    await rm(staging, { recursive: true, force: true })
  }
  return use(dataFolder, folder)
}

/** Takes a folder that is there already, with no download. @throws StudioError 'bad-request' with the reason */
export async function adoptCudaFolder(dataFolder: string, folder: string): Promise<CudaRuntime> {
  const runtime = await runtimeIn(resolve(folder), false)
  if (!runtime) throw fault('runtimeUnusable', { folder, reason: phrase('noCudaProvider') })
  await insistOnLoading(runtime)
  return use(dataFolder, resolve(folder))
}

async function use(dataFolder: string, folder: string): Promise<CudaRuntime> {
  await writeDurably(choice(dataFolder), `${JSON.stringify({ folder })}\n`)
  return (await findCudaRuntime(dataFolder))!
}

/** Deletes the studio's own copy, or forgets the user's folder. @returns whether there was one */
export async function removeCudaRuntime(dataFolder: string): Promise<boolean> {
  const found = await findCudaRuntime(dataFolder)
  await rm(choice(dataFolder), { force: true })
  await rm(own(dataFolder), { recursive: true, force: true })
  return found !== null
}

export interface CudaProbe {
  /** All libraries could be loaded. */
  loads: boolean
  /** The CUDA version that the driver supports, "13.0"; null without a driver. */
  driverSupports: string | null
  devices: number
  /** Why it cannot be used, and null where it can. */
  problem: Phrase | null
}

/** Whether the words are of the driver: CUDA 13's provider needs its library to be loaded, CUDA 12's asks it first. */
export const isDriverMissing = (reason: string): boolean => /libcuda\.so|driver version is insufficient/.test(reason)

/** Loads the libraries in a child, which ends afterwards: what they take of memory goes with it. */
export async function probeCudaRuntime(runtime: CudaRuntime): Promise<CudaProbe> {
  const child = new Channel<ProbeCalls>(startChild(new URL('./cuda-probe.ts', import.meta.url), [], 'ignore'), {
    died: ({ how }) => fault('unexpected', { reason: how.message }),
  })
  try {
    const { preload = [], library } = runtime
    const found = await child.call('load', { preload: [...preload], library }, { deadlineMs: PROBE_MS }).reply
    const none = { loads: false, driverSupports: null, devices: 0 }
    if (found.failed)
      return { ...none, problem: isDriverMissing(found.failed) ? phrase('noNvidiaDriver') : { message: found.failed } }
    return { loads: true, ...found, problem: await problemOf(found, runtime) }
  } catch (error) {
    return { loads: false, driverSupports: null, devices: 0, problem: { message: reasonOf(error) } }
  } finally {
    await child.kill()
  }
}

async function problemOf(
  { driverSupports, devices }: { driverSupports: string | null; devices: number },
  { cuda }: CudaRuntime,
) {
  if (driverSupports === null) return phrase('noNvidiaDriver')
  if (devices > 0 || cuda === null) return null
  return driverTooOld((await driverVersion()) ?? '?', cuda)
}

/** What is wrong with a driver, which one is needed, and which CUDA it can run. */
export function driverTooOld(driver: string, cuda: number, platform: NodeJS.Platform = process.platform): Phrase {
  const runs = cudaOfDriver(driver, platform)
  // Its runtime is of Linux alone.
  const fits = runs === OLDER_CUDA && runs < cuda && platform === 'linux' ? runs : null
  return phrase('driverTooOld', { driver, cuda, needed: driverFor(cuda, platform), fits })
}

/** @throws StudioError 'bad-request' with the loader's reason */
export async function insistOnLoading(runtime: CudaRuntime): Promise<void> {
  const { loads, problem } = await probeCudaRuntime(runtime)
  // Without a driver nothing can be tried, and nothing is wrong with the libraries.
  if (!loads && problem?.key !== 'noNvidiaDriver')
    throw fault('runtimeUnusable', { folder: runtime.folder, reason: problem ?? '' })
}

/** "580.95.05", as the kernel's module says it without any process; null where there is none. */
export async function driverVersion(file = '/proc/driver/nvidia/version'): Promise<string | null> {
  const text = await readFile(file, 'utf8').catch(() => '')
  return /^NVRM version:.{0,200}?\s(\d{1,5}\.\d{1,5}(\.\d{1,5})?)\s/m.exec(text)?.[1] ?? null
}

/**
 * Says before anything is fetched why it would be of no use here.
 * @throws StudioError 'bad-request'
 */
export async function insistOnPlatform(
  { requires, name }: DownloadManifest,
  { platform = process.platform as string, arch = process.arch as string, driver = driverVersion() } = {},
): Promise<void> {
  if (!requires) return
  if (requires.platform !== platform || requires.arch !== arch)
    throw fault('runtimeElsewhere', {
      name,
      system: `${platform}-${arch}`,
      needed: `${requires.platform}-${requires.arch}`,
    })
  const version = await driver
  if (version === null || !olderThan(version, requires.driver)) return
  const older =
    !olderThan(version, driverFor(OLDER_CUDA, 'linux')) && cudaOfDriver(requires.driver, 'linux') !== OLDER_CUDA
  throw fault('driverOld', { name, version, needed: requires.driver, fits: older ? OLDER_CUDA : null })
}

/** Whether it is worth offering: whoever has no NVIDIA driver, or another system, is told by `zihua doctor` what there is. */
export async function isOfUse(manifest: DownloadManifest, driver = driverVersion()): Promise<boolean> {
  if (!manifest.requires) return true
  if ((await driver) === null) return false
  return insistOnPlatform(manifest, { driver }).then(
    () => true,
    () => false,
  )
}

function olderThan(version: string, needed: string): boolean {
  const [a, b] = [version, needed].map(text => text.split('.').map(Number))
  const at = b.findIndex((part, i) => part !== (a[i] ?? 0))
  return at >= 0 && (a[at] ?? 0) < b[at]
}

/** Takes the libraries out of a wheel; nothing of it decides where they go. */
async function unpack(wheel: string, folder: string): Promise<void> {
  const zip = await openPromise(wheel, { lazyEntries: true, validateEntrySize: true })
  for await (const entry of zip.eachEntry()) {
    const name = basename(entry.fileName)
    if (!isLibrary(name) || existsSync(join(folder, name))) continue
    await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(join(folder, name), { flags: 'wx' }))
  }
}
