/** What computes, and what the picture on the desk would take of memory. Asked only while somebody looks. */
import { create } from 'zustand'
import type { MachineView, PictureEstimate } from '../../core/host/api/machine.ts'
import { api } from '../api.ts'
import { useCompose } from './compose.ts'
import { requestToSend } from './facts.ts'
import { latest } from './latest.ts'
import { notifyError } from './notices.ts'

interface MachineState {
  view: MachineView | null
  /** null: not known, or it cannot be told before the first picture. */
  estimate: PictureEstimate | null
  /** Providers are being tried. */
  trying: boolean
  /** A step is being measured with each; its end stops that. null: none is. */
  measuring: AbortController | null
}

export const useMachine = create<MachineState>()(() => ({
  ...{ view: null, estimate: null, trying: false, measuring: null },
}))

const LOOK_MS = 2000
const looking = latest()

const look = (): Promise<void> =>
  looking(async signal => {
    const view = await api.machine.view(undefined, { signal })
    if (!signal.aborted) useMachine.setState({ view })
  })

/** Keeps `view` fresh until the signal, while the page can be seen. A host that is gone is said elsewhere. */
export function watchMachine(signal: AbortSignal): void {
  const lookIfSeen = () => void (document.visibilityState === 'visible' && look().catch(() => {}))
  lookIfSeen()
  const timer = setInterval(lookIfSeen, LOOK_MS)
  signal.addEventListener('abort', () => clearInterval(timer))
}

const estimating = latest()

/** Asks what the picture on the desk would take. What the host refuses is said under the word. */
export const estimate = (): Promise<void> =>
  estimating(async signal => {
    const request = requestToSend(useCompose.getState().present)
    const known = request.word?.trim() || request.prompt ? await api.machine.estimate({ request }, { signal }) : null
    if (!signal.aborted) useMachine.setState({ estimate: known })
  }).catch(() => useMachine.setState({ estimate: null }))

export async function tryProviders(): Promise<void> {
  useMachine.setState({ trying: true })
  try {
    await api.machine.tryAll()
    await look()
  } catch (error) {
    notifyError(error)
  } finally {
    useMachine.setState({ trying: false })
  }
}

/** Measures a step with each provider, of the model in use; a second call stops it. What was measured by then stays. */
export async function measureProviders(): Promise<void> {
  const { measuring } = useMachine.getState()
  if (measuring) return measuring.abort()
  const stop = new AbortController()
  useMachine.setState({ measuring: stop })
  try {
    const measured = await api.machine.measure(undefined, { signal: stop.signal })
    for (const { problem } of measured) if (problem) notifyError(problem)
    await look()
  } catch (error) {
    if (!stop.signal.aborted) notifyError(error)
  } finally {
    useMachine.setState({ measuring: null })
  }
}

/** Gives loaded networks back now. */
export async function giveBack(): Promise<void> {
  try {
    await api.machine.release()
    await look()
  } catch (error) {
    notifyError(error)
  }
}
