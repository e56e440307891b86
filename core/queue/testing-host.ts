/**
 * For tests: a host of the studio with queue and library, which makes one set and three pictures and may be killed at
 * any
 * moment. Prints JSON lines on stdout: its progress, and the ids of processes to kill.
 * Arguments: data folder, set's folder, model folder, JSON of the set.
 */
import { join } from 'node:path'
import { Studio } from '../generate/studio.ts'
import { Library } from '../library/library.ts'
import type { SetInput } from '../sets/definition.ts'
import { jobHandlers } from './handlers.ts'
import { Queue } from './queue.ts'

const [dataFolder, folder, model, json] = process.argv.slice(2)
const say = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`)

const studio = new Studio({ dataFolder })
const library = await Library.open(dataFolder)
const queue = new Queue(join(dataFolder, 'queue.db'), jobHandlers({ maker: studio.generator, library }))
queue.subscribe(event => {
  if (event.kind === 'progress') say({ progress: event.progress, inference: studio.inference.pids })
})
if (queue.list().length === 0) {
  const set = JSON.parse(json) as SetInput
  queue.add({ kind: 'set', title: 'set', payload: { set, folder, base: dataFolder } })
  const request = { ...set.request, word: '三', model, count: 3 }
  queue.add({ kind: 'picture', title: 'pictures', payload: { request, base: dataFolder } })
}
// What a user does with a job that failed, and with a set in which some pictures did.
for (const job of queue.list()) {
  if (job.state === 'failed') queue.retry(job.id)
  if (job.kind === 'set' && job.result?.complete === false) {
    queue.add({ kind: 'set', title: job.title, payload: job.payload })
    queue.forget([job.id])
  }
}
queue.start()
say({ started: process.pid })
await queue.idle()
const jobs = queue.list().map(({ kind, state, error, result }) => ({ kind, state, error, result }))
say({ jobs, integrity: [library.integrity(), queue.integrity()] })
await queue.close()
library.close()
await studio[Symbol.asyncDispose]()
