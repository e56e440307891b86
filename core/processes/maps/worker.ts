/** A worker thread of the pool: one job at a time; maps go out, moved not copied, as soon as they are made. */
import { parentPort } from 'node:worker_threads'
import { reportOf } from '../../faults/fault.ts'
import type { FromWorker, MapJob, ToWorker } from './job.ts'
import { runJob } from './run-job.ts'

const port = parentPort
if (!port) throw new Error('worker.ts runs as a worker thread of core/processes/maps/pool.ts')

let current: { id: number; controller: AbortController } | null = null

port.on('message', (message: ToWorker) => {
  if (message.kind === 'cancel') {
    if (current?.id === message.id) current.controller.abort()
    return
  }
  const controller = new AbortController()
  current = { id: message.id, controller }
  void answer(message.id, message.job, controller.signal)
})

async function answer(id: number, job: MapJob, signal: AbortSignal): Promise<void> {
  try {
    const glyph = await runJob(job, signal, map => send({ kind: 'map', id, map }, map.image.data))
    send({ kind: 'done', id, glyph })
  } catch (error) {
    send({ kind: 'failed', id, error: reportOf(error, 'mapFailed') })
  }
}

/** @param moved bytes of our own making: what a native library owns (a drawn coverage) cannot be moved, only copied */
function send(message: FromWorker, moved?: Uint8Array): void {
  port!.postMessage(message, moved ? [moved.buffer as ArrayBuffer] : [])
}
