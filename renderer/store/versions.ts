/** The versions of the picture on the stage: what it was painted from, and what was painted from it. */
import { create } from 'zustand'
import type { Picture } from '../../core/host/api/library.ts'
import { api } from '../api.ts'
import { latest } from './latest.ts'
import { useLibrary } from './library.ts'
import { notifyError } from './notices.ts'

/** Ids, the oldest first; empty while they are not known. */
export const useVersions = create<{ ids: readonly string[] }>()(() => ({ ids: [] }))

const loading = latest()

export async function loadVersions(id: string): Promise<void> {
  // What is known stays until the answer is there, as long as the picture is one of them.
  if (!useVersions.getState().ids.includes(id)) useVersions.setState({ ids: [] })
  await loading(async signal => {
    try {
      const versions = await api.library.versions({ id }, { signal })
      if (signal.aborted) return
      useLibrary.setState(({ pictures }) => ({ pictures: { ...byId(versions), ...pictures } }))
      useVersions.setState({ ids: versions.map(version => version.id) })
    } catch (error) {
      if (!signal.aborted) notifyError(error)
    }
  })
}

const byId = (pictures: readonly Picture[]) => Object.fromEntries(pictures.map(picture => [picture.id, picture]))
