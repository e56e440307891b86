/** Sketches: the desk painted quickly as one types, where the draft paints and no job has the machine. */
import { api } from '../api.ts'
import { requestOf, useCompose } from './compose.ts'
import { decoded } from './decoded.ts'
import { isDraftModel, requestToSend, useFacts } from './facts.ts'
import { latest } from './latest.ts'
import { mapsAreDue, useMaps } from './maps.ts'
import { isOpen, useQueue } from './queue.ts'
import { useRepaint } from './repaint.ts'
import { useSettings } from './settings.ts'
import { endSketch, isSketch, showSketch, useStage } from './stage.ts'

/** How long after the last edit a sketch is begun, ms: maps and prompt come first. */
const REST_MS = 250

const painting = latest()
let resting: ReturnType<typeof setTimeout> | undefined
/** What the newest sketch shows. */
let sketched = ''

/** Whether sketches are wished for, and the model can make them. */
const isOn = (): boolean => {
  const { sketches, model } = useSettings.getState().settings
  return sketches && isDraftModel(useFacts.getState(), model)
}

async function paint(): Promise<void> {
  const { present } = useCompose.getState()
  const { word, prompt, composition } = present.request
  const isEmpty = !word?.trim() && !prompt && !composition
  if (isEmpty || useMaps.getState().problem) return endSketch()
  // The maps are drawn by the same cores, and are looked at first.
  if (mapsAreDue()) return soon()
  // What is being repainted is on the stage.
  if (useQueue.getState().jobs.some(isOpen) || useRepaint.getState().on) return
  const key = JSON.stringify(requestOf(present))
  if (key === sketched && isSketch(useStage.getState().preview)) return
  await painting(async signal => {
    try {
      const sketch = await api.studio.sketch({ request: requestToSend(present) }, { signal })
      if (!sketch) return
      await decoded([sketch.url])
      if (signal.aborted || !isOn() || useQueue.getState().jobs.some(isOpen)) return
      sketched = key
      showSketch(sketch.url)
    } catch {
      // What cannot be painted is said beside Generate.
    }
  })
}

/** Paints after a rest; what is being painted is no longer wanted. */
function soon(): void {
  clearTimeout(resting)
  void painting(async () => {})
  if (isOn()) resting = setTimeout(() => void paint(), REST_MS)
}

/** Paints whenever the draft changes, until the signal. */
export function startSketches(signal: AbortSignal): void {
  const stops = [
    useCompose.subscribe(({ present }, before) => {
      if (present !== before.present) soon()
    }),
    useRepaint.subscribe(({ on }) => {
      if (on) endSketch()
    }),
    useSettings.subscribe(({ settings }, before) => {
      if (settings.sketches === before.settings.sketches && settings.model === before.settings.model) return
      if (!isOn()) endSketch()
      soon()
    }),
  ]
  signal.addEventListener('abort', () => {
    clearTimeout(resting)
    for (const stop of stops) stop()
  })
}

export const toggleSketches = (): Promise<void> => {
  const { settings, change } = useSettings.getState()
  return change({ sketches: !settings.sketches })
}
