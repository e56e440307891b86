/** What the chosen model wants of a request: told by its files, taken over where the user says so. */
import { create } from 'zustand'
import type { Advice } from '../../core/weights/advice.ts'
import { api, reportOf } from '../api.ts'
import { useCompose } from './compose.ts'
import { type Completed, useFacts } from './facts.ts'
import { latest } from './latest.ts'
import { useSettings } from './settings.ts'

export const useAdvice = create<{ advice: Advice | null }>()(() => ({ advice: null }))

const asking = latest()

const ask = (model: string): Promise<void> =>
  asking(async signal => {
    useAdvice.setState({ advice: null })
    try {
      const advice = await api.models.advice({ model }, { signal })
      if (!signal.aborted) useAdvice.setState({ advice })
    } catch (error) {
      // The desk says elsewhere that a model is not there.
      if (!signal.aborted && reportOf(error)) useAdvice.setState({ advice: null })
    }
  })

/** Asks about the chosen model now and whenever another one is chosen, until the signal. */
export function startAdvice(signal: AbortSignal): void {
  const stop = useSettings.subscribe(({ settings }, before) => {
    if (settings.model !== before.settings.model) void ask(settings.model)
  })
  signal.addEventListener('abort', stop)
  void ask(useSettings.getState().settings.model)
}

type Suggested = Advice['suggested']

/** Whether the desk has all of it already. */
export function isTaken(suggested: Suggested): boolean {
  const { request } = useCompose.getState().present
  const { complete } = useFacts.getState()
  return (Object.keys(suggested) as (keyof Suggested)[]).every(field => {
    const now = request[field] ?? complete?.[field as keyof Completed] ?? null
    return JSON.stringify(now) === JSON.stringify(suggested[field])
  })
}

/** One step for undo. */
export const takeAdvice = (suggested: Suggested): void => useCompose.getState().patch(suggested)
