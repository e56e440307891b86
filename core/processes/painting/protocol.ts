/** The calls of the inference process, and its settings. */
import type { Computed, EngineChoice, EngineUsed } from '../../machine/engine-choice.ts'
import type { MeasuredFactor } from '../../machine/factors.ts'
import type { MemoryRecord } from '../../machine/memory-monitor.ts'
import type { PipelineJob, PipelinePreparation, PipelineResult } from '../../pipeline/job.ts'
import type { PipelineEvent } from '../../pipeline/multi-controlnet-pipeline.ts'

export type { InferenceSettings } from '../../machine/engine-choice.ts'

/** How a job is to be computed; a process started with other settings takes these. */
export interface EngineOrder extends Pick<EngineChoice, 'ladder' | 'fixed' | 'cardFree' | 'factors'> {
  /** Painted although it may not fit into memory. */
  force: boolean
}

interface Engined {
  /** Default: the settings that the process was started with, whatever they take. */
  engine?: EngineOrder
}

export interface PaintRequest extends PipelineJob, Engined {}

export interface PrepareRequest extends PipelinePreparation, Engined {}

/** What the process has in memory between two jobs, bytes. */
export interface Holding {
  /** Its own, mapped files not counted. */
  own: number
  /** What its loaded networks were planned to hold. */
  networks: number
}

export interface PaintReply extends PipelineResult {
  /** null where the process used the settings that it was started with. */
  engine: EngineUsed | null
  computed: Computed
  holding: Holding
  /** What its memory was in parts of what was estimated, where this picture can tell. */
  measured: readonly MeasuredFactor[]
  /** What each operation of this job took. */
  memory: readonly MemoryRecord[]
}

export interface InferenceCalls {
  /** Does what a job needs before its control pictures: opens the model, reads the prompts, loads the networks. */
  prepare: { request: PrepareRequest; event: never; reply: null }
  /** Makes the pictures of one job. */
  paint: { request: PaintRequest; event: PipelineEvent; reply: PaintReply }
  /** Releases every session that is kept between pictures. */
  release: { request: null; event: never; reply: null }
}
