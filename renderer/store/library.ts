/** Everything that was made: the newest for the film strip, what was searched for in the gallery. Pages come as one scrolls. */
import { create } from 'zustand'
import type { Request } from '../../core/contract/request.ts'
import type { Phrase } from '../../core/faults/studio-error.ts'
import type { LibrarySearch, Picture } from '../../core/host/api.ts'
import { api } from '../api.ts'
import { useCompose } from './compose.ts'
import { tell } from './notices.ts'
import { useStage } from './stage.ts'

export const PAGE = 100

export type Query = Omit<LibrarySearch, 'offset' | 'limit'>

/** A list of which some pages are known. */
export interface Listing {
  query: Query
  total: number
  /** By place; undefined where its page has not come yet. */
  ids: readonly (string | undefined)[]
  loaded: boolean
}

export type ListName = 'recent' | 'found'

interface LibraryState {
  pictures: Record<string, Picture>
  recent: Listing
  found: Listing
  selected: readonly string[]
  /** A picture of each style, for the style gallery. */
  samples: Record<string, string>
}

const empty = (query: Query): Listing => ({ query, total: 0, ids: [], loaded: false })

export const useLibrary = create<LibraryState>()(() => ({
  pictures: {},
  recent: empty({ sort: 'date' }),
  found: empty({ sort: 'date' }),
  selected: [],
  samples: {},
}))

const asked = new Set<string>()

/** Fetches the page that holds a place, once. */
export async function loadPage(list: ListName, page: number, again = false): Promise<void> {
  const { query } = useLibrary.getState()[list]
  const key = `${list} ${page} ${JSON.stringify(query)}`
  if (asked.has(key) && !again) return
  asked.add(key)
  try {
    const { pictures, total } = await api.library.search({ ...query, offset: page * PAGE, limit: PAGE })
    useLibrary.setState(state => {
      if (state[list].query !== query) return {}
      const ids = Array.from({ length: total }, (_, at) => state[list].ids[at])
      pictures.forEach((picture, at) => {
        ids[page * PAGE + at] = picture.id
      })
      return {
        [list]: { query, total, ids, loaded: true },
        pictures: { ...state.pictures, ...Object.fromEntries(pictures.map(picture => [picture.id, picture])) },
      }
    })
  } catch (error) {
    asked.delete(key)
    tell(error)
  }
}

/** Starts a new search in the gallery. */
export function search(query: Query): Promise<void> {
  asked.clear()
  useLibrary.setState(({ found }) => ({ found: { ...found, query, ids: [], loaded: false }, selected: [] }))
  return loadPage('found', 0)
}

/** A picture is new, or its notes changed. New ones go onto the stage while it follows. */
export function pictureChanged(picture: Picture): void {
  const { recent, found, pictures } = useLibrary.getState()
  const newest = recent.ids[0] ? pictures[recent.ids[0]] : undefined
  const isNew = !pictures[picture.id] && (!newest || picture.createdAt >= newest.createdAt)
  const prepend = (list: Listing): Listing => ({ ...list, total: list.total + 1, ids: [picture.id, ...list.ids] })
  useLibrary.setState(state => ({
    pictures: { ...state.pictures, [picture.id]: picture },
    ...(isNew ? { recent: prepend(recent), samples: { ...state.samples, [picture.style]: picture.thumbnailUrl } } : {}),
    ...(isNew && found.loaded && Object.keys(found.query).length === 1 ? { found: prepend(found) } : {}),
  }))
  if (isNew && useStage.getState().follows) useStage.setState({ pictureId: picture.id })
}

/** Writes a rating, tags or notes; the screen changes at once. */
export function note(ids: string[], change: { rating?: number; tags?: string[]; notes?: string }): void {
  useLibrary.setState(({ pictures }) => {
    const changed = ids.flatMap(id => (pictures[id] ? [[id, { ...pictures[id], ...change }] as const] : []))
    return { pictures: { ...pictures, ...Object.fromEntries(changed) } }
  })
  api.library.note({ ids, ...change }).catch(tell)
}

/** The same tag for several pictures, beside what each has. */
export function addTag(ids: string[], tag: string): void {
  const { pictures } = useLibrary.getState()
  for (const id of ids) {
    const { tags = [] } = pictures[id] ?? {}
    if (!tags.includes(tag)) note([id], { tags: [...tags, tag] })
  }
}

/** What the host gives in one answer at most. */
const MOST_AT_ONCE = 1000

/** Selects all that was found, what has not been scrolled to as well. */
export async function selectAll(): Promise<void> {
  const { query } = useLibrary.getState().found
  const all: Picture[] = []
  for (let total = 1; all.length < total; ) {
    const page = await api.library.search({ ...query, offset: all.length, limit: MOST_AT_ONCE })
    if (page.pictures.length === 0) break
    all.push(...page.pictures)
    total = page.total
  }
  useLibrary.setState(({ pictures, found }) => {
    if (found.query !== query) return {}
    const known = Object.fromEntries(all.map(picture => [picture.id, picture]))
    const ids = all.map(({ id }) => id)
    return { pictures: { ...pictures, ...known }, selected: ids, found: { ...found, total: ids.length, ids } }
  })
}

const without = (list: Listing, gone: ReadonlySet<string>): Listing => {
  const ids = list.ids.filter(id => id === undefined || !gone.has(id))
  return { ...list, ids, total: list.total - (list.ids.length - ids.length) }
}

/** Takes pictures out of both lists. The caller says how they come back. */
export async function trash(ids: string[]): Promise<void> {
  await api.library.trash({ ids })
  const gone = new Set(ids)
  useLibrary.setState(state => ({
    recent: without(state.recent, gone),
    found: without(state.found, gone),
    selected: state.selected.filter(id => !gone.has(id)),
  }))
  const { pictureId, show } = useStage.getState()
  if (pictureId && gone.has(pictureId)) show(useLibrary.getState().recent.ids[0] ?? null)
}

export async function restore(ids: string[]): Promise<void> {
  await api.library.restore({ ids })
  await reload()
}

export async function purge(ids: string[]): Promise<void> {
  await api.library.purge({ ids })
  await reload()
}

/** Asks for the first pages again. */
export async function reload(): Promise<void> {
  asked.clear()
  useLibrary.setState({ selected: [] })
  await Promise.all([loadPage('recent', 0, true), useLibrary.getState().found.loaded && loadPage('found', 0, true)])
}

export async function startLibrary(): Promise<void> {
  await loadPage('recent', 0)
  const { recent, pictures } = useLibrary.getState()
  const first = recent.ids[0]
  if (first && !useStage.getState().pictureId) useStage.setState({ pictureId: first })
  const samples: Record<string, string> = {}
  for (const id of recent.ids) {
    const picture = id ? pictures[id] : undefined
    if (picture) samples[picture.style] ??= picture.thumbnailUrl
  }
  useLibrary.setState({ samples })
}

/** What may be taken from a picture by itself. */
export const REUSE_PARTS = ['word', 'style', 'maps', 'picture', 'seed'] as const
export type ReusePart = (typeof REUSE_PARTS)[number]

const FIELDS: Readonly<Record<ReusePart, readonly (keyof Request)[]>> = {
  word: ['word', 'translation', 'layout'],
  style: ['style', 'prompt', 'negativePrompt'],
  maps: ['controls', 'controlImages'],
  picture: ['width', 'height', 'steps', 'guidanceScale', 'sampler'],
  seed: ['seed'],
}

/** Brings a picture's settings back: all of them, its look without its word, or one part. */
export function reuse(picture: Picture, part: 'all' | 'look' | ReusePart): void {
  const { model: _, ...request } = picture.request
  useCompose.getState().edit(draft => {
    const { word = null, translation = null } = draft.request
    const heard = part === 'all' || part === 'look' || part === 'maps' ? { off: [], solo: null } : {}
    const seed = part === 'all' || part === 'look' || part === 'seed' ? { seedLocked: true } : {}
    if (part === 'all') return { ...draft, ...heard, ...seed, request }
    const taken =
      part === 'look'
        ? { ...request, word, translation, prompt: null }
        : { ...draft.request, ...Object.fromEntries(FIELDS[part].map(field => [field, picture.request[field]])) }
    return { ...draft, ...heard, ...seed, request: taken }
  })
}

/** Brings back what a dropped file says of its making; returns what has no place here. */
export async function importFile(file: File): Promise<Phrase[]> {
  const { request, unmapped } = await api.library.importFile({ name: file.name, data: file })
  useCompose.getState().edit(draft => ({ ...draft, off: [], solo: null, seedLocked: true, request }))
  return unmapped
}
