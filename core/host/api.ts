/**
 * The studio's procedures: what a renderer may ask of its host, over HTTP or a message port. Inputs are checked by their
 * schemas where they arrive; outputs are the host's own and typed only. The renderer imports types from here, no code.
 * Pictures never travel as bytes: they are URLs of the host, /pictures/ID.png, /thumbnails/ID.webp, /blobs/HASH.png,
 * /sets/JOB/HASH.webp.
 */
import type { ContractRouterClient } from '@orpc/contract'
import { eventIterator, oc, type } from '@orpc/contract'
import { z } from 'zod'
import type { Basis, LegendEntry } from '../conditioning/types.ts'
import { layoutSchema, type Request, type RequestInput, requestInputSchema } from '../contract/request.ts'
import { LIMITS, type MapName, METHODS, type Method } from '../contract/vocabulary.ts'
import type { ErrorReport, Phrase } from '../faults/studio-error.ts'
import type { FontInfo } from '../glyph/fonts.ts'
import type { Provider } from '../graph/profile.ts'
import { loggingSchema } from '../log/settings.ts'
import type { KnownModel } from '../machine/registry.ts'
import type { Lookup } from '../prompt/dictionary.ts'
import type { BuiltPrompts, PromptPart } from '../prompt/prompt-builder.ts'
import { type StyleDefinition, styleSchema } from '../prompt/style.ts'
import type { StyleProblem } from '../prompt/style-problems.ts'
import type { ImportedStyle, StyleList } from '../prompt/user-styles.ts'
import { type SetDefinition, type SetInput, setSchema } from '../sets/definition.ts'
import type { SetEstimate } from '../sets/estimate.ts'
import type { MadePicture, SetFailure } from '../sets/state.ts'
import type { WordList } from '../sets/word-list.ts'

// ------------------------------------------------------------------------------------------------------ what travels

export interface StudioInfo {
  version: string
  dataFolder: string
  platform: 'browser' | 'electron'
  models: KnownModel[]
  /** What computes pictures: "cpu" where no GPU does. */
  provider: Provider
  /** Id of the model that requests use where they name none. */
  defaultModel: string
}

export interface Job {
  id: string
  kind: 'picture' | 'set'
  state: 'waiting' | 'running' | 'done' | 'failed' | 'cancelled'
  title: string
  /** done and total in steps for pictures, in pictures for sets; total 0 until it is known. */
  progress: { done: number; total: number; secondsLeft: number | null }
  error: ErrorReport | null
  /** Ids of the pictures it has put into the library by now. */
  pictures: string[]
  /** Of a set: where it goes, and how many of its pictures are done and have failed. */
  set: { folder: string; done: number; failed: number } | null
  /** ISO 8601, UTC. */
  createdAt: string
}

export interface Picture {
  id: string
  url: string
  thumbnailUrl: string
  width: number
  height: number
  word: string | null
  style: string
  seed: number
  /** Made by the small model that ships inside. */
  draft: boolean
  /** 0 = none, 1..5. */
  rating: number
  tags: string[]
  notes: string
  /** 0..1, null where no word was drawn. */
  legibility: number | null
  /** ISO 8601, UTC. */
  createdAt: string
  trashed: boolean
  request: Request
  /** As they were built or given. */
  prompt: string
  negativePrompt: string | null
}

/** A picture of a set, as it lies in the set's folder. */
export type SetPicture = Omit<MadePicture, 'sha256'> & { thumbnailUrl: string }

export interface SetView {
  /** Absolute. */
  folder: string
  /** 0: it has not begun. */
  total: number
  made: number
  /** The newest first, some hundreds at most. */
  pictures: SetPicture[]
  failures: SetFailure[]
  /** Names that had to be changed. */
  notes: Phrase[]
}

/** What a set would be, and where it would go. */
export type PlannedSet = SetEstimate & {
  /** Absolute. */
  folder: string
  /** What is there already: the same set, which goes on, or another one. */
  found: 'nothing' | 'same' | 'other'
}

export type StudioEvent =
  | { kind: 'job'; job: Job }
  | { kind: 'job-removed'; id: string }
  | { kind: 'paused'; paused: boolean }
  | { kind: 'set-picture'; jobId: string; picture: SetPicture }
  | { kind: 'set-failure'; jobId: string; failure: SetFailure }
  /** A first look at the picture that is being made; step counts from 1, image from 0. */
  | { kind: 'preview'; jobId: string; url: string; step: number; steps: number; image: number; images: number }
  /** New in the library, or its notes have changed. */
  | { kind: 'picture'; picture: Picture }
  | { kind: 'problem'; error: ErrorReport }

export interface PreviewMap {
  map: MapName
  method: Method
  url: string
  legend: LegendEntry[]
  basis: Basis
  /** How long it took, milliseconds. */
  ms: number
}

export interface MapsPreview {
  /** In the order asked for. */
  maps: PreviewMap[]
  /** Black on transparent. */
  glyph: { url: string; width: number; height: number }
  /** SVG path data of all characters, in pixels of the canvas that was asked for. */
  outline: string
}

/** What a dropped picture says of its making. */
export interface ImportedSettings {
  request: RequestInput
  /** "name: value" of what has no place in a request. */
  unmapped: Phrase[]
}

// ----------------------------------------------------------------------------------------------------------- settings

export const settingsSchema = z.strictObject({
  language: z.enum(['en', 'ru', 'zh']),
  theme: z.enum(['dark', 'light', 'system']),
  /** Id or path. */
  model: z.string().max(4096),
  controlnet: z.string().max(4096).nullable(),
  /** Ids of styles. */
  favourites: z.array(z.string().max(40)).max(1000),
  /** Keys of acts by their id, where they are not the usual ones; none: the act has no key. */
  shortcuts: z.record(z.string().max(40), z.array(z.string().min(1).max(40)).max(4)),
  /** Levels and switches of the logs; read when the studio starts. */
  logging: loggingSchema.optional(),
  /** Other programs may use the Writing Service of this studio on 127.0.0.1; none: they may not. */
  localApi: z
    .strictObject({ port: z.int().min(1).max(65535) })
    .nullable()
    .optional(),
})
export type Settings = z.infer<typeof settingsSchema>
export const DEFAULT_SETTINGS: Settings = {
  language: 'en',
  theme: 'system',
  model: 'draft',
  controlnet: null,
  favourites: [],
  shortcuts: {},
}

// ------------------------------------------------------------------------------------------------------------- inputs

const id = z.string().min(1).max(100)
const ids = z.array(id).max(10_000)
/** Generous: the core says what is wrong with a longer word or prompt, and how much it may have. */
const word = z.string().max(1000)
const prompt = z.string().max(LIMITS.prompt)
const side = z.int().min(16).max(LIMITS.side)
/** Bytes of a file that was dropped or chosen. */
const file = z.strictObject({ name: z.string().min(1).max(255), data: z.instanceof(Blob) })

const choice = z.discriminatedUnion('map', [
  z.strictObject({ map: z.literal('canny'), method: z.enum(METHODS.canny) }),
  z.strictObject({ map: z.literal('depth'), method: z.enum(METHODS.depth) }),
  z.strictObject({ map: z.literal('segmentation'), method: z.enum(METHODS.segmentation) }),
  z.strictObject({ map: z.literal('scribble'), method: z.enum(METHODS.scribble) }),
])

const searchSchema = z.strictObject({
  /** Parts of word, translation, prompt, style, tags or notes; all must occur. */
  text: z.string().max(200).optional(),
  style: id.optional(),
  /** ISO 8601: a day or a moment; from inclusive, to exclusive. */
  from: z.iso.datetime().or(z.iso.date()).optional(),
  to: z.iso.datetime().or(z.iso.date()).optional(),
  minRating: z.int().min(0).max(5).optional(),
  tag: z.string().max(60).optional(),
  /** true: the trash alone; default: all but the trash. */
  trashed: z.boolean().optional(),
  /** The newest, the best rated or the most legible first. */
  sort: z.enum(['date', 'rating', 'legibility']),
  offset: z.int().min(0),
  limit: z.int().min(1).max(1000),
})
export type LibrarySearch = z.infer<typeof searchSchema>

const definition = setSchema as z.ZodType<z.output<typeof setSchema>, SetInput>
/** Absolute; default: one of the set's name in the data folder, which holds no other set. */
const folder = z.string().min(1).max(4096).optional()
/** 20,000 words with all they may have. */
const listText = z.string().max(3_000_000)

// ----------------------------------------------------------------------------------------------------- the procedures

const studio = {
  info: oc.output(type<StudioInfo>()),
  /** Everything that happens, to everyone who listens, from now on. */
  events: oc.output(eventIterator(type<StudioEvent>())),
}

const styles = {
  list: oc.output(type<StyleList>()),
  save: oc.input(z.strictObject({ style: styleSchema })).output(type<StyleDefinition>()),
  /** While a style is edited: what does not hold, field by field, and its prompt for a word; null where there is none. */
  check: oc
    .input(z.strictObject({ style: z.unknown(), word: word.nullable(), translation: z.string().max(1000).nullable() }))
    .output(type<{ problems: StyleProblem[]; prompt: PromptPart[] | null }>()),
  remove: oc.input(z.strictObject({ id })).output(type<void>()),
  importText: oc.input(z.strictObject({ text: z.string().max(100_000) })).output(type<ImportedStyle>()),
  exportText: oc.input(z.strictObject({ id })).output(type<{ text: string }>()),
}

const fonts = { list: oc.output(type<FontInfo[]>()) }

const dictionary = { lookUp: oc.input(z.strictObject({ word })).output(type<Lookup>()) }

const prompts = {
  build: oc
    .input(
      z.strictObject({
        word: word.nullable(),
        translation: z.string().max(1000).nullable(),
        /** Id of the style. */
        style: id,
        prompt: prompt.nullable(),
        negativePrompt: prompt.nullable(),
        additions: z.strictObject({ prompt: prompt.optional(), negativePrompt: prompt.optional() }).optional(),
        /** Whose vocabulary counts the tokens; default the settings' model. */
        model: z.string().max(4096).optional(),
      }),
    )
    .output(type<BuiltPrompts & { tokens: { prompt: number; negativePrompt: number | null } }>()),
}

const mapsOfWord = z.strictObject({
  word,
  layout: layoutSchema.partial(),
  width: side,
  height: side,
  choices: z.array(choice).max(12),
  /** Id of the style. */
  style: id,
  seed: z.int().min(0).max(Number.MAX_SAFE_INTEGER),
})

const maps = {
  /** The newest call wins: an older one that still runs fails with the code 'cancelled'. URLs are data URLs. */
  preview: oc.input(mapsOfWord).output(type<MapsPreview>()),
  /** The same for a picture that is looked at; it never stands in the way of a preview. */
  ofPicture: oc.input(mapsOfWord).output(type<MapsPreview>()),
  /** In the size and with the care of the picture, to be looked at closely or saved. */
  full: oc.input(mapsOfWord).output(type<MapsPreview>()),
  /** A picture of one's own, for a map or as initImage; path is what a request takes. */
  upload: oc.input(file).output(type<{ path: string; url: string }>()),
}

const request = {
  /** Every field that was left out, filled in as a picture would have it. */
  complete: oc.input(z.strictObject({ request: requestInputSchema })).output(type<{ request: Request }>()),
}

const queue = {
  add: oc
    .input(z.strictObject({ request: requestInputSchema, note: z.string().max(200).optional() }))
    .output(type<{ id: string }>()),
  /** Running first, then what waits in its order, then what is over, the newest first. */
  list: oc.output(type<Job[]>()),
  cancel: oc.input(z.strictObject({ id })).output(type<void>()),
  /** Takes a job off the list, cancelled if it is not over; its pictures stay. */
  remove: oc.input(z.strictObject({ id })).output(type<void>()),
  retry: oc.input(z.strictObject({ id })).output(type<void>()),
  state: oc.output(type<{ paused: boolean }>()),
  pause: oc.output(type<void>()),
  resume: oc.output(type<void>()),
  /** Puts a waiting job right before another one, or at the end. */
  move: oc.input(z.strictObject({ id, before: id.nullable() })).output(type<void>()),
}

const library = {
  search: oc.input(searchSchema).output(type<{ pictures: Picture[]; total: number }>()),
  get: oc.input(z.strictObject({ id })).output(type<Picture>()),
  /** What is left out stays. */
  note: oc
    .input(
      z.strictObject({
        ids,
        rating: z.int().min(0).max(5).optional(),
        tags: z.array(z.string().trim().min(1).max(60)).max(100).optional(),
        notes: z.string().max(10_000).optional(),
      }),
    )
    .output(type<void>()),
  trash: oc.input(z.strictObject({ ids })).output(type<void>()),
  restore: oc.input(z.strictObject({ ids })).output(type<void>()),
  /** For good, and only what is in the trash. */
  purge: oc.input(z.strictObject({ ids })).output(type<void>()),
  /** The settings of a dropped picture: ours, or another program's as far as they map. */
  importFile: oc.input(file).output(type<ImportedSettings>()),
  /** Where pictures lie on this machine, in the same order: the desktop drags and shows their files. */
  locate: oc.input(z.strictObject({ ids })).output(type<{ paths: string[] }>()),
}

const models = {
  list: oc.output(type<KnownModel[]>()),
  add: oc.input(z.strictObject({ path: z.string().min(1).max(4096) })).output(type<KnownModel>()),
  remove: oc.input(z.strictObject({ id })).output(type<void>()),
}

const sets = {
  /** A word list as it is typed: what can be drawn, and what is wrong with which line. */
  words: oc.input(z.strictObject({ text: listText, font: z.string().max(4096).nullable() })).output(type<WordList>()),
  estimate: oc.input(z.strictObject({ definition, folder })).output(type<PlannedSet>()),
  start: oc.input(z.strictObject({ definition, folder })).output(type<{ id: string }>()),
  /** A SET.json, a finished set's set.json or a WORDS.csv, with its words as a list to edit. */
  open: oc
    .input(z.strictObject({ name: z.string().min(1).max(255), text: listText }))
    .output(type<{ definition: SetDefinition; words: string }>()),
  /** The state of a set's job. */
  view: oc.input(z.strictObject({ id })).output(type<SetView>()),
  /** Goes on with a set that is over: with all that it lacks, or with its failures alone. What is done is not made again. */
  resume: oc.input(z.strictObject({ id, only: z.enum(['all', 'failed']) })).output(type<void>()),
}

const settings = {
  get: oc.output(type<Settings>()),
  /** Changes what is given and returns the whole. */
  set: oc.input(settingsSchema.partial()).output(type<Settings>()),
}

export const contract = {
  ...{ studio, styles, fonts, dictionary, prompts, maps, request, queue, library, models, sets, settings },
}

/** What a client of the studio can call. */
export type StudioClient = ContractRouterClient<typeof contract>
