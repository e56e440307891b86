/** Image sets: the one that is being edited, its plan, and the views of those in the queue. */
import { create } from 'zustand'
import type { ErrorReport } from '../../core/faults/studio-error.ts'
import type { PlannedSet, SetPicture, SetView } from '../../core/host/api/sets.ts'
import type { SetInput } from '../../core/sets/definition.ts'
import type { OpenedList } from '../../core/sets/open-set.ts'
import type { SetFailure } from '../../core/sets/state.ts'
import type { WordList } from '../../core/sets/word-list.ts'
import type { Column } from '../../core/tables/columns.ts'
import { api, reportOf } from '../api.ts'
import { messages } from '../i18n/index.ts'
import { definitionOf, draftOf, FIRST_SET, parseSeeds, parseSizes, type SetDraft } from '../sets/draft.ts'
import { isWritten, replacedFields, withoutLines } from '../sets/replaced.ts'
import { useCompose } from './compose.ts'
import { requestToSend } from './facts.ts'
import { keep, recall } from './keep.ts'
import { latest } from './latest.ts'
import { dismiss, notify, notifyError, useNotices } from './notices.ts'
import { plainPath } from './paths.ts'
import { useScreen } from './screen.ts'
import { snapshots } from './snapshot.ts'
import { untouched } from './untouched.ts'

const DRAFT_KEY = 'zihua.set'
/** How long to wait after the last edit before planning, milliseconds. */
const PAUSE_MS = 200

/** How a file of words is read where the user knows better. */
export interface ReadingOptions {
  encoding?: string | undefined
  sheet?: string | undefined
  columns?: Partial<Record<Column, number>> | undefined
}

/** A file of words that was opened. */
interface OpenedFile {
  file: File
  options: ReadingOptions
  list: OpenedList
  /** The words that it gave; null: none, and the list stayed. */
  words: string | null
  /** What they took the place of. */
  former: Former | null
}

/** What another list or set took the place of. */
interface Former {
  fields: Partial<SetDraft>
  opened: OpenedFile | null
}

interface SetsState {
  draft: SetDraft
  /** The word list as the host has parsed it. */
  list: WordList
  /** The text that `list` was parsed from: lines of a later text may be other ones. */
  listed: string
  /** The file of words that the list came from, as long as it was not opened otherwise. */
  opened: OpenedFile | null
  /** The words that took the place of others, not by typing, and what brings those back. */
  replaced: { words: string; run(): void } | null
  /** Why the file that was opened last gave nothing; it stays until another one is opened or the words are edited. */
  refused: ErrorReport | null
  planned: PlannedSet | null
  /** Why it cannot be planned. */
  problem: ErrorReport | null
  /** The plan belongs to an older draft. */
  stale: boolean
  starting: boolean
  /** By the job's id. */
  views: Record<string, SetView>
  /** The job whose details are open in the queue. */
  shown: string | null
  change(part: Partial<SetDraft>): void
}

export const useSets = create<SetsState>()((set, get) => ({
  draft: { ...FIRST_SET, ...recall<Partial<SetDraft>>(DRAFT_KEY) },
  list: { words: [], problems: [], notes: [] },
  listed: '',
  opened: null,
  replaced: null,
  refused: null,
  planned: null,
  problem: null,
  stale: true,
  starting: false,
  views: {},
  shown: null,
  change: part => set({ draft: { ...get().draft, ...part }, ...(part.words !== undefined && { refused: null }) }),
}))

useSets.subscribe(({ draft }, before) => {
  if (draft !== before.draft) keep(DRAFT_KEY, draft)
})

/** The definition as it stands. */
export function currentDefinition(): SetInput {
  const { draft, list } = useSets.getState()
  return definitionOf(draft, list.words, requestToSend(useCompose.getState().present))
}

const folderOf = ({ folder }: SetDraft) => (plainPath(folder) ? { folder: plainPath(folder) } : {})

const planning = latest()
/** The text and the font that `list` was parsed from. */
let read = ''

async function plan(): Promise<void> {
  await planning(async signal => {
    const { draft } = useSets.getState()
    const { layout } = useCompose.getState().present.request
    const { font = null, fallback = false } = (draft.request ?? { layout }).layout ?? {}
    try {
      const key = JSON.stringify([draft.words, font, fallback])
      if (key !== read) {
        const list = await api.sets.words({ text: draft.words, font, fallback }, { signal })
        if (signal.aborted) return
        read = key
        useSets.setState({ list, listed: draft.words })
      }
      const { words } = useSets.getState().list
      const wrong = parseSeeds(draft.seeds).wrong !== null || parseSizes(draft.sizes).wrong !== null
      if (words.length === 0 || wrong) return useSets.setState({ planned: null, problem: null, stale: false })
      const planned = await api.sets.estimate({ definition: currentDefinition(), ...folderOf(draft) }, { signal })
      if (!signal.aborted) useSets.setState({ planned, problem: null, stale: false })
    } catch (error) {
      const problem = reportOf(error)
      if (problem && !signal.aborted) useSets.setState({ planned: null, problem, stale: false })
    }
  })
}

/** Plans the set again whenever it, or the desk, changes. @returns the way to stop */
export function watchSet(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const soon = () => {
    useSets.setState({ stale: true })
    // An answer that is on its way would call the older draft's figures this draft's.
    void planning(async () => {})
    clearTimeout(timer)
    timer = setTimeout(() => void plan(), PAUSE_MS)
  }
  const stop = [
    useSets.subscribe(({ draft }, before) => {
      if (draft !== before.draft) soon()
    }),
    useCompose.subscribe(({ present }, before) => {
      if (present.request !== before.present.request) soon()
    }),
  ]
  void plan()
  return () => {
    clearTimeout(timer)
    for (const end of stop) end()
  }
}

/** Whether the set can be started: it is planned, and has no problems. */
export function isReady({ draft, list, planned, stale, starting }: SetsState): boolean {
  const wrong = parseSeeds(draft.seeds).wrong !== null || parseSizes(draft.sizes).wrong !== null
  const free = planned !== null && (planned.obstacle === null || draft.overwrite)
  return free && !stale && !starting && !wrong && list.problems.length === 0
}

/** Puts the set into the queue and shows it there. */
export async function startSet(): Promise<void> {
  useSets.setState({ starting: true })
  try {
    const { draft } = useSets.getState()
    const { overwrite, farm } = draft
    const how = { ...folderOf(draft), overwrite, ...(farm && { farm }) }
    const { id } = await api.sets.start({ definition: currentDefinition(), ...how })
    useSets.setState({ shown: id })
    useScreen.getState().open('queue')
  } catch (error) {
    useSets.setState({ problem: reportOf(error) })
  } finally {
    useSets.setState({ starting: false })
  }
}

const isList = (file: File): boolean => /\.(?:csv|tsv|txt|xlsx|apkg|colpkg)$/i.test(file.name)

/** Whether a file is a word list or a set. */
export const isSet = async (file: File): Promise<boolean> =>
  isList(file) || (/\.json$/i.test(file.name) && /"words"\s*:/.test(await file.text()))

/** Opens a SET.json, a finished set's set.json or a list of words in place of what is there, which a notice brings back. */
export const openSet = (file: File): Promise<void> => readFile(file, {})

async function readFile(file: File, options: ReadingOptions): Promise<void> {
  const asked = useSets.getState().draft
  useSets.setState({ refused: null })
  try {
    await opening(async signal => {
      const { definition, words, list } = await api.sets.open({ name: file.name, data: file, ...options }, { signal })
      if (signal.aborted) return
      if (!definition) return refuse({ file, options, list })
      const { draft } = useSets.getState()
      const { name } = definition
      const read = list ? { name, words } : draftOf(definition, words, draft.folder)
      const opened = list && { file, options, list, words, former: null }
      replace(untouched(asked, draft, read), opened, messages().sets.replaced[list ? 'list' : 'set'])
    })
  } catch (error) {
    useSets.setState({ refused: reportOf(error) })
  }
}

/** A file without a word leaves the list alone. One that has anything else can still be read otherwise. */
function refuse({ file, options, list }: { file: File; options: ReadingOptions; list: OpenedList | null }): void {
  const message = messages().sets.noWordIn(file.name)
  useSets.setState({ refused: { code: 'bad-request', message, hint: '' } })
  const isReadable = list && (list.sample.length > 0 || list.sheets.length > 1 || list.candidates.length > 0)
  if (isReadable) useSets.setState({ opened: { file, options, list, words: null, former: null } })
}

/** Writes what was opened over the set, and offers to bring back what it took the place of. */
function replace(part: Partial<SetDraft>, opened: OpenedFile | null, said: string): void {
  const before = useSets.getState()
  const draft = { ...before.draft, ...part }
  const fields = replacedFields(before.draft, draft)
  // A file that is read otherwise takes the place of what was there before it, not of its own words, unless they were edited.
  const again = opened !== null && before.opened?.file === opened.file && before.opened.words === before.draft.words
  const former = again ? before.opened?.former : null
  const known = former ?? { fields, opened: before.opened && { ...before.opened, former: null } }
  const kept: Former = { ...known, fields: { ...fields, ...known.fields } }
  useSets.setState({ draft, opened: opened && { ...opened, former: kept }, refused: null })
  if (isWritten(kept.fields)) offerBack(kept, said)
}

/** A notice brings the former fields back, and what is written meanwhile after them; so does undo in the field of words. */
function offerBack({ fields, opened }: Former, said: string): void {
  const after = useSets.getState().draft
  const run = () => {
    const now = useSets.getState()
    const changed = Object.keys(fields) as (keyof SetDraft)[]
    const isEdited = changed.some(field => now.draft[field] !== after[field])
    useSets.setState({ draft: { ...now.draft, ...fields }, opened, refused: null, replaced: null })
    if (!isEdited) return
    const edited = Object.fromEntries(changed.map(field => [field, now.draft[field]])) as Partial<SetDraft>
    offerBack({ fields: edited, opened: now.opened }, messages().sets.replaced.list)
  }
  if (fields.words !== undefined) useSets.setState({ replaced: { words: after.words, run } })
  notify(said, { label: messages().undo, run })
}

/**
 * Brings back the words that others took the place of, as long as those stand there untouched: the field's own undo knows
 * nothing of what was not typed. @returns whether there were any
 */
export function takeBackWords(): boolean {
  const { draft, replaced } = useSets.getState()
  if (replaced?.words !== draft.words) return false
  if (useNotices.getState().notice?.action?.run === replaced.run) dismiss()
  replaced.run()
  return true
}

/** Takes the lines out of the list that give no word. */
export function leaveLinesOut(): void {
  const { draft, list, listed, opened } = useSets.getState()
  if (draft.words !== listed) return
  const { words, count } = withoutLines(listed, list.problems)
  useSets.getState().change({ words })
  offerBack({ fields: { words: listed }, opened }, messages().sets.linesOut(count))
}

/** Opens pictures of the library as a set: the same words, styles and seeds. */
export async function openPicturesAsSet(ids: readonly string[]): Promise<void> {
  try {
    await opening(async signal => {
      const { definition, words } = await api.library.asSet({ ids: [...ids] }, { signal })
      if (signal.aborted || !definition) return
      const { name } = useSets.getState().draft
      replace(draftOf({ ...definition, name }, words, ''), null, messages().sets.replaced.set)
      useScreen.getState().open('sets')
    })
  } catch (error) {
    notifyError(error)
  }
}

/** Reads the file that is open once more, otherwise. */
export async function readAgain(change: ReadingOptions): Promise<void> {
  const { opened } = useSets.getState()
  if (!opened) return
  const { file, options, list } = opened
  // Columns that were chosen stay, but for the one that holds something else now; another sheet has columns of its own.
  const found = Object.fromEntries(Object.entries(list.columns).map(([column, at]) => [column, at + 1]))
  const known: Record<string, number> = { ...found, ...options.columns }
  const taken = Object.values(change.columns ?? {})
  const kept = Object.fromEntries(Object.entries(known).filter(([, at]) => !taken.includes(at)))
  const columns = change.columns ? { ...kept, ...change.columns } : undefined
  const next = 'sheet' in change ? { ...options, columns: undefined, ...change } : { ...options, ...change }
  await readFile(file, columns ? { ...next, columns } : next)
}

const opening = latest()

interface ViewOf {
  id: string
  view: SetView
}
const snapshot = snapshots<ViewOf>()

export async function loadView(id: string): Promise<void> {
  try {
    const { view } = await snapshot.ask(async () => ({ id, view: await api.sets.view({ id }) }))
    useSets.setState(({ views }) => ({ views: { ...views, [id]: view } }))
  } catch (error) {
    notifyError(error)
  }
}

/** Applies a change from an event, also to an older view that is on its way. */
function changeView(id: string, change: (view: SetView) => SetView): void {
  snapshot.heard(asked => (asked.id === id ? { id, view: change(asked.view) } : asked))
  useSets.setState(({ views }) => (views[id] ? { views: { ...views, [id]: change(views[id]) } } : {}))
}

const without = <T extends { index: number }>(list: readonly T[], index: number) =>
  list.filter(item => item.index !== index)

/** The most pictures of a view, as on the host. */
const MOST_PICTURES = 500

export const setPictureMade = (id: string, picture: SetPicture): void =>
  changeView(id, view => ({
    ...view,
    made: view.made + (view.pictures.some(({ index }) => index === picture.index) ? 0 : 1),
    pictures: [picture, ...without(view.pictures, picture.index)].slice(0, MOST_PICTURES),
    failures: without(view.failures, picture.index),
  }))

export const setPictureFailed = (id: string, failure: SetFailure): void =>
  changeView(id, view => ({ ...view, failures: [...without(view.failures, failure.index), failure] }))

export const resumeSet = (id: string, only: 'all' | 'failed'): void => {
  api.sets.resume({ id, only }).catch(notifyError)
}
