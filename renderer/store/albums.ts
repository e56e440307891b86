/** Albums of the library and saved searches. */
import { create } from 'zustand'
import type { Album } from '../../core/library/families.ts'
import { api } from '../api.ts'
import { latest } from './latest.ts'
import { type Query, search, useLibrary } from './library.ts'
import { notifyError } from './notices.ts'
import { useSettings } from './settings.ts'

export const useAlbums = create<{ albums: readonly Album[] }>()(() => ({ albums: [] }))

const asking = latest()

/** Asks the host for the albums; a later call ends an earlier one. */
export async function loadAlbums(): Promise<void> {
  try {
    await asking(async signal => {
      const albums = await api.library.albums(undefined, { signal })
      if (!signal.aborted) useAlbums.setState({ albums })
    })
  } catch (error) {
    notifyError(error)
  }
}

/** Several pictures that change at once are one reason to ask. */
const SOON_MS = 300
let soon: ReturnType<typeof setTimeout> | undefined

/** Keeps the list current while somebody looks at it. @returns the way to stop */
export function followAlbums(): () => void {
  void loadAlbums()
  const stop = useLibrary.subscribe(({ pictures }, before) => {
    if (pictures === before.pictures) return
    clearTimeout(soon)
    soon = setTimeout(() => void loadAlbums(), SOON_MS)
  })
  return () => {
    stop()
    clearTimeout(soon)
  }
}

/** Puts pictures into an album of the user's own, which begins to be with its first picture. */
export async function addToAlbum(ids: string[], album: string): Promise<void> {
  await api.library.note({ ids, addAlbum: album }).catch(notifyError)
  await loadAlbums()
}

/** Takes pictures out of an own album, whose list they leave. */
export async function takeFromAlbum(ids: string[], album: string): Promise<void> {
  await api.library.note({ ids, removeAlbum: album }).catch(notifyError)
  await search(useLibrary.getState().found.query)
}

/** @param to null dissolves it; its pictures stay */
export async function renameAlbum(from: string, to: string | null): Promise<void> {
  await api.library.renameAlbum({ from, to }).catch(notifyError)
  const { album: _, ...query } = useLibrary.getState().found.query
  await Promise.all([loadAlbums(), search(to === null ? query : { ...query, album: to })])
}

/** Keeps a search under a name; another one of that name is replaced. */
export function saveSearch(name: string, query: Query): void {
  const { settings, change } = useSettings.getState()
  void change({ searches: [...settings.searches.filter(each => each.name !== name), { name, query }] })
}

export function forgetSearch(name: string): void {
  const { settings, change } = useSettings.getState()
  void change({ searches: settings.searches.filter(each => each.name !== name) })
}
