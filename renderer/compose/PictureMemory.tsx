import { useEffect } from 'react'
import type { ProfileName } from '../../core/contract/vocabulary.ts'
import type { Phrase } from '../../core/faults/studio-error.ts'
import { useMessages, useWords } from '../i18n/index.ts'
import { useCompose } from '../store/compose.ts'
import { estimate as ask, useMachine } from '../store/machine.ts'
import { useQueue } from '../store/queue.ts'
import { useSettings } from '../store/settings.ts'
import { MemoryBar } from '../ui/MemoryBar.tsx'
import { generateNow } from './generate-now.ts'

/** How long after the last edit the host is asked, milliseconds: maps and prompts come first. */
const REST_MS = 500

/** What the picture on the desk would take of memory; where it does not fit, what would. */
export function PictureMemory() {
  const t = useMessages()
  const words = useWords()
  const estimate = useMachine(state => state.estimate)
  const request = useCompose(({ present }) => present.request)
  const { model, controlnet, profile, provider } = useSettings(({ settings }) => settings)
  const busy = useQueue(({ jobs }) => jobs.some(({ state }) => state === 'running'))
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again when any of these changes
  useEffect(() => {
    const timer = setTimeout(() => void ask(), REST_MS)
    return () => clearTimeout(timer)
  }, [request, model, controlnet, profile, provider, busy])
  if (!estimate) return null
  const { profiles, fits, offers, others, total } = estimate
  const used = profiles.find(each => each.fits) ?? profiles.at(-1)
  if (!used) return null
  const { gigabytes } = t.machine
  const free = Math.max(0, total - others - used.weights - used.working)
  const parts = [
    { kind: 'others' as const, label: t.machine.others, bytes: others, text: gigabytes(others) },
    { kind: 'weights' as const, label: t.machine.weights, bytes: used.weights, text: gigabytes(used.weights) },
    { kind: 'working' as const, label: t.machine.working, bytes: used.working, text: gigabytes(used.working) },
    { kind: 'free' as const, label: t.machine.left, bytes: free, text: gigabytes(free) },
  ]
  return (
    <div className="picture-memory">
      <MemoryBar label={t.machine.memory} parts={parts} legend={!fits} />
      {fits ? (
        <p className="hint">
          {t.machine.takes(gigabytes(used.total), gigabytes(estimate.available))}
          {used !== profiles[0] && ` ${t.machine.lowered(t.machine.profileNames[used.profile])}`}
        </p>
      ) : (
        <div role="status">
          <p className="problem">{t.machine.doesNotFit(gigabytes(used.needed), gigabytes(estimate.available))}</p>
          <div className="offers">
            {offers.map(offer => (
              <button type="button" className="plain" key={offer.message} onClick={() => take(offer)}>
                {offerText(offer, t) ?? words(offer)}
              </button>
            ))}
            <button type="button" className="plain" onClick={() => generateNow({ force: true })}>
              {t.machine.tryAnyway}
            </button>
          </div>
        </div>
      )}
    </div>
  )
}

/** An offer in the words of the settings; null: it is none of these. */
function offerText({ values = {} }: Phrase, { machine }: ReturnType<typeof useMessages>): string | null {
  const { width, height, profile } = values as Offered
  if (profile === undefined) return null
  const name = machine.profileNames[profile]
  return width === undefined ? name : machine.offerSize(`${width}×${height}`, name)
}

interface Offered {
  width?: number
  height?: number
  profile?: ProfileName
}

/** Follows an offer of core/machine/admission.ts. */
function take({ values = {} }: Phrase): void {
  const { width, height, profile } = values as Offered
  if (width !== undefined && height !== undefined) useCompose.getState().patch({ width, height })
  // Where none was named, a smaller profile is taken by itself, for this picture alone.
  const { settings, change } = useSettings.getState()
  if (profile !== undefined && settings.profile !== 'auto') change({ profile })
}
