/** Kills a host, one of its inference processes, or both, at seeded moments, until its work is done; then compares. For tests and build/kill-test.ts. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { readRecord } from '../library/record.ts'
import { seededRandom as random } from '../raster/random.ts'
import { contentsOf } from '../sets/testing-contents.ts'

export interface KillPlan {
  /** Where everything lies; empty before. */
  root: string
  model: string
  set: object
  kills: number
  seed: number
  onKill?: (n: number, what: string) => void
}

export interface KillReport {
  /** How often each was killed. */
  killed: Record<'host' | 'inference' | 'both', number>
  /** How often a host was started. */
  starts: number
  /** Set's files: as made without and with kills. */
  expected: Record<string, string>
  actual: Record<string, string>
  /** Seeds of the library's pictures, sorted. */
  seeds: number[]
  /** Pictures of the set in the library, and how many of them are different ones. */
  keptOfSet: number
  distinctOfSet: number
  /** Half-written files outside the work folder. */
  leftovers: string[]
  /** SQLite's integrity check of both databases, and the jobs' final states. */
  integrity: string[]
  states: string[]
}

type Line = {
  started?: number
  progress?: unknown
  inference?: number[]
  jobs?: { state: string; result: { complete?: boolean } | null }[]
  integrity?: string[]
}

/** Runs the set once without and once with kills. */
export async function killTest({ root, model, set, kills, seed, onKill = () => {} }: KillPlan): Promise<KillReport> {
  const next = random(seed)
  const { jobs = [] } = await runHost(join(root, 'reference'), model, set, () => false)
  // Two sets without a picture would agree, too.
  const failed = jobs.find(({ state, result }) => state !== 'done' || result?.complete === false)
  if (failed || jobs.length === 0) throw new Error(`Uninterrupted it fails: ${JSON.stringify(failed)}`)
  const killed = { host: 0, inference: 0, both: 0 }
  let done = 0
  let starts = 0
  let last: Line = {}
  for (let finished = false; !finished; ) {
    starts++
    // Some moments right at the start, most while pictures are made.
    let wait = done < kills ? Math.floor(next() ** 2 * 14) : Number.POSITIVE_INFINITY
    last = await runHost(join(root, 'killed'), model, set, (host, line) => {
      if (wait-- > 0 || done >= kills) return false
      const what = (['host', 'inference', 'both'] as const)[Math.floor(next() * 3)]
      if (what !== 'host' && !line.inference?.length) return false
      done++
      killed[what]++
      onKill(done, what)
      if (what !== 'host') killQuietly(line.inference![Math.floor(next() * line.inference!.length)])
      if (what !== 'inference') host.kill('SIGKILL')
      wait = Math.floor(next() * 14)
      return what !== 'inference'
    })
    const complete = last.jobs?.every(job => job.state === 'done' && job.result?.complete !== false)
    finished = Boolean(complete) && done >= kills
    // All was made before the last kill: nothing more can be interrupted.
    if (complete && done < kills) throw new Error(`The set was done after ${done} kills: give it more pictures.`)
  }
  const pictures = join(root, 'killed', 'data', 'pictures')
  const names = (await readdir(pictures, { recursive: true })).filter(name => name.endsWith('.png'))
  const records = await Promise.all(names.map(async name => (await readRecord(join(pictures, name)))!))
  const ofSet = records.flatMap(({ record }) => (record?.set ? [record] : []))
  const all = await readdir(join(root, 'killed', 'set'), { recursive: true })
  return {
    killed,
    starts,
    expected: await contentsOf(join(root, 'reference', 'set')),
    actual: await contentsOf(join(root, 'killed', 'set')),
    seeds: records
      .filter(({ record }) => !record?.set)
      .map(({ request }) => request.seed)
      .sort(),
    keptOfSet: ofSet.length,
    distinctOfSet: new Set(ofSet.map(({ job }) => job)).size,
    leftovers: all.filter(name => name.includes('.incomplete')),
    integrity: last.integrity ?? [],
    states: last.jobs?.map(({ state }) => state) ?? [],
  }
}

/**
 * Starts a host and reads its lines until it ends; onLine returns true where it has killed the host. @returns the last
 * line
 */
async function runHost(
  root: string,
  model: string,
  set: object,
  onLine: (host: ChildProcess, line: Line) => boolean,
): Promise<Line> {
  const script = fileURLToPath(new URL('./testing-host.ts', import.meta.url))
  const host = spawn(process.execPath, [script, join(root, 'data'), join(root, 'set'), model, JSON.stringify(set)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(host, 'exit')
  let last: Line = {}
  let dead = false
  for await (const text of createInterface({ input: host.stdout })) {
    if (dead) continue
    last = JSON.parse(text) as Line
    dead = onLine(host, last)
  }
  await ended
  return dead ? {} : last
}

export function killQuietly(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(pid, 'SIGKILL')
  } catch {
    // It had ended by itself.
  }
}
