/** A worker on this machine's own studio. */

import { randomBytes } from 'node:crypto'
import { hostname, totalmem } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import type { StudioError } from '../faults/studio-error.ts'
import { readJson, writeDurably } from '../files/durable.ts'
import { lockFolder } from '../files/lock.ts'
import { Studio } from '../generate/studio.ts'
import { awaitFarm, type FarmAddress } from './connection.ts'
import { openHashes } from './hash-cache.ts'
import { fetchWeights } from './model-shelf.ts'
import { type Painter, StudioPainter } from './painter.ts'
import { FarmStore } from './store.ts'
import type { Kind } from './task.ts'
import { WeightsHere } from './weights-here.ts'
import { FarmWorker, type WorkerEvent } from './worker.ts'

export interface OpenWorkerOptions {
  address: FarmAddress
  dataFolder: string
  /** To show; default: the machine's name. */
  name?: string | undefined
  /** Folders with models, beside those that the studio knows. */
  folders?: readonly string[]
  /** The user has said that models may be copied from a producer. */
  fetchModels?: boolean
  /** Has the studio follow the machine's settings, before it is asked what computes here. */
  settings?: (studio: Studio) => Promise<void>
  /** In place of the studio's own, with the weights that it claims to have (tests, benchmarks). */
  painter?: { painter: Painter; models: readonly string[] } | undefined
  ackWaitMs?: number
  onEvent?: (event: WorkerEvent) => void
  onFetch?: (name: string, bytes: number, total: number) => void
}

export interface OpenedWorker extends AsyncDisposable {
  worker: FarmWorker
  studio: Studio
}

const fileSchema = z.object({ id: z.string().regex(/^[a-z0-9]{12}$/) })

/** @throws StudioError what connectFarm() says; setLocked where another worker uses the data folder */
export async function openWorker(options: OpenWorkerOptions): Promise<OpenedWorker> {
  const { address, dataFolder, name = hostname(), folders = [], fetchModels = false, painter, ackWaitMs } = options
  const farm = join(dataFolder, 'farm')
  const id = await workerId(join(farm, 'worker.json'))
  const unlock = lockFolder(join(farm, 'worker.lock'))
  const studio = new Studio({ dataFolder })
  const { hashes, database } = openHashes(dataFolder)
  const onTrouble = (trouble: StudioError) => options.onEvent?.({ kind: 'problem', problem: trouble.report() })
  const connection = await awaitFarm(address, `zihua worker ${name}`, { onTrouble }).catch(async error => {
    await studio[Symbol.asyncDispose]()
    database.close()
    unlock()
    throw error
  })
  const ended = new AbortController()
  const store = new FarmStore(connection, {
    signal: ended.signal,
    ...(ackWaitMs !== undefined && { ackWaitMs }),
    onTrouble,
  })
  const copies = join(farm, 'models')
  const weights = new WeightsHere({
    registry: studio.registry,
    hashes,
    folders: [...folders, copies],
    modelsFolder: studio.modelsFolder,
  })
  const claimed = painter && {
    hashes: [...painter.models],
    has: (sha256: string) => painter.models.includes(sha256) || painter.models.includes('*'),
    scan: async () => {},
  }
  const fetch = async (kind: Kind, signal: AbortSignal): Promise<boolean> => {
    for (const each of kind.weights) {
      if (weights.has(each.sha256)) continue
      await fetchWeights(each, {
        store,
        folder: copies,
        signal,
        ...(options.onFetch && { onProgress: options.onFetch }),
      })
    }
    return true
  }
  // What computes here decides which sets it may join.
  if (!painter) {
    await options.settings?.(studio)
    await studio.inference.settle()
  }
  const worker = new FarmWorker({
    ...{ id, name, store, memoryGiB: Math.round(totalmem() / 2 ** 30), assetsFolder: join(farm, 'assets') },
    painter: painter?.painter ?? new StudioPainter(studio, weights),
    weights: claimed ?? weights,
    fetchModels: fetchModels ? fetch : undefined,
    ...(ackWaitMs !== undefined && { ackWaitMs }),
    ...(options.onEvent && { onEvent: options.onEvent }),
  })
  return {
    ...{ worker, studio },
    async [Symbol.asyncDispose]() {
      ended.abort()
      await connection.nc.close()
      await studio[Symbol.asyncDispose]()
      database.close()
      unlock()
    },
  }
}

async function workerId(file: string): Promise<string> {
  const known = fileSchema.safeParse(await readJson(file).catch(() => null))
  if (known.success) return known.data.id
  const id = randomBytes(6).toString('hex')
  await writeDurably(file, JSON.stringify({ id }))
  return id
}
