/** Runs one part of the test run so that it ends: with its own end, or with ours when its time is over. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/** A runner that has written its report and still does not end gets this long, in ms. */
const GRACE = 60_000

export interface Limits {
  /** Longest time of the part, in ms. */
  timeout: number
  /** The last file the runner writes; soon after it the runner must have ended. */
  report?: string
  /** How long after its report a runner may still take to end, in ms. */
  grace?: number
}

/** @returns the runner's exit status, or in words why it was ended */
export async function runPart(
  command: string,
  args: readonly string[],
  { timeout, report, grace = GRACE }: Limits,
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<number | string> {
  // In its own group: browsers, hosts and workers that it started end with it.
  const group = process.platform !== 'win32'
  const child = spawn(command, args, { ...options, stdio: 'inherit', detached: group })
  const stop = () => endAll(child, group)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop)
  let why: string | null = null
  let reported: number | null = null
  const started = Date.now()
  const watch = setInterval(
    () => {
      if (reported === null && report && existsSync(report)) reported = Date.now()
      if (Date.now() - started > timeout) why = `was ended after ${Math.round(timeout / 60_000)} minutes`
      else if (reported !== null && Date.now() - reported > grace) why = 'had reported, did not end and was ended'
      if (why) stop()
    },
    Math.min(1000, timeout, grace),
  )
  try {
    return await new Promise<number | string>((resolve, reject) => {
      child.once('error', reject)
      child.once('exit', (code, signal) => resolve(why ?? code ?? `was ended by ${signal}`))
    })
  } finally {
    clearInterval(watch)
    // What a test left running would slow down the next part, and keep its pipes open.
    if (group && child.pid !== undefined) {
      const left = namesIn(child.pid)
      if (killGroup(child.pid) && left) console.error(`── processes were left behind, and ended\n${left}`)
    }
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, stop)
  }
}

function endAll(child: ChildProcess, group: boolean): void {
  if (child.pid === undefined) return
  if (group) killGroup(child.pid)
  else child.kill('SIGKILL')
}

/** Who lives in a group, a line each; empty: nobody, or the system cannot say. */
function namesIn(leader: number): string {
  const { stdout } = spawnSync('pgrep', ['-a', '-g', String(leader)], { encoding: 'utf8' })
  const lines = (stdout ?? '').split('\n').filter(line => line && !line.endsWith('<defunct>'))
  return lines.map(line => `   ${line.slice(0, 200)}`).join('\n')
}

/** @returns whether there was anybody */
function killGroup(leader: number): boolean {
  try {
    return process.kill(-leader, 'SIGKILL')
  } catch {
    return false
  }
}
