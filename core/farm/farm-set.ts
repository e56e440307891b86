/** Makes a set on a farm: makeSet() with the farm in place of this machine's own inference. */

import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import type { Sameness } from '../contract/vocabulary.ts'
import { fault } from '../faults/fault.ts'
import type { ErrorReport } from '../faults/studio-error.ts'
import { readJson, writeDurably } from '../files/durable.ts'
import type { HashCache } from '../files/hashes.ts'
import type { AIImageGenerator } from '../generate/ai-image-generator.ts'
import type { Fingerprint } from '../processes/painting/fingerprint.ts'
import { parseSet, type SetInput } from '../sets/definition.ts'
import type { SetOptions, SetProgress } from '../sets/make-pictures.ts'
import { makeSet, type SetReport } from '../sets/make-set.ts'
import { WORK_FOLDER } from '../sets/state.ts'
import { connectFarm, type FarmAddress } from './connection.ts'
import type { WorkerState } from './machines.ts'
import { ModelShelf } from './model-shelf.ts'
import { keys } from './names.ts'
import { FarmProducer } from './producer.ts'
import { FarmStore } from './store.ts'
import type { SetState } from './task.ts'
import { WorkersView } from './view.ts'

export interface FarmSetOptions extends Omit<SetOptions, 'maker'> {
  address: FarmAddress
  generator: Pick<AIImageGenerator, 'describe' | 'complete' | 'generate'>
  made: Fingerprint
  hashes: HashCache
  /** Where the networks that maps are made with lie; default: models/ in the data folder. */
  modelsFolder?: string | undefined
  /** exact: the bytes of this kind of machine; look: of any, whose test picture is near this one's. */
  same?: Sameness
  /** Puts models on the farm for workers that want them. */
  shares?: boolean
  canary?: boolean
  ahead?: number
  /** Each sentence once until it changes. */
  onProblem?: (problem: ErrorReport) => void
  /** Every few seconds. */
  onFarm?: (farm: { workers: WorkerState[]; problems: ErrorReport[] }) => void
}

const TELL_MS = 2000
const FARM_FILE = 'farm.json'
/** Whoever looks for problems at the start would see none of the workers yet. */
const SETTLE_MS = 6000

/** As makeSet(). @throws StudioError also what connectFarm() says */
export async function makeFarmSet(input: SetInput, folder: string, options: FarmSetOptions): Promise<SetReport> {
  const { address, generator, made, hashes, modelsFolder, same = 'look', ...more } = options
  const { shares, canary, ahead, onProblem, onFarm, ...rest } = more
  const definition = parseSet(input)
  const stop = new AbortController()
  const signal = AbortSignal.any([stop.signal, ...(rest.signal ? [rest.signal] : [])])
  const problems = new Map<string, ErrorReport>()
  /** Of single workers and pictures; what hinders the whole set is looked for anew each time. */
  const told = new Map<string, ErrorReport>()
  const say = (problem: ErrorReport) => {
    if (!problems.has(problem.message)) onProblem?.(problem)
    problems.set(problem.message, problem)
  }
  const tell = (problem: ErrorReport) => {
    say(problem)
    told.set(problem.message, problem)
  }
  const connection = await connectFarm(address, `zihua producer ${hostname()}`)
  const store = new FarmStore(connection, { signal, onTrouble: trouble => say(trouble.report()) })
  const set = await farmIdOf(join(folder, WORK_FOLDER))
  let view: WorkersView | null = null
  const producer = new FarmProducer({
    ...{ store, set, name: definition.name, generator, made, hashes, modelsFolder, same, onProblem: tell },
    holdsResults: Boolean(definition.keep.best || definition.keep.legible),
    lanes: () => view?.lanes ?? 1,
    ...(shares !== undefined && { shares }),
    ...(canary !== undefined && { canary }),
    ...(ahead !== undefined && { ahead }),
  })
  let complete = false
  let last: SetProgress | null = null
  const failures: SetState['failures'] = []
  const begun = performance.now()
  const telling = setInterval(() => void tellState().catch(() => {}), TELL_MS)
  const shelf = shares ? new ModelShelf(store, () => producer.kindsInUse.values(), hashes) : null
  try {
    await producer.open()
    view = new WorkersView(store)
    void shelf?.serve(signal).catch(() => {})
    const report = await makeSet(input, folder, {
      ...rest,
      signal,
      maker: producer,
      onProgress: progress => {
        last = progress
        if (progress.failure) failures.push(progress.failure)
        rest.onProgress?.(progress)
      },
    })
    complete = report.complete
    return report
  } catch (error) {
    // Stopped before makeSet() was reached, or while the farm was asked something.
    if ((error as Error).name === 'AbortError') throw fault('setStopped')
    throw error
  } finally {
    clearInterval(telling)
    view?.close()
    await producer.close(complete)
    if (complete) await shelf?.clear()
    stop.abort()
    await connection.nc.close()
  }

  async function tellState(): Promise<void> {
    const seen = performance.now() - begun > SETTLE_MS ? (view?.problems(producer.kindsInUse.values()) ?? []) : []
    for (const problem of seen) say(problem)
    onFarm?.({ workers: view?.workers ?? [], problems: seen })
    const state: SetState = {
      ...{ set, name: definition.name, producer: hostname(), handedOut: producer.handedOut },
      ...{ total: last?.total ?? 0, done: last?.done ?? 0, failed: last?.failed ?? 0 },
      ...{ timeLeft: last?.timeLeft ?? null, failures: failures.slice(-20) },
      notes: [...told.values(), ...seen].slice(-50),
    }
    if (store.ready) await store.shared.put(keys.set(set), JSON.stringify(state))
  }
}

const farmSchema = z.object({ set: z.string().regex(/^[a-z0-9]{12}$/) })

/** What the set of a folder is called on farms: the same at every run, so that its results are found again. */
async function farmIdOf(work: string): Promise<string> {
  const file = join(work, FARM_FILE)
  const known = farmSchema.safeParse(await readJson(file).catch(() => null))
  if (known.success) return known.data.set
  const set = randomBytes(6).toString('hex')
  await writeDurably(file, JSON.stringify({ set }))
  return set
}
