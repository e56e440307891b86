/** Models, their downloads and their parts. */

import { oc, type } from '@orpc/contract'
import { z } from 'zod'
import type { RequestInput } from '../../contract/request.ts'
import type { DownloadProgress } from '../../downloads/model-download.ts'
import type { ErrorReport, Phrase } from '../../faults/studio-error.ts'
import type { KnownModel } from '../../machine/registry.ts'
import type { FoundModel } from '../../machine/scan.ts'
import type { Advice } from '../../weights/advice.ts'
import { id } from './inputs.ts'

/** Something that can be downloaded, and how far that is. */
export interface DownloadView {
  id: string
  name: string
  /** 'model', 'lora', 'runtime' … */
  kind: string
  /** English: what it is good for. */
  purpose: string
  licences: { name: string; of: string; url: string }[]
  /** Of all files; exact: false where only the server knows some sizes. */
  bytes: number
  exact: boolean
  onDisk: number
  starter: 'needed' | 'optional' | null
  /** Fields of the request that a LoRA of few steps wants. */
  suggested: Partial<Pick<RequestInput, 'sampler' | 'steps' | 'guidanceScale' | 'scheduler'>> | null
  /** "begun": it was paused or broke off, and goes on where it stopped. */
  state: 'absent' | 'begun' | 'running' | 'there'
  progress: DownloadProgress | null
  error: ErrorReport | null
}

export interface DownloadList {
  downloads: DownloadView[]
  /** Where the data folder is; null where the system does not say. */
  freeBytes: number | null
  /** Bytes a second, measured at the last download since the studio started. */
  speed: number | null
}

export interface ModelDetails {
  id: string
  bytes: number
  /** What its header says it is; null for a folder. */
  description: Phrase | null
  /** Networks of a folder. */
  parts: { name: string; bytes: number }[]
  missing: string[]
  /** How many keys nothing reads. */
  leftOver: number
  /** Bytes of a 16-bit copy that is made once. */
  widening: number
  advice: { training: string; suggested: NonNullable<DownloadView['suggested']> } | null
  triggerWords: string[]
}

const modelPath = z.string().min(1).max(4096)

export const models = {
  list: oc.output(type<KnownModel[]>()),
  /** Parts too: ControlNets, VAEs, LoRA. */
  all: oc.output(type<KnownModel[]>()),
  add: oc
    .input(z.strictObject({ path: modelPath, as: z.enum(['controlnet', 'vae']).optional() }))
    .output(type<KnownModel>()),
  /** Forgets it; what the studio downloaded is deleted. */
  remove: oc.input(z.strictObject({ id })).output(type<{ deleted: boolean }>()),
  details: oc.input(z.strictObject({ id })).output(type<ModelDetails>()),
  downloads: oc.output(type<DownloadList>()),
  /** Returns at once. paint: when it is there the newest word is painted with it, and it becomes the model. */
  download: oc.input(z.strictObject({ id, paint: z.boolean().optional() })).output(type<void>()),
  pause: oc.input(z.strictObject({ id })).output(type<void>()),
  /** Deletes what has arrived. */
  discard: oc.input(z.strictObject({ id })).output(type<void>()),
  /** The whole text; null where only the address is known. */
  licence: oc.input(z.strictObject({ id, at: z.int().min(0).max(100) })).output(type<{ text: string | null }>()),
  /** Models of other programs on this machine. */
  scan: oc.output(type<{ looked: string[]; found: FoundModel[] }>()),
  widened: oc.output(type<{ count: number; bytes: number }>()),
  clearWidened: oc.output(type<void>()),
  hub: oc.output(type<{ mirror: string | null; hasToken: boolean }>()),
  setHub: oc
    .input(
      z.strictObject({
        mirror: z.string().max(500).nullable().optional(),
        token: z.string().max(500).nullable().optional(),
      }),
    )
    .output(type<{ mirror: string | null; hasToken: boolean }>()),
  /** Settings that suit a model, by its id or path, as its files tell; null where they tell nothing. */
  advice: oc.input(z.strictObject({ model: z.string().max(4096) })).output(type<Advice | null>()),
}
