/** The library: the newest pictures for the film strip, a search for the gallery. Pages are loaded as one scrolls. */
import { create } from 'zustand'
import type { LibrarySearch, Picture } from '../../core/host/api/library.ts'
import { api } from '../api.ts'
import { notifyError } from './notices.ts'
import { inOrder, Optimistic } from './optimistic.ts'
import { snapshots } from './snapshot.ts'
import { useStage } from './stage.ts'

export const PAGE = 100

export type Query = Omit<LibrarySearch, 'offset' | 'limit'>

/** A long list of which some pages are loaded. */
export interface Listing {
  query: Query
  total: number
  /** By place; undefined where the page is not loaded. */
  ids: readonly (string | undefined)[]
  loaded: boolean
}

export type ListName = 'recent' | 'found'

interface LibraryState {
  pictures: Record<string, Picture>
  recent: Listing
  found: Listing
  selected: readonly string[]
}

const empty = (query: Query): Listing => ({ query, total: 0, ids: [], loaded: false })

export const useLibrary = create<LibraryState>()(() => ({
  pictures: {},
  // A set of a thousand pictures would push out of the strip what was made by hand.
  recent: empty({ sort: 'date', inSets: false }),
  found: empty({ sort: 'date' }),
  selected: [],
}))

/** Pages that were asked for already. */
const asked = new Set<string>()

interface Page {
  pictures: Picture[]
  total: number
}
const pages = snapshots<Page>()
/** Counts changes of the order; a page that was asked for before one has its pictures in the wrong places. */
let moves = 0

const replaceIn =
  (picture: Picture) =>
  (page: Page): Page => ({ ...page, pictures: page.pictures.map(other => (other.id === picture.id ? picture : other)) })

const byId = (pictures: readonly Picture[]): Record<string, Picture> =>
  Object.fromEntries(pictures.map(picture => [picture.id, notes.received(picture.id, picture)]))

/** Loads a page of a list, once. @param again also where it was loaded already */
export async function loadPage(list: ListName, page: number, again = false): Promise<void> {
  const { query } = useLibrary.getState()[list]
  const key = `${list} ${page} ${JSON.stringify(query)}`
  if (asked.has(key) && !again) return
  asked.add(key)
  const movesBefore = moves
  try {
    const { pictures, total } = await pages.ask(() =>
      api.library.search({ ...query, offset: page * PAGE, limit: PAGE }),
    )
    if (useLibrary.getState()[list].query !== query) return
    if (moves !== movesBefore) return await loadPage(list, page, true)
    useLibrary.setState(state => {
      const ids = Array.from({ length: total }, (_, at) => state[list].ids[at])
      pictures.forEach((picture, at) => {
        ids[page * PAGE + at] = picture.id
      })
      return { [list]: { query, total, ids, loaded: true }, pictures: { ...state.pictures, ...byId(pictures) } }
    })
  } catch (error) {
    asked.delete(key)
    notifyError(error)
  }
}

/** Starts a new search in the gallery. */
export function search(query: Query): Promise<void> {
  asked.clear()
  useLibrary.setState(({ found }) => ({ found: { ...found, query, ids: [], loaded: false }, selected: [] }))
  return loadPage('found', 0)
}

/** Applies an event: a new picture, or changed notes. A new one is shown while the stage follows. */
export function pictureChanged(hosted: Picture): void {
  pages.heard(replaceIn(hosted))
  const picture = notes.received(hosted.id, hosted)
  const { recent, found, pictures } = useLibrary.getState()
  const newest = recent.ids[0] ? pictures[recent.ids[0]] : undefined
  const isNew = !pictures[picture.id] && (picture.set !== null || !newest || picture.createdAt >= newest.createdAt)
  const prepend = (list: Listing): Listing => ({ ...list, total: list.total + 1, ids: [picture.id, ...list.ids] })
  useLibrary.setState(state => ({ pictures: { ...state.pictures, [picture.id]: picture } }))
  if (!isNew) return
  moves++
  if (picture.set) {
    useLibrary.setState(state => addedToSet(state, picture))
    return
  }
  // A new picture is added only to a search without conditions; others may not match it.
  const isUnfiltered = found.loaded && Object.keys(found.query).length === 1
  useLibrary.setState({ recent: prepend(recent), found: isUnfiltered ? prepend(found) : found })
  if (useStage.getState().follows) useStage.setState({ pictureId: picture.id })
}

/** A picture of a set stands in its album and in a search without conditions; the strip and the stage stay as they are. */
function addedToSet({ found }: LibraryState, { id, set }: Picture): Partial<LibraryState> {
  const { sort, set: asked, ...others } = found.query
  const matches = sort === 'date' && Object.keys(others).length === 0 && (asked === undefined || asked === set?.id)
  if (!found.loaded || !matches || found.ids.includes(id)) return {}
  return { found: { ...found, total: found.total + 1, ids: [id, ...found.ids] } }
}

type Notes = Partial<Pick<Picture, 'rating' | 'tags' | 'notes'>>
const notes = new Optimistic<Picture>()
const sendNotes = inOrder()

/** Shows a change of notes at once, and takes it back where the host refuses. */
function annotate(changes: ReadonlyMap<string, Notes>, send: () => Promise<void>): void {
  const show = (of: (picture: Picture, part: Notes) => Picture | undefined) =>
    useLibrary.setState(({ pictures }) => {
      const shown = [...changes].flatMap(([id, part]) => {
        const picture = pictures[id] && of(pictures[id], part)
        return picture ? [[id, picture] as const] : []
      })
      return { pictures: { ...pictures, ...Object.fromEntries(shown) } }
    })
  show((picture, part) => notes.begin(picture.id, picture, part))
  sendNotes(send).then(
    () => {
      show((picture, part) => notes.end(picture.id, part, true))
      for (const id of changes.keys()) {
        const picture = useLibrary.getState().pictures[id]
        if (picture) pages.heard(replaceIn(picture))
      }
    },
    error => {
      show((picture, part) => notes.end(picture.id, part, false))
      notifyError(error)
    },
  )
}

/** Writes a rating, tags or notes. */
export const note = (ids: string[], change: Notes): void =>
  annotate(new Map(ids.map(id => [id, { ...change }])), () => api.library.note({ ids, ...change }))

/** Adds a tag to the tags of each of these pictures. */
export function addTag(ids: string[], tag: string): void {
  const { pictures } = useLibrary.getState()
  const tagsOf = (id: string) => [...new Set([...(pictures[id]?.tags ?? []), tag])]
  annotate(new Map(ids.map(id => [id, { tags: tagsOf(id) }])), () => api.library.note({ ids, addTag: tag }))
}

/** The most pictures of one answer. */
const MOST_AT_ONCE = 1000

/** Selects all pictures found, including those of pages that were not loaded. */
export async function selectAll(): Promise<void> {
  const { query } = useLibrary.getState().found
  const all: Picture[] = []
  for (let total = 1; all.length < total; ) {
    const offset = all.length
    const page = await pages.ask(() => api.library.search({ ...query, offset, limit: MOST_AT_ONCE }))
    if (page.pictures.length === 0) break
    all.push(...page.pictures)
    total = page.total
  }
  useLibrary.setState(({ pictures, found }) => {
    if (found.query !== query) return {}
    const ids = all.map(({ id }) => id)
    return { pictures: { ...pictures, ...byId(all) }, selected: ids, found: { ...found, total: ids.length, ids } }
  })
}

const without = (list: Listing, gone: ReadonlySet<string>): Listing => {
  const ids = list.ids.filter(id => id === undefined || !gone.has(id))
  return { ...list, ids, total: list.total - (list.ids.length - ids.length) }
}

/** Moves pictures to the trash. */
export async function trash(ids: string[]): Promise<void> {
  await api.library.trash({ ids })
  const gone = new Set(ids)
  moves++
  useLibrary.setState(state => ({
    recent: without(state.recent, gone),
    found: without(state.found, gone),
    selected: state.selected.filter(id => !gone.has(id)),
  }))
  leaveStage(gone)
}

/** Shows the newest picture in the place of one that is gone, and compares with none of those. */
function leaveStage(gone: ReadonlySet<string>): void {
  const { pictureId, comparison, show } = useStage.getState()
  if (comparison?.kind === 'picture' && gone.has(comparison.id)) useStage.setState({ comparison: null })
  if (pictureId && gone.has(pictureId)) show(useLibrary.getState().recent.ids[0] ?? null)
}

export async function restore(ids: string[]): Promise<void> {
  await api.library.restore({ ids })
  await reload()
}

/** Deletes pictures of the trash for good. */
export async function purge(ids: string[]): Promise<void> {
  await api.library.purge({ ids })
  leaveStage(new Set(ids))
  await reload()
}

/** Loads the first pages again. */
export async function reload(): Promise<void> {
  asked.clear()
  moves++
  useLibrary.setState({ selected: [] })
  await Promise.all([loadPage('recent', 0, true), useLibrary.getState().found.loaded && loadPage('found', 0, true)])
}

export async function startLibrary(): Promise<void> {
  await loadPage('recent', 0)
  const { recent } = useLibrary.getState()
  const first = recent.ids[0]
  if (first && !useStage.getState().pictureId) useStage.setState({ pictureId: first })
}
