/**
 * The contract of the studio's procedures, which the renderer calls over HTTP. Inputs are validated by their schemas;
 * outputs
 * are only typed, as the host makes them. The renderer imports types from here, no code.
 * Pictures never travel as bytes: they are URLs of the host, /pictures/ID.png, /thumbnails/ID.webp, /blobs/HASH.png,
 * /sets/JOB/HASH.webp.
 */
import type { ContractRouterClient } from '@orpc/contract'
import { eventIterator, oc, type } from '@orpc/contract'
import { z } from 'zod'
import type { Motif } from '../composition/motifs.ts'
import type { Basis, LegendEntry } from '../conditioning/types.ts'
import { type Composition, compositionSchema } from '../contract/composition.ts'
import { layoutSchema, type Request, type RequestInput, requestInputSchema } from '../contract/request.ts'
import {
  COMPOSITION_LIMITS,
  LANGUAGES,
  LIMITS,
  type MapName,
  METHODS,
  type Method,
  MOTIF_FORMS,
  MOTIF_LAYOUTS,
  PROFILE_NAMES,
  PROVIDER_NAMES,
  type ProfileName,
  SAMENESS,
  THEMES,
} from '../contract/vocabulary.ts'
import type { DownloadProgress } from '../downloads/model-download.ts'
import type { FarmStatus } from '../farm/view.ts'
import type { ErrorReport, Phrase } from '../faults/studio-error.ts'
import type { FontInfo } from '../glyph/font-list.ts'
import type { PlacedBlock } from '../glyph/types.ts'
import type { Provider } from '../graph/op-profiles.ts'
import type { Album } from '../library/picture-index.ts'
import type { JudgementRecord } from '../library/record.ts'
import { albumName } from '../library/sidecar.ts'
import { loggingSchema } from '../log/settings.ts'
import type { MachineStatus } from '../machine/gpu/gpu-manager.ts'
import type { MachineEstimate, ProviderState } from '../machine/machine.ts'
import type { MemoryRecord } from '../machine/memory-monitor.ts'
import type { KnownModel } from '../machine/registry.ts'
import type { FoundModel } from '../machine/scan.ts'
import { DICTIONARY_LANGUAGES, type Lookup } from '../prompt/dictionary.ts'
import type { GlossaryEntry, GlossaryImport } from '../prompt/glossary.ts'
import type { BuiltPrompts, PromptPart } from '../prompt/prompt-builder.ts'
import { type StyleDefinition, styleSchema } from '../prompt/style.ts'
import type { StyleProblem } from '../prompt/style-problems.ts'
import type { ImportedStyle, StyleList } from '../prompt/user-styles.ts'
import { type SetInput, setSchema } from '../sets/definition.ts'
import type { SetEstimate } from '../sets/estimate.ts'
import type { OpenedSet } from '../sets/open-set.ts'
import type { MadePicture, SetFailure } from '../sets/state.ts'
import type { WordList } from '../sets/word-list.ts'
import { COLUMNS } from '../tables/columns.ts'
import type { Advice } from '../weights/advice.ts'
import { DEFAULT_SETTINGS, type SavedQuery, type Settings } from './default-settings.ts'
import { type Exported, exportSchema } from './export-schema.ts'
import type { LocalApiState } from './local-api.ts'
import type { Durations, MemorySample } from './statistics.ts'

// ------------------------------------------------------------------------------------------------------ what travels

export interface StudioInfo {
  version: string
  dataFolder: string
  platform: 'browser' | 'electron'
  models: KnownModel[]
  /** The ONNX Runtime provider that computes pictures; "cpu" without a GPU. */
  provider: Provider
  /** Id of the model that requests use where they name none. */
  defaultModel: string
  /** Methods of maps whose networks are not installed. */
  missingMethods: Method[]
}

export interface Job {
  id: string
  kind: 'picture' | 'set'
  state: 'waiting' | 'running' | 'done' | 'failed' | 'cancelled'
  title: string
  /** In steps for picture jobs, in pictures for sets; total is 0 until it is known. */
  progress: { done: number; total: number; secondsLeft: number | null }
  error: ErrorReport | null
  /** Library ids of its pictures so far. */
  pictures: string[]
  /** Ids of the styles it paints in. */
  styles: string[]
  /** How many pictures it makes; 0 of a set until that is known. */
  count: number
  /** Its newest picture; null while there is none. */
  thumbnailUrl: string | null
  /** Of a set: its folder, and how many pictures are done and have failed. */
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

export type StudioEvent =
  | { kind: 'download'; download: DownloadView }
  /** Models were added or removed, or another one was chosen by itself. */
  | { kind: 'models' }
  | { kind: 'job'; job: Job }
  | { kind: 'job-removed'; id: string }
  | { kind: 'jobs-removed'; ids: readonly string[] }
  | { kind: 'paused'; paused: boolean }
  | { kind: 'set-picture'; jobId: string; picture: SetPicture }
  | { kind: 'set-failure'; jobId: string; failure: SetFailure }
  /** A preview of the picture that is being made; step counts from 1, image from 0. */
  | { kind: 'preview'; jobId: string; url: string; step: number; steps: number; image: number; images: number }
  /** New in the library, or its notes have changed. */
  | { kind: 'picture'; picture: Picture }
  | { kind: 'problem'; error: ErrorReport }

export interface StudioStatus {
  version: string
  /** The ONNX Runtime provider that computes pictures; "cpu" without a GPU. */
  provider: Provider
  models: { id: string; name: string; builtIn: boolean; present: boolean; inMemory: boolean; isDefault: boolean }[]
  queue: { waiting: number; running: number; paused: boolean }
  /** Since the studio was started. */
  generations: number
  failures: number
  durations: Durations[]
  /** The newest first; timings in milliseconds by stage. */
  recent: RecentPicture[]
  memory: MemorySample
  /** The last hour, the oldest first. */
  memoryCurve: MemorySample[]
  /** Of the data folder, bytes; null where the system does not tell. */
  disk: { free: number; total: number } | null
}

export interface RecentPicture {
  id: string
  word: string | null
  style: string
  /** ISO 8601, UTC. */
  created: string
  /** 0..1, null where no word was drawn. */
  legibility: number | null
  timings: Record<string, number>
}

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
  /** SVG path data of all characters, in pixels of the requested canvas. */
  outline: string
  /** Of a composition: its blocks that take part, in paint order. */
  blocks: BlockView[]
}

/** A motif to choose, with its line drawing as SVG path data in a box of one by one around the origin. */
export interface MotifView extends Motif {
  path: string
}

/** A block as it lies on the requested canvas, in its pixels. */
export interface BlockView
  extends Pick<
    PlacedBlock,
    'index' | 'kind' | 'name' | 'path' | 'corners' | 'frame' | 'transform' | 'hidden' | 'hiddenBy'
  > {
  /** Width of its strokes, on average. */
  strokeWidth: number
}

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

/** What a picture would take of memory, bytes. */
export interface PictureEstimate extends MachineEstimate {
  /** In use by other programs. */
  others: number
}

/** The settings in a dropped picture's metadata. */
export interface ImportedSettings {
  request: RequestInput
  /** "name: value" of settings that have no field in a request. */
  unmapped: Phrase[]
}

// ----------------------------------------------------------------------------------------------------------- settings

/** Settings of which more is checked than that they have the type of their default. */
const CHECKED_SETTINGS = {
  language: z.enum(LANGUAGES),
  theme: z.enum(THEMES),
  model: z.string().max(4096),
  controlnet: z.string().max(4096).nullable(),
  favourites: z.array(z.string().max(40)).max(1000),
  samples: z.record(z.string().max(40), z.string().max(100)),
  searches: z
    .array(z.strictObject({ name: z.string().trim().min(1).max(60), query: z.lazy(() => savedQuery) }))
    .max(200),
  shortcuts: z.record(z.string().max(40), z.array(z.string().min(1).max(40)).max(4)),
  logging: loggingSchema.nullable(),
  localApi: z.strictObject({ port: z.int().min(1).max(65535), token: z.string().min(8).max(200).nullish() }).nullable(),
  provider: z.enum([...PROVIDER_NAMES, 'auto']),
  profile: z.enum([...PROFILE_NAMES, 'auto']),
  idleMinutes: z.number().min(0).max(1440),
} satisfies { [K in keyof Settings]?: z.ZodType<Settings[K]> }

type SettingsShape = { [K in keyof Settings]: z.ZodType<Settings[K]> }

export const settingsSchema = z.strictObject({ ...byDefaults(), ...CHECKED_SETTINGS } as SettingsShape)

/** A switch or a number is checked by the type of its default alone. */
function byDefaults(): Record<string, z.ZodType> {
  const checks: Record<string, z.ZodType> = { boolean: z.boolean(), number: z.number() }
  return Object.fromEntries(
    Object.entries(DEFAULT_SETTINGS).map(([name, value]) => [name, checks[typeof value] ?? z.never()]),
  )
}

// ------------------------------------------------------------------------------------------------------------- inputs

const id = z.string().min(1).max(100)
const ids = z.array(id).max(10_000)
/** Larger than the core's own limit, whose error says how long a word may be. */
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
const savedQuery: z.ZodType<SavedQuery> = searchSchema.omit({ offset: true, limit: true })

const definition = setSchema as z.ZodType<z.output<typeof setSchema>, SetInput>
/** Absolute; default: one of the set's name in the data folder, which holds no other set. */
const folder = z.string().min(1).max(4096).optional()
/** 20,000 words with all they may have. */
const listText = z.string().max(3_000_000)
/** A file of words: its bytes, or a text that has been decoded already; and how it is to be read. */
const listFile = z.strictObject({
  name: z.string().min(1).max(255),
  data: z.instanceof(Blob).optional(),
  text: listText.optional(),
  encoding: z.string().max(40).optional(),
  sheet: z.string().max(255).optional(),
  header: z.boolean().optional(),
  /** A column's number from 1, its letter, or its name. */
  columns: z.partialRecord(z.enum(COLUMNS), z.union([z.int().min(1), z.string().min(1).max(255)])).optional(),
})

// ----------------------------------------------------------------------------------------------------- the procedures

const studio = {
  info: oc.output(type<StudioInfo>()),
  /** A stream of all events from now on. */
  events: oc.output(eventIterator(type<StudioEvent>())),
  status: oc.output(type<StudioStatus>()),
  /** Whether other programs are let in; settings.set has done what it says when it answers. */
  localApi: oc.output(type<LocalApiState>()),
}

const styles = {
  list: oc.output(type<StyleList>()),
  save: oc.input(z.strictObject({ style: styleSchema })).output(type<StyleDefinition>()),
  /** While a style is edited: what is invalid, field by field, and its prompt for a word; null where there is none. */
  check: oc
    .input(z.strictObject({ style: z.unknown(), word: word.nullable(), translation: z.string().max(1000).nullable() }))
    .output(type<{ problems: StyleProblem[]; prompt: PromptPart[] | null }>()),
  remove: oc.input(z.strictObject({ id })).output(type<void>()),
  importText: oc.input(z.strictObject({ text: z.string().max(100_000) })).output(type<ImportedStyle>()),
  exportText: oc.input(z.strictObject({ id })).output(type<{ text: string }>()),
}

const fonts = { list: oc.output(type<FontInfo[]>()) }

/** Of a word in Chinese characters that is also Japanese; default Chinese. */
const language = z.enum(DICTIONARY_LANGUAGES).optional()

const dictionary = { lookUp: oc.input(z.strictObject({ word, language })).output(type<Lookup>()) }

const glossary = {
  /** Meanings that the user has typed or imported. */
  list: oc.output(type<{ file: string; entries: GlossaryEntry[] }>()),
  set: oc.input(z.strictObject({ word: word.min(1), translation: z.string().min(1).max(200) })).output(type<void>()),
  remove: oc.input(z.strictObject({ word })).output(type<{ removed: boolean }>()),
  /** The words with meanings of a list: .csv, .tsv, .txt, .xlsx or .apkg. */
  importFile: oc.input(listFile).output(type<GlossaryImport>()),
}

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
        language,
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
  /** Instead of the word alone. */
  composition: compositionSchema.nullable().optional(),
  choices: z.array(choice).max(12),
  /** Id of the style. */
  style: id,
  seed: z.int().min(0).max(Number.MAX_SAFE_INTEGER),
})

const maps = {
  /** A newer call cancels the older one, which fails with the code 'cancelled'. URLs are data URLs. */
  preview: oc.input(mapsOfWord).output(type<MapsPreview>()),
  /** The same for a finished picture; it does not cancel a preview. */
  ofPicture: oc.input(mapsOfWord).output(type<MapsPreview>()),
  /** At the picture's full size and quality, to be enlarged or saved. */
  full: oc.input(mapsOfWord).output(type<MapsPreview>()),
  /** Stores a user's picture, for a map (default) or as initImage; path goes into a request. */
  upload: oc
    .input(file.extend({ use: z.enum(['map', 'picture']).optional() }))
    .output(type<{ path: string; url: string }>()),
}

const motifForm = z.enum(MOTIF_FORMS)
const motifChoice = z.strictObject({
  source: z.union([
    z.strictObject({ emoji: z.string().min(1).max(40), form: motifForm, weight: z.int().min(300).max(700) }),
    z.strictObject({ path: z.string().min(1).max(COMPOSITION_LIMITS.path), form: motifForm }),
  ]),
  name: z.string().max(COMPOSITION_LIMITS.name),
})

const composition = {
  /** Motifs for what is typed, in English, Russian or Chinese; without a text, for what the word means. */
  motifs: oc
    .input(
      z.strictObject({
        text: z.string().max(200),
        word: word.nullable(),
        translation: z.string().max(1000).nullable(),
      }),
    )
    .output(type<MotifView[]>()),
  /** A designer's own SVG file as a motif. */
  svg: oc.input(file).output(type<{ path: string }>()),
  /** Sets the motifs of a composition anew, around, behind or into its words; without motifs, takes them away. */
  arrange: oc
    .input(
      z.strictObject({
        composition: compositionSchema,
        word: word.nullable(),
        layout: layoutSchema.partial(),
        motifLayout: z.enum(MOTIF_LAYOUTS),
        motifs: z.array(motifChoice).max(COMPOSITION_LIMITS.blocks),
        seed: z.int().min(0).max(Number.MAX_SAFE_INTEGER),
        width: side,
        height: side,
      }),
    )
    .output(type<{ composition: Composition }>()),
}

const request = {
  /** Fills in every field that was left out. */
  complete: oc.input(z.strictObject({ request: requestInputSchema })).output(type<{ request: Request }>()),
}

const queue = {
  add: oc
    .input(z.strictObject({ request: requestInputSchema, note: z.string().max(200).optional() }))
    .output(type<{ id: string }>()),
  /** Running first, then what waits in its order, then the newest 200 that are over; the rest is history. */
  list: oc.output(type<Job[]>()),
  /** A page of what is over, the newest first; `next` of a page is `before` of the one behind it. */
  history: oc
    .input(z.strictObject({ before: z.int().min(0).optional(), limit: z.int().min(1).max(500) }))
    .output(type<{ jobs: Job[]; next: number | null }>()),
  cancel: oc.input(z.strictObject({ id })).output(type<void>()),
  /** Removes a job from the list, after cancelling it if need be; its pictures stay. */
  remove: oc.input(z.strictObject({ id })).output(type<void>()),
  /** Takes everything that is over off the list, history included; pictures stay. */
  clear: oc.output(type<{ removed: number }>()),
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
  /** Absolute paths of pictures, in the same order, for the desktop's drag and file manager. */
  locate: oc.input(z.strictObject({ ids })).output(type<{ paths: string[] }>()),
}

const modelPath = z.string().min(1).max(4096)

const models = {
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

const machine = {
  /** Asked while somebody looks; nothing is polled otherwise. */
  view: oc.output(type<MachineView>()),
  /** Tries every provider again; may take a minute. */
  tryAll: oc.output(type<ProviderState[]>()),
  /** null: a quantised file whose copy is not made yet. */
  estimate: oc.input(z.strictObject({ request: requestInputSchema })).output(type<PictureEstimate | null>()),
  /** Gives loaded networks back, after the picture that is being made. */
  release: oc.output(type<void>()),
}

const sets = {
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

const farm = {
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

const settings = {
  get: oc.output(type<Settings>()),
  /** Changes what is given and returns the whole. */
  set: oc.input(settingsSchema.partial()).output(type<Settings>()),
}

export const contract = {
  studio,
  styles,
  fonts,
  dictionary,
  glossary,
  prompts,
  maps,
  composition,
  request,
  queue,
  library,
  models,
  machine,
  sets,
  farm,
  settings,
}

/** What a client of the studio can call. */
export type StudioClient = ContractRouterClient<typeof contract>
