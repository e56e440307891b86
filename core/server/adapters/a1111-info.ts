/** The "info" of A1111's answers: how its pictures were made. Source: its modules/processing.py, Processed.js. */
import type { RequestInput } from '../../contract/request.ts'
import { SAMPLER_TITLES } from '../../contract/vocabulary.ts'
import { VERSION } from '../../files/version.ts'
import { parametersText } from '../../image/png-metadata.ts'
import type { PictureDetails } from '../../library/picture-index.ts'

interface AboutJob {
  id: string
  interrupted: boolean
  /** What its prompt asked for and is not there. */
  notices: readonly string[]
}

/** @param request as it was asked for, where nothing has been made */
export function infoOf(
  pictures: readonly PictureDetails[],
  request: RequestInput,
  { id, interrupted, notices }: AboutJob,
) {
  const [first] = pictures
  const { prompt = request.prompt ?? '', negativePrompt = null } = first?.record ?? {}
  const complete = first?.request ?? request
  const { sampler, seed = -1 } = complete
  return {
    ...{ prompt, all_prompts: pictures.map(() => prompt) },
    ...{ negative_prompt: negativePrompt ?? '', all_negative_prompts: pictures.map(() => negativePrompt ?? '') },
    ...{
      seed,
      all_seeds: pictures.map(picture => picture.seed),
      subseed: -1,
      all_subseeds: pictures.map(() => -1),
      subseed_strength: 0,
    },
    ...{ width: complete.width, height: complete.height, steps: complete.steps, cfg_scale: complete.guidanceScale },
    sampler_name: sampler ? SAMPLER_TITLES[sampler] : null,
    batch_size: pictures.length,
    sd_model_name: complete.model,
    denoising_strength: complete.initImage ? complete.strength : null,
    infotexts: pictures.map(({ request, record }) =>
      parametersText({
        request,
        prompt: record?.prompt ?? '',
        negativePrompt: record?.negativePrompt ?? null,
        version: VERSION,
      }),
    ),
    extra_generation_params: { word: complete.word, legibility: first?.legibility ?? null },
    job_timestamp: first?.created ?? '',
    ...{ job: id, interrupted },
    comments: notices,
  }
}
