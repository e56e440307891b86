/** The child process of legibility-worker.ts. */
import { answer } from '../channel/answer.ts'
import { reportOf } from '../faults/fault.ts'
import { judgePicture } from './judge-composition.ts'
import type { LegibilityCalls } from './legibility-worker.ts'
import { openReader } from './recogniser.ts'

answer<LegibilityCalls>(
  { judge: ({ picture, subject }) => judgePicture(picture, subject) },
  { report: error => reportOf(error, 'scoreFailed') },
)

// While the picture is still being painted. What goes wrong is said by the first picture that is judged.
openReader().catch(() => undefined)
