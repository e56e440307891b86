import { SAMPLER_TITLES } from '../../core/contract/vocabulary.ts'
import { useMessages } from '../i18n/index.ts'
import { isTaken, takeAdvice, useAdvice } from '../store/advice.ts'
import { useCompose } from '../store/compose.ts'
import { useFacts } from '../store/facts.ts'

/** Settings that suit a distilled or differently trained model, until the desk has them. */
export function Suggested() {
  const t = useMessages()
  const advice = useAdvice(({ advice }) => advice)
  // Either may take it over, or undo it.
  useCompose(({ present }) => present.request)
  useFacts(({ complete }) => complete)
  if (advice === null || isTaken(advice.suggested)) return null
  const { sampler, steps, guidanceScale, scheduler } = advice.suggested
  const parts = [
    sampler && SAMPLER_TITLES[sampler],
    steps !== undefined && `${t.steps} ${steps}`,
    guidanceScale !== undefined && `${t.guidance} ${guidanceScale}`,
    scheduler && Object.entries(scheduler).map(([name, value]) => `${name} ${value}`),
  ]
  return (
    <div className="suggested" role="status">
      <p className="hint">
        {t.suggested.says(t.suggested.trainings[advice.training], parts.filter(Boolean).join(', '))}
      </p>
      <button type="button" className="plain small" onClick={() => takeAdvice(advice.suggested)}>
        {t.suggested.take}
      </button>
    </div>
  )
}
