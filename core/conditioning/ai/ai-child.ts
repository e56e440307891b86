/** The AI child process: runs one task at a time. It ends when its parent ends it or is gone. */
import { answer } from '../../channel/answer.ts'
import { fault, reasonOf } from '../../faults/fault.ts'
import { StudioError } from '../../faults/studio-error.ts'
import type { AiCalls } from './ai-job.ts'
import { runJob } from './ai-run.ts'

/** ONNX Runtime's errors have many lines; the first says what happened. */
const report = (error: unknown) =>
  error instanceof StudioError
    ? error.report()
    : fault('aiModelFailed', { reason: reasonOf(error).split('\n')[0] }).report()

answer<AiCalls>({ run: job => runJob(job) }, { report })
