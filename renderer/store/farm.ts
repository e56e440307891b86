/** The studio's farm: its address, and what its machines do while somebody looks. */
import { create } from 'zustand'
import type { FarmStatus } from '../../core/farm/view.ts'
import type { ErrorReport } from '../../core/faults/studio-error.ts'
import { api, reportOf } from '../api.ts'
import { notifyError } from './notices.ts'

const LOOK_MS = 3000

interface FarmState {
  /** Without its token; null: none is set. */
  url: string | null
  status: FarmStatus | null
  /** Why there is no status. */
  problem: ErrorReport | null
  joining: boolean
}

export const useFarm = create<FarmState>()(() => ({ url: null, status: null, problem: null, joining: false }))

/** Asks for the state every few seconds. @returns ends it */
export function watchFarm(): () => void {
  let ended = false
  let next: number | undefined
  const look = async () => {
    try {
      const url = await api.farm.url()
      useFarm.setState({ url })
      if (url !== null) useFarm.setState({ status: await api.farm.status(), problem: null })
    } catch (error) {
      useFarm.setState({ status: null, problem: reportOf(error) })
    }
    if (!ended) next = window.setTimeout(look, LOOK_MS)
  }
  void look()
  return () => {
    ended = true
    window.clearTimeout(next)
  }
}

/** Sets the farm, or says why it is none. */
export async function joinFarm(url: string, token: string): Promise<void> {
  useFarm.setState({ joining: true, problem: null })
  try {
    await api.farm.set({ url, ...(token && { token }) })
    useFarm.setState({ url })
    useFarm.setState({ status: await api.farm.status() })
  } catch (error) {
    useFarm.setState({ problem: reportOf(error) })
  } finally {
    useFarm.setState({ joining: false })
  }
}

export function leaveFarm(): void {
  api.farm.set(null).catch(notifyError)
  useFarm.setState({ url: null, status: null, problem: null })
}

export function orderWorker(worker: string, order: 'run' | 'pause' | 'drain'): void {
  api.farm.order({ worker, order }).catch(notifyError)
}
