/** Fills in what requests leave open, once for all that differ in nothing that a default depends on. */
import type { Request, RequestInput } from '../contract/request.ts'
import { reportOf } from '../faults/fault.ts'
import type { ErrorReport } from '../faults/studio-error.ts'
import type { PictureMaker } from '../library/maker.ts'

type Answer = { request: Request } | { problem: ErrorReport }

/**
 * Completes requests, each kind once: no default depends on which word, meaning or seed it is, and completing reads the
 * style and the model from disk, which 20,000 words would wait for.
 */
export function completer(complete: PictureMaker['complete'], base: string): (input: RequestInput) => Promise<Answer> {
  const kinds = new Map<string, Promise<Answer>>()
  return async input => {
    const { word, translation = null, seed = 1, ...rest } = input
    const kind = JSON.stringify(rest)
    const known = kinds.get(kind)
    const answer =
      known ??
      complete(input, base).then(
        (request): Answer => ({ request }),
        (error: unknown): Answer => ({ problem: reportOf(error, 'unexpectedInPicture') }),
      )
    if (!known) kinds.set(kind, answer)
    const found = await answer
    return 'request' in found ? { request: { ...found.request, word: word ?? null, translation, seed } } : found
  }
}
