/** Runs a program of the system that may be missing, hang or print anything, and never waits for it longer than told. */
import { execFile } from 'node:child_process'

export type ToolOutcome =
  | { kind: 'answered'; stdout: string }
  | { kind: 'missing' }
  | { kind: 'hung' }
  /** It ended with an error; `reason` is the first line of what it said. */
  | { kind: 'failed'; reason: string }

const MOST_BYTES = 1 << 20

/**
 * Settles within the limit whatever the program does: one that sleeps in its driver cannot be killed, and one that has
 * started others leaves its output open after its death, so that waiting for its end may take for ever.
 * @param limitMs milliseconds
 */
export function runTool(file: string, args: readonly string[], limitMs: number): Promise<ToolOutcome> {
  const { promise, resolve } = Promise.withResolvers<ToolOutcome>()
  const options = { maxBuffer: MOST_BYTES, windowsHide: true, encoding: 'utf8' } as const
  const child = execFile(file, args, options, (error, stdout, stderr) => {
    if (!error) resolve({ kind: 'answered', stdout })
    else if (error.code === 'ENOENT' || error.code === 'EACCES') resolve({ kind: 'missing' })
    else resolve({ kind: 'failed', reason: firstLine(stdout, stderr, error.message) })
  })
  const deadline = setTimeout(() => {
    resolve({ kind: 'hung' })
    child.kill('SIGKILL')
    child.stdout?.destroy()
    child.stderr?.destroy()
    child.unref()
  }, limitMs)
  return promise.finally(() => clearTimeout(deadline))
}

/** nvidia-smi says what is wrong on its standard output. */
function firstLine(...texts: string[]): string {
  const lines = texts.flatMap(text => text.split('\n').map(line => line.trim()))
  return lines.find(line => line !== '')?.slice(0, 200) ?? ''
}
