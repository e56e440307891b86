/** The AI child process: takes one job at a time, answers it, waits. It ends when its parent goes or ends it. */
import { type ErrorReport, StudioError } from '../contract.ts'
import type { AiJob, AiResult } from './ai-process.ts'
import { runJob } from './ai-run.ts'

export interface Request {
  id: number
  job: AiJob
}
export type Reply = { id: number; result: AiResult[keyof AiResult] } | { id: number; error: ErrorReport }

process.on('message', (message: Request) => {
  const { id, job } = message
  runJob(job).then(
    result => answer({ id, result }),
    error => answer({ id, error: report(error) }),
  )
})
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))

function answer(reply: Reply): void {
  process.send?.(reply)
}

function report(error: unknown): ErrorReport {
  if (error instanceof StudioError) return error.report()
  const message = error instanceof Error ? error.message : String(error)
  return {
    code: 'inference-crashed',
    message: `The AI model failed: ${message.split('\n')[0]}`,
    hint: 'Choose another method for this map, or download the model again.',
  }
}
