/**
 * Kills workers, their inference processes, the server and the producer at seeded moments until a set is done; then compares
 * it with the same set made by one process. For tests and build/farm/kill.ts.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { killQuietly } from '../queue/testing-kills.ts'
import { seededRandom } from '../raster/random.ts'
import type { SetReport } from '../sets/make-set.ts'
import { contentsOf } from '../sets/testing-contents.ts'
import { type Verification, verifySet } from '../sets/verify.ts'
import { leftOn, TestServer, TOKEN } from './testing-server.ts'

export const VICTIMS = ['worker', 'inference', 'server', 'producer', 'all'] as const
export type Victim = (typeof VICTIMS)[number]

export interface FarmKillPlan {
  /** Where everything lies; empty before. */
  root: string
  set: object
  workers: number
  kills: Readonly<Record<Victim, number>>
  seed: number
  /** About how many steps of pictures lie between two kills. */
  between: number
  ackWaitMs: number
  onKill?: (n: number, what: Victim, done: number) => void
  onProblem?: (who: string, problem: string) => void
}

export interface FarmKillReport {
  killed: Record<Victim, number>
  /** How often a producer was started. */
  producers: number
  expected: Record<string, string>
  actual: Record<string, string>
  verification: Verification
  /** Half-written files outside the work folder. */
  leftovers: string[]
  /** Messages and objects on the server at the end, by stream. */
  left: Record<string, number>
  /** Pictures of the set, and those that were painted. */
  pictures: number
  painted: number
  /** Problems that were told, and how often. */
  problems: Record<string, number>
}

interface Line {
  progress?: string
  inference?: number[]
  problem?: string
  done?: number
  report?: SetReport
}

export async function farmKillTest(plan: FarmKillPlan): Promise<FarmKillReport> {
  const { root, set, kills, between, seed, onKill = () => {} } = plan
  const reference = await soloSet(join(root, 'reference'), set)
  const story = new Story(plan)
  await story.begin()
  const next = seededRandom(seed)
  const order = shuffled(
    VICTIMS.flatMap(what => Array.from({ length: kills[what] }, () => what)),
    next,
  )
  const killed = { worker: 0, inference: 0, server: 0, producer: 0, all: 0 }
  let n = 0
  for (const what of order) {
    await story.steps(Math.floor(next() * 2 * between))
    if (story.report?.complete) throw new Error(`The set was done after ${n} kills: give it more pictures.`)
    await story.kill(what, next)
    killed[what]++
    onKill(++n, what, story.done)
  }
  const report = await story.end()
  const folder = join(root, 'farm', 'set')
  const connection = await story.server.connect()
  const left = await leftOn(connection)
  await connection.nc.close()
  await story.close()
  return {
    ...{ killed, left, producers: story.producers, problems: story.problems, painted: story.painted.size },
    pictures: report.total,
    expected: await contentsOf(reference),
    actual: await contentsOf(folder),
    verification: await verifySet(folder),
    leftovers: (await readdir(folder, { recursive: true })).filter(name => name.includes('.incomplete')),
  }
}

/** The same set in one process, uninterrupted. */
async function soloSet(root: string, set: object): Promise<string> {
  const folder = join(root, 'set')
  const child = start('producer', [join(root, 'data'), '', '', folder, JSON.stringify(set)])
  let report: SetReport | null = null
  for await (const line of linesOf(child)) report = line.report ?? report
  if (!report?.complete) throw new Error(`Uninterrupted it fails: ${JSON.stringify(report?.failures)}`)
  return folder
}

class Story {
  readonly #plan: FarmKillPlan
  readonly #workers: { child: ChildProcess; inference: number[] }[] = []
  #producer: ChildProcess | null = null
  #steps = 0
  #waiting: (() => void)[] = []
  server!: TestServer
  report: SetReport | null = null
  done = 0
  producers = 0
  readonly problems: Record<string, number> = {}
  readonly painted = new Set<string>()

  constructor(plan: FarmKillPlan) {
    this.#plan = plan
  }

  async begin(): Promise<void> {
    this.server = await TestServer.start(join(this.#plan.root, 'server'))
    for (let i = 0; i < this.#plan.workers; i++) this.#startWorker(i)
    this.#startProducer()
  }

  /** Resolves after so many steps of pictures, or when the set is done. */
  async steps(n: number): Promise<void> {
    const until = this.#steps + n
    while (this.#steps < until && !this.report?.complete) await this.#event()
  }

  async kill(what: Victim, next: () => number): Promise<void> {
    const at = Math.floor(next() * this.#workers.length)
    if (what === 'inference') {
      while (this.#workers[at]!.inference.length === 0 && !this.report?.complete) await this.#event()
      const { inference } = this.#workers[at]!
      killQuietly(inference[Math.floor(next() * inference.length)])
      this.#workers[at]!.inference = []
    }
    const dying: Promise<unknown>[] = []
    if (what === 'worker') dying.push(end(this.#workers[at]!.child))
    if (what === 'all') dying.push(...this.#workers.map(({ child }) => end(child)))
    if ((what === 'producer' || what === 'all') && this.#producer) {
      dying.push(end(this.#producer))
      // Its end is no reason to start another: that is done below.
      this.#producer = null
    }
    if (what === 'server' || what === 'all') dying.push(this.server.kill())
    await Promise.all(dying)
    if (what === 'server' || what === 'all') await this.server.start()
    if (what === 'worker') this.#startWorker(at)
    if (what === 'all') for (const i of this.#workers.keys()) this.#startWorker(i)
    if (what === 'producer' || what === 'all') this.#startProducer()
  }

  /** Waits for the set; a run that leaves pictures out is followed by another, as a user would do. */
  async end(): Promise<SetReport> {
    while (!this.report?.complete) await this.#event()
    return this.report
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map(({ child }) => end(child)))
    await this.server.kill()
  }

  #startWorker(i: number): void {
    const { root, ackWaitMs } = this.#plan
    const name = `worker-${i}`
    const child = start('worker', [join(root, name), this.server.url, TOKEN, name, String(ackWaitMs)])
    const worker = { child, inference: [] as number[] }
    this.#workers[i] = worker
    void this.#listen(child, name, line => {
      worker.inference = line.inference ?? worker.inference
      if (line.progress === undefined) return
      this.painted.add(line.progress)
      this.#steps++
    })
  }

  #startProducer(): void {
    const { root, set } = this.#plan
    this.producers++
    const folder = join(root, 'farm', 'set')
    const args = [join(root, 'farm', 'data'), this.server.url, TOKEN, folder, JSON.stringify(set)]
    const child = start('producer', args)
    this.#producer = child
    let report: SetReport | null = null
    void this.#listen(child, 'producer', line => {
      report = line.report ?? report
      this.done = line.done ?? this.done
    }).then(() => {
      if (this.#producer !== child) return
      if (report) this.report = report
      if (!report?.complete) this.#startProducer()
      this.#told()
    })
  }

  async #listen(child: ChildProcess, who: string, hear: (line: Line) => void): Promise<void> {
    for await (const line of linesOf(child)) {
      if (line.problem) {
        this.problems[line.problem] = (this.problems[line.problem] ?? 0) + 1
        this.#plan.onProblem?.(who, line.problem)
      }
      hear(line)
      this.#told()
    }
  }

  #event(): Promise<void> {
    return new Promise(resolve => this.#waiting.push(resolve))
  }

  #told(): void {
    for (const resolve of this.#waiting.splice(0)) resolve()
  }
}

function start(role: 'worker' | 'producer', args: string[]): ChildProcess {
  const script = fileURLToPath(new URL(`./testing-${role}.ts`, import.meta.url))
  return spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
}

async function* linesOf(child: ChildProcess): AsyncGenerator<Line> {
  const ended = once(child, 'exit')
  for await (const text of createInterface({ input: child.stdout! })) {
    // A killed process may leave half a line.
    const line = parsed(text)
    if (line) yield line
  }
  await ended
}

function parsed(text: string): Line | null {
  try {
    return JSON.parse(text) as Line
  } catch {
    return null
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}

function shuffled<T>(all: readonly T[], next: () => number): T[] {
  const out = [...all]
  for (let i = out.length - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1))
    ;[out[i], out[j]] = [out[j]!, out[i]!]
  }
  return out
}
