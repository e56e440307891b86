/** Jobs and pictures as programs see them. */
import type { StudioHost } from '../../host/studio-host.ts'
import type { PictureDetails } from '../../library/picture-index.ts'
import type { StudioJob } from '../../queue/studio-jobs.ts'
import type { ServiceJob, ServicePicture } from './contract.ts'

/** Without folders of this machine. */
export function viewOf({ jobs }: StudioHost, job: StudioJob): ServiceJob {
  const { error, set: _, ...view } = jobs.view(job)
  return { ...view, error: error && { code: error.code, message: error.message, hint: error.hint } }
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
