/** The pictures that were made. */

import { oc, type } from '@orpc/contract'
import { z } from 'zod'
import type { Request, RequestInput } from '../../contract/request.ts'
import type { Phrase } from '../../faults/studio-error.ts'
import type { Album } from '../../library/families.ts'
import type { JudgementRecord } from '../../library/record.ts'
import { albumName } from '../../library/sidecar.ts'
import type { OpenedSet } from '../../sets/open-set.ts'
import type { SavedQuery } from '../default-settings.ts'
import { type Exported, exportSchema } from '../export-schema.ts'
import { file, id, ids } from './inputs.ts'

export interface Picture {
  id: string
  url: string
  thumbnailUrl: string
  width: number
  height: number
  word: string | null
  style: string
  seed: number
  /** Made by the draft model that ships with the studio. */
  draft: boolean
  /** 0 = none, 1..5. */
  rating: number
  tags: string[]
  notes: string
  /** Names of the user's own albums that it is in. */
  albums: string[]
  /** The set that it was made in, which is an album too. */
  set: { id: string; name: string } | null
  /** 0..1, null where no word was drawn or it cannot be judged. */
  legibility: number | null
  /** How the legibility came about; null for pictures of before the studio could read. */
  judgement: JudgementRecord | null
  /** ISO 8601, UTC. */
  createdAt: string
  trashed: boolean
  request: Request
  /** As they were built or given. */
  prompt: string
  negativePrompt: string | null
}

/** The settings in a dropped picture's metadata. */
export interface ImportedSettings {
  request: RequestInput
  /** "name: value" of settings that have no field in a request. */
  unmapped: Phrase[]
}

const tag = z.string().trim().min(1).max(60)

const searchSchema = z.strictObject({
  /** Parts of word, reading, translation, prompt, style, tags or notes; all must occur. */
  text: z.string().max(200).optional(),
  style: id.optional(),
  /** ISO 8601: a day or a moment; from inclusive, to exclusive. */
  from: z.iso.datetime().or(z.iso.date()).optional(),
  to: z.iso.datetime().or(z.iso.date()).optional(),
  minRating: z.int().min(0).max(5).optional(),
  tag: z.string().max(60).optional(),
  /** Id of a set, name of an own album. */
  set: id.optional(),
  album: z.string().max(120).optional(),
  /** false: leaves out what was made in sets. */
  inSets: z.boolean().optional(),
  /** true: the trash alone; default: all but the trash. */
  trashed: z.boolean().optional(),
  /** The newest, the best rated or the most legible first. */
  sort: z.enum(['date', 'rating', 'legibility']),
  offset: z.int().min(0),
  limit: z.int().min(1).max(1000),
})

export type LibrarySearch = z.infer<typeof searchSchema>

export const savedQuery: z.ZodType<SavedQuery> = searchSchema.omit({ offset: true, limit: true })

export const library = {
  search: oc.input(searchSchema).output(type<{ pictures: Picture[]; total: number }>()),
  get: oc.input(z.strictObject({ id })).output(type<Picture>()),
  /** What is left out stays. */
  note: oc
    .input(
      z.strictObject({
        ids,
        rating: z.int().min(0).max(5).optional(),
        tags: z.array(tag).max(100).optional(),
        /** Joins the tags that each picture has. */
        addTag: tag.optional(),
        /** Into, and out of, an album of the user's own. */
        addAlbum: albumName.optional(),
        removeAlbum: albumName.optional(),
        notes: z.string().max(10_000).optional(),
      }),
    )
    .output(type<void>()),
  albums: oc.output(type<Album[]>()),
  /** Makes files of a selection: pictures, a contact sheet, a deck, cards, layers, outlines; several come as a ZIP. */
  export: oc.input(exportSchema).output(type<Exported>()),
  /** A picture and all versions of it, the oldest first. */
  versions: oc.input(z.strictObject({ id })).output(type<Picture[]>()),
  /** A selection as a set to be edited: its words, each with its style and seed. */
  asSet: oc.input(z.strictObject({ ids })).output(type<OpenedSet>()),
  /** Another name for an album of the user's own; null dissolves it, its pictures stay. */
  renameAlbum: oc.input(z.strictObject({ from: albumName, to: albumName.nullable() })).output(type<void>()),
  trash: oc.input(z.strictObject({ ids })).output(type<void>()),
  restore: oc.input(z.strictObject({ ids })).output(type<void>()),
  /** Deletes pictures of the trash for good; others are left alone. */
  purge: oc.input(z.strictObject({ ids })).output(type<void>()),
  /** The settings in a dropped picture: the studio's own, or another program's as far as they have a counterpart. */
  importFile: oc.input(file).output(type<ImportedSettings>()),
  /** Its commonest colours, "#rrggbb", as a palette has them: the ground first. */
  colours: oc.input(z.strictObject({ id })).output(type<string[]>()),
  /** Absolute paths of pictures, in the same order, for the desktop's drag and file manager. */
  locate: oc.input(z.strictObject({ ids })).output(type<{ paths: string[] }>()),
}
