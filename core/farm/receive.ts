/** A result → a picture of the set, or why it is none. */

import { textsOf } from '../composition/texts.ts'
import type { Request } from '../contract/request.ts'
import type { Sameness } from '../contract/vocabulary.ts'
import { fault } from '../faults/fault.ts'
import { StudioError } from '../faults/studio-error.ts'
import type { GeneratedPicture } from '../generate/ai-image-generator.ts'
import { facesFor } from '../glyph/font-door.ts'
import { computesAlike, type Fingerprint } from '../processes/painting/fingerprint.ts'
import type { DescribedTask } from './describe-task.ts'
import { type Painted, ResultError, readResult } from './result.ts'

export interface Expected {
  /** As the set has it, with this machine's paths. */
  request: Request
  described: DescribedTask
  same: Sameness
  made: Fingerprint
}

/** A result that is not what was asked for: another worker may do it right. */
export class WrongResult extends Error {
  override name = 'WrongResult' as const
  readonly report: StudioError

  constructor(report: StudioError) {
    super(report.message)
    this.report = report
  }
}

/**
 * @throws WrongResult; StudioError: why no worker could paint it
 */
export async function receive(bytes: Uint8Array, expected: Expected): Promise<GeneratedPicture> {
  const { request, described, same, made } = expected
  const read = await readResult(bytes, described.task).catch(error => {
    throw error instanceof ResultError ? wrongResult('a worker', error.message) : error
  })
  const { worker, outcome } = read
  if ('error' in outcome) throw StudioError.from(outcome.error)
  const { picture } = outcome
  await checkFonts(request, picture, worker)
  if (same === 'exact' && !computesAlike(read.made, made))
    throw wrongResult(worker, 'another kind of machine painted it')
  return { ...picture, request: { ...request, count: 1 }, files: described.files, trace: null, made: read.made }
}

/** @param reason in another program's words */
export const wrongResult = (worker: string, reason: string) =>
  new WrongResult(fault('farmResultWrong', { worker, reason }))

/** A worker may have another file under the name of a font that could not travel. */
async function checkFonts(request: Request, { word: drawn }: Painted, worker: string): Promise<void> {
  if (!drawn || drawn.fonts.length === 0) return
  const faces = await Promise.all(textsOf(request).map(({ text, layout }) => facesFor(text, layout)))
  const expected = new Set(faces.flatMap(found => [...found.values()].map(({ sha256 }) => sha256)))
  const others = drawn.fonts.filter(({ sha256 }) => !expected.has(sha256))
  if (others.length === 0) return
  throw new WrongResult(fault('farmFontDiffers', { worker, fonts: others.map(({ name }) => name).join(', ') }))
}
