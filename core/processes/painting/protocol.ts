/** The calls of the inference process, and its settings. */
import type { LoadOptions } from '../../engine/network.ts'
import type { RetentionPolicy } from '../../engine/network-cache.ts'
import type { ProviderReport } from '../../engine/self-test.ts'
import type { PipelineJob, PipelinePreparation, PipelineResult } from '../../pipeline/job.ts'
import type { PipelineEvent } from '../../pipeline/multi-controlnet-pipeline.ts'

/** Passed to the process as JSON in its first argument. */
export interface InferenceSettings {
  load: LoadOptions
  retention: RetentionPolicy
}

export interface InferenceCalls {
  /** Does what a job needs before its control pictures: opens the model, reads the prompts, loads the networks. */
  prepare: { request: PipelinePreparation; event: never; reply: null }
  /** Makes the pictures of one job. */
  paint: { request: PipelineJob; event: PipelineEvent; reply: PipelineResult }
  /** Releases every session that is kept between pictures. */
  release: { request: null; event: never; reply: null }
  /** Tries every provider that this build has on a tiny network. */
  selfTest: { request: null; event: never; reply: ProviderReport[] }
}
