/** The thread behind font-door.ts. */
import { basename } from 'node:path'
import { answer } from '../channel/answer.ts'
import { fault } from '../faults/fault.ts'
import { StudioError } from '../faults/studio-error.ts'
import { FONT_TASKS, type FontCalls, type FontTaskName } from './font-tasks.ts'

/** WebAssembly stopped in the middle: its memory cannot be trusted any more, and the next font gets a new thread. */
const isTrap = (error: unknown): boolean =>
  error instanceof Error && (error.name === 'RuntimeError' || isTrap(error.cause))

/** A library's own words about a damaged font say nothing to a designer. */
async function inWords<Name extends FontTaskName>(name: Name, args: FontCalls[Name]['request']) {
  try {
    const run = FONT_TASKS[name] as (...args: FontCalls[Name]['request']) => Promise<FontCalls[Name]['reply']>
    return await run(...args)
  } catch (cause) {
    if (isTrap(cause)) setTimeout(() => process.exit(1), 0)
    if (cause instanceof StudioError) throw cause
    const [text, { font }] = args
    throw fault('fontCannotDraw', { font: basename(font ?? ''), text }, { cause })
  }
}

answer<FontCalls>({
  ready: async () => null,
  placeWord: args => inWords('placeWord', args),
  facesFor: args => inWords('facesFor', args),
  missingGlyphs: args => inWords('missingGlyphs', args),
})
