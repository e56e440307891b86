/** The command line. Exit codes: 0 done, 1 failed with one line that says what and what to do, 2 wrong usage. */
import { fault, reasonOf, reportOf } from '../faults/fault.ts'
import { troubleOf } from '../faults/sqlite.ts'
import { StudioError } from '../faults/studio-error.ts'
import { VERSION } from '../files/version.ts'
import type { InferenceClient } from '../processes/painting/client.ts'
import { UsageError } from './commands/arguments.ts'
import { oneLine } from './plain.ts'
import { USAGE, usageOf } from './usage.ts'

const COMMANDS: Record<string, () => Promise<{ run: (args: string[]) => Promise<void> }>> = {
  generate: paintsAtOnce(() => import('./commands/generate.ts')),
  repaint: () => import('./commands/repaint.ts'),
  upscale: () => import('./commands/upscale.ts'),
  maps: () => import('./commands/maps.ts'),
  models: () => import('./commands/models.ts'),
  inspect: () => import('./commands/inspect.ts'),
  judge: () => import('./commands/judge.ts'),
  export: () => import('./commands/export.ts'),
  lookup: () => import('./commands/lookup.ts'),
  glossary: () => import('./commands/glossary.ts'),
  library: () => import('./commands/library.ts'),
  farm: () => import('./commands/farm.ts'),
  worker: () => import('./commands/worker.ts'),
  serve: () => import('./commands/serve.ts'),
  mcp: () => import('./commands/mcp.ts'),
  diagnostics: () => import('./commands/diagnostics.ts'),
  doctor: () => import('./commands/doctor.ts'),
}

/**
 * A command that paints one picture: the process that will paint it loads its scripts while this one loads the command's, which
 * leave one core free. (A map thread started here too made three of them on two cores, and all later.)
 */
function paintsAtOnce(load: () => Promise<{ run: (args: string[], painter: InferenceClient) => Promise<void> }>) {
  return async () => {
    const { InferenceClient } = await import('../processes/painting/client.ts')
    const painter = new InferenceClient()
    painter.start()
    const { run } = await load()
    return { run: (args: string[]) => run(args, painter).finally(() => painter.stop()) }
  }
}

/** A disk that is full; or a reader that had enough, as `head` has, which is no failure to tell of. */
function unsaid(error: NodeJS.ErrnoException): void {
  const told = process.exitCode === 1
  process.exitCode = 1
  if (told || error.code === 'EPIPE') return
  const { message, hint } = fault('answerUnwritable', { reason: reasonOf(error) }).report()
  console.error(oneLine(`zihua: ${message} ${hint}`))
}

/** Behind "--" stands a word, whatever it looks like. */
function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf('--')
  return (end < 0 ? args : args.slice(0, end)).some(arg => arg === '--help' || arg === '-h')
}

async function main([name, ...args]: string[]): Promise<number> {
  if (name === 'help' && args[0] !== undefined) return main([args[0], '--help'])
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    console.log(USAGE)
    return name === undefined ? 2 : 0
  }
  if (name === '--version') {
    console.log(VERSION)
    return 0
  }
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (!load) {
    console.error(oneLine(`zihua: there is no command "${name}". Commands: ${Object.keys(COMMANDS).join(', ')}.`))
    return 2
  }
  if (asksForHelp(args)) {
    console.log(usageOf(name))
    return 0
  }
  try {
    await (await load()).run(args)
    return 0
  } catch (error) {
    if (error instanceof UsageError) {
      console.error(oneLine(`zihua ${name}: ${error.message} See zihua help.`))
      return 2
    }
    if (error instanceof StudioError || troubleOf(error) !== null) {
      const { message, hint } = reportOf(error)
      console.error(oneLine(`zihua: ${message} ${hint}`))
      return 1
    }
    console.error(oneLine(`zihua: an unexpected fault: ${reasonOf(error)} Please report it.`))
    if (process.env['ZIHUA_DEBUG']) console.error(error)
    return 1
  }
}

process.stdout.on('error', unsaid)
// Nowhere is left to say it.
process.stderr.on('error', () => {})
const code = await main(process.argv.slice(2))
process.exitCode ||= code
