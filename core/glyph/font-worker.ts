/** The thread behind font-door.ts: one task at a time. */
import { basename } from 'node:path'
import { parentPort } from 'node:worker_threads'
import { StudioError } from '../contract.ts'
import { fault } from '../faults/fault.ts'
import type { Answer, Question } from './font-door.ts'
import { FONT_TASKS } from './font-tasks.ts'

parentPort?.on('message', async (question: Question) => parentPort?.postMessage(await answer(question)))

async function answer({ task, args }: Question): Promise<Answer> {
  try {
    const run = FONT_TASKS[task] as (...args: readonly unknown[]) => Promise<unknown>
    return { result: await run(...args) }
  } catch (error) {
    const [text, { font }] = args
    const known =
      error instanceof StudioError
        ? error
        : fault('fontCannotDraw', { font: basename(font ?? ''), text }, { cause: error })
    return { error: known.report() }
  }
}
