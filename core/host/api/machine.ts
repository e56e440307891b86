/** What computes here, and what a picture takes of it. */

import { oc, type } from '@orpc/contract'
import { z } from 'zod'
import { requestInputSchema } from '../../contract/request.ts'
import type { ProfileName } from '../../contract/vocabulary.ts'
import type { MeasuredProvider } from '../../generate/measure-steps.ts'
import type { Provider } from '../../graph/op-profiles.ts'
import type { MachineStatus } from '../../machine/gpu/gpu-manager.ts'
import type { MachineEstimate, ProviderState } from '../../machine/machine.ts'
import type { MemoryRecord } from '../../machine/memory-monitor.ts'

/** What computes here, for the settings. */
export interface MachineView {
  status: MachineStatus
  providers: ProviderState[]
  provider: Provider
  profile: ProfileName
  /** The user has named the profile. */
  fixed: boolean
  /** Bytes that the inference processes have now; 0 where none runs, null where the system does not tell. */
  inference: number | null
  /** What the operations of the last pictures took. */
  operations: readonly MemoryRecord[]
  /** Of the data folder's disk, bytes. */
  disk: { free: number; total: number } | null
}

/** What a picture would take of memory, bytes, and of time. */
export interface PictureEstimate extends MachineEstimate {
  /** In use by other programs. */
  others: number
  /** null: no picture was painted with this model yet. */
  milliseconds: number | null
}

export const machine = {
  /** Asked while somebody looks; nothing is polled otherwise. */
  view: oc.output(type<MachineView>()),
  /** Tries every provider again; may take a minute. */
  tryAll: oc.output(type<ProviderState[]>()),
  /** Paints a few steps with each provider, of the settings' model; may take minutes. Refused while a picture is made. */
  measure: oc.output(type<MeasuredProvider[]>()),
  /** null: a quantised file whose copy is not made yet. */
  estimate: oc.input(z.strictObject({ request: requestInputSchema })).output(type<PictureEstimate | null>()),
  /** Gives loaded networks back, after the picture that is being made. */
  release: oc.output(type<void>()),
}
