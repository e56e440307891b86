/** Jobs and pictures as programs see them. */
import { fault } from '../../faults/fault.ts'
import type { StudioHost } from '../../host/studio-host.ts'
import type { PictureDetails } from '../../library/picture-index.ts'
import type { StudioJob } from '../../queue/studio-jobs.ts'
import type { ServiceJob } from './contract/jobs.ts'
import type { ServicePicture } from './contract/pictures.ts'
import { hintFor } from './hints.ts'

/** Without folders of this machine. */
export function viewOf({ jobs }: StudioHost, job: StudioJob): ServiceJob {
  const { error: told, set, ...view } = jobs.view(job)
  // A run that comes to its end is done for the queue, also where it has made nothing.
  const nothingMade = job.state === 'done' && set !== null && set.done === 0 && set.failed > 0
  const error = nothingMade ? fault('setIncomplete', { failures: set.failed, total: set.failed }).report() : told
  return {
    ...view,
    state: nothingMade ? 'failed' : view.state,
    error: error && { code: error.code, message: error.message, hint: hintFor(error) },
  }
}

export function pictureOf(details: PictureDetails): ServicePicture {
  const { id, width, height, word, style, seed, draft, rating, tags, legibility, request, record, created } = details
  return {
    ...{ id, width, height, word, style, seed, draft, rating, tags, legibility, request },
    createdAt: created,
    prompt: record?.prompt ?? request.prompt ?? '',
    negativePrompt: record ? record.negativePrompt : request.negativePrompt,
  }
}
