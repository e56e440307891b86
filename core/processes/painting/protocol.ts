/** Messages between a host and its inference process. Structured clones: typed arrays travel as they are. */
import type { ErrorReport } from '../../contract/request.ts'
import type { LoadOptions } from '../../engine/network.ts'
import type { RetentionPolicy } from '../../engine/network-cache.ts'
import type { ProviderReport } from '../../engine/self-test.ts'
import type { PipelineJob, PipelineResult } from '../../pipeline/job.ts'
import type { PipelineEvent } from '../../pipeline/multi-controlnet-pipeline.ts'

/** Given to the process when it starts, as JSON in its first argument. */
export interface InferenceSettings {
  load: LoadOptions
  retention: RetentionPolicy
}

export type ToInference =
  | { kind: 'run'; id: number; job: PipelineJob }
  | { kind: 'cancel'; id: number }
  | { kind: 'give-back'; id: number }
  | { kind: 'self-test'; id: number }

export type FromInference =
  | { kind: 'event'; id: number; event: PipelineEvent }
  | { kind: 'done'; id: number; result: PipelineResult | ProviderReport[] | null }
  | { kind: 'failed'; id: number; error: ErrorReport }
