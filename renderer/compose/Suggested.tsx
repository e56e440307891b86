import { FEW_STEPS_PRESETS } from '../../core/contract/few-steps.ts'
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
  const { training, suggested } = advice
  const { sampler, steps, guidanceScale } = suggested
  const title = training === 'v-prediction' ? training : FEW_STEPS_PRESETS[training].title
  const parts = [
    sampler && SAMPLER_TITLES[sampler],
    steps !== undefined && `${t.steps} ${steps}`,
    guidanceScale !== undefined && `${t.guidance} ${t.decimal(guidanceScale)}`,
  ]
  return (
    <div className="suggested" role="status">
      <p className="hint">{t.suggested.says(title, parts.filter(Boolean).join(', '))}</p>
      <button type="button" className="plain small" onClick={() => takeAdvice(suggested)}>
        {t.suggested.take}
      </button>
    </div>
  )
}
