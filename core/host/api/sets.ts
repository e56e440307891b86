/** Picture sets, and the farm that makes them on several machines. */

import { oc, type } from '@orpc/contract'
import { z } from 'zod'
import { SAMENESS } from '../../contract/vocabulary.ts'
import type { FarmStatus } from '../../farm/view.ts'
import type { ErrorReport, Phrase } from '../../faults/studio-error.ts'
import { type SetInput, setSchema } from '../../sets/definition.ts'
import type { SetEstimate } from '../../sets/estimate.ts'
import type { OpenedSet } from '../../sets/open-set.ts'
import type { MadePicture, SetFailure } from '../../sets/state.ts'
import type { WordList } from '../../sets/word-list.ts'
import { id, listFile, listText } from './inputs.ts'

/** A picture of a set, as it lies in the set's folder. */
export type SetPicture = Omit<MadePicture, 'sha256'> & { thumbnailUrl: string }

export interface SetView {
  /** Absolute. */
  folder: string
  /** 0 before it has begun. */
  total: number
  made: number
  /** The newest first, some hundreds at most. */
  pictures: SetPicture[]
  failures: SetFailure[]
  /** Names that had to be changed. */
  notes: Phrase[]
}

/** The estimate of a set that is not started yet, and its folder. */
export type PlannedSet = SetEstimate & {
  /** Absolute. */
  folder: string
  /** What the folder contains: nothing, the same set, which is continued, or another one. */
  found: 'nothing' | 'same' | 'other'
  /** Why it may not go there unless it overwrites what is there. */
  obstacle: ErrorReport | null
}

const definition = setSchema as z.ZodType<z.output<typeof setSchema>, SetInput>

/** Absolute; default: one of the set's name in the data folder, which holds no other set. */
const folder = z.string().min(1).max(4096).optional()

export const sets = {
  /** Reads a typed word list: the words, and what is wrong with which line. */
  words: oc
    .input(z.strictObject({ text: listText, font: z.string().max(4096).nullable(), fallback: z.boolean().optional() }))
    .output(type<WordList>()),
  estimate: oc.input(z.strictObject({ definition, folder })).output(type<PlannedSet>()),
  start: oc
    .input(z.strictObject({ definition, folder, overwrite: z.boolean().optional(), farm: z.enum(SAMENESS).optional() }))
    .output(type<{ id: string }>()),
  /**
   * A SET.json, a finished set's set.json, or a list of words (.csv, .tsv, .txt, .xlsx, .apkg), with its words as a list to
   * edit; of a list also how it was read.
   */
  open: oc.input(listFile).output(type<OpenedSet>()),
  /** The state of a set's job. */
  view: oc.input(z.strictObject({ id })).output(type<SetView>()),
  /** Continues a finished set with all missing pictures, or with its failures alone. */
  resume: oc.input(z.strictObject({ id, only: z.enum(['all', 'failed']) })).output(type<void>()),
}

export const farm = {
  /** The farm's address without its token; null: none is set. */
  url: oc.output(type<string | null>()),
  /** Sets it, after a look whether it is one; null forgets it. */
  set: oc
    .input(z.strictObject({ url: z.string().min(1).max(500), token: z.string().min(1).max(500).optional() }).nullable())
    .output(type<void>()),
  status: oc.output(type<FarmStatus>()),
  /** Has a worker pause, go on, or finish and end. */
  order: oc.input(z.strictObject({ worker: id, order: z.enum(['run', 'pause', 'drain']) })).output(type<void>()),
}
