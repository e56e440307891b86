/** The AI child process: takes one job at a time, answers it, waits. It ends when its parent goes or ends it. */
import { type ErrorReport, StudioError } from '../../contract/request.ts'
import { fault, reasonOf } from '../../faults/fault.ts'
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

/** Of a runtime's many lines the first says what it is. */
const report = (error: unknown): ErrorReport =>
  error instanceof StudioError
    ? error.report()
    : fault('aiModelFailed', { reason: reasonOf(error).split('\n')[0] }).report()
