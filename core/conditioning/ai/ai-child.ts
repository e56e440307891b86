/** The AI child process: takes one job at a time, answers it, waits. It ends when its parent goes or ends it. */
import { answer } from '../../channel/answer.ts'
import { fault, reasonOf } from '../../faults/fault.ts'
import { StudioError } from '../../faults/studio-error.ts'
import type { AiCalls } from './ai-job.ts'
import { runJob } from './ai-run.ts'

/** Of a runtime's many lines the first says what it is. */
const report = (error: unknown) =>
  error instanceof StudioError
    ? error.report()
    : fault('aiModelFailed', { reason: reasonOf(error).split('\n')[0] }).report()

answer<AiCalls>({ run: job => runJob(job) }, { report })
