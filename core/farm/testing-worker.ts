/**
 * For tests: a worker that may be killed at any moment. Prints a JSON line for each event, with the ids of its inference
 * processes. Arguments: data folder, address, token, name, milliseconds until a task is given to another worker.
 */
import { openWorker } from './open-worker.ts'

const [dataFolder, url, token, name, ackWaitMs] = process.argv.slice(2)
const say = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`)

// Events come before the worker is open: a farm that does not answer yet is one.
let pids = (): readonly number[] => []
await using opened = await openWorker({
  ...{ address: { url, token }, dataFolder, name, ackWaitMs: Number(ackWaitMs) },
  onEvent: event => {
    if (event.kind === 'progress') say({ progress: event.task.id, inference: pids() })
    else if (event.kind === 'problem') say({ problem: event.problem.message })
    else say({ event: event.kind })
  },
})
pids = () => opened.studio.inference.pids
process.on('SIGTERM', () => opened.worker.stop())
await opened.worker.run()
