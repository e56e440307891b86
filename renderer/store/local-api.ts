/** Whether other programs of this computer may call the studio: what the host says of it, and the changes. */
import { create } from 'zustand'
import type { Settings } from '../../core/host/default-settings.ts'
import type { LocalApiState } from '../../core/host/local-api.ts'
import { api } from '../api.ts'
import { latest } from './latest.ts'
import { notifyError } from './notices.ts'
import { useSettings } from './settings.ts'

/** The port of the Writing Service's first description. */
export const USUAL_PORT = 8600

export const useLocalApi = create<{ state: LocalApiState | null }>()(() => ({ state: null }))

const asking = latest()

export const refreshLocalApi = (): Promise<void> =>
  asking(async signal => {
    const state = await api.studio.localApi(undefined, { signal })
    if (!signal.aborted) useLocalApi.setState({ state })
  }).catch(notifyError)

/** Lets programs in, out, or in otherwise; what came of it is asked for afterwards. */
export async function changeLocalApi(localApi: Settings['localApi']): Promise<void> {
  await useSettings.getState().change({ localApi })
  await refreshLocalApi()
}

/** 256 random bits, as text that fits into a header. */
export function newToken(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32))
  return btoa(String.fromCharCode(...bytes))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replaceAll('=', '')
}
