import { Dices, Lock, LockOpen } from 'lucide-react'
import { useShallow } from 'zustand/react/shallow'
import { FEW_STEPS_NAMES, FEW_STEPS_PRESETS, fewSteps, fewStepsOf } from '../../core/contract/few-steps.ts'
import { SAMPLER_TITLES, type SamplerName } from '../../core/contract/vocabulary.ts'
import { useMessages } from '../i18n/index.ts'
import { RATIOS } from '../lists.ts'
import { useCompose } from '../store/compose.ts'
import { useFacts } from '../store/facts.ts'
import { randomSeed } from '../store/queue.ts'
import { Choice, Field, IconButton, Section } from '../ui/parts.tsx'
import { NumberField, Slider } from '../ui/Slider.tsx'
import { Suggested } from './Suggested.tsx'
import { sidesOf } from './sides.ts'

const nearestRatio = (ratio: number) =>
  RATIOS.reduce((best, next) =>
    Math.abs(Math.log(next[1] / ratio)) < Math.abs(Math.log(best[1] / ratio)) ? next : best,
  )

/** Size, steps, guidance, sampler, seed and count. A field that was not edited shows the default of model and style. */
export function PictureFields() {
  const t = useMessages()
  const request = useCompose(
    useShallow(({ present: { request } }) => {
      const { width, height, steps, guidanceScale, sampler, scheduler, seed, count } = request
      return { width, height, steps, guidanceScale, sampler, scheduler, seed, count }
    }),
  )
  const locked = useCompose(({ present }) => present.seedLocked)
  const complete = useFacts(state => state.complete)
  const { patch, clear, edit } = useCompose.getState()
  const width = request.width ?? complete?.width ?? 512
  const height = request.height ?? complete?.height ?? 512
  const few = fewStepsOf(request as Parameters<typeof fewStepsOf>[0])
  const setFew = (name: string) => {
    const chosen = FEW_STEPS_NAMES.find(known => known === name)
    if (chosen) patch(fewSteps(chosen))
    else clear('sampler', 'steps', 'guidanceScale', 'scheduler')
  }
  const setRatio = (name: string) => {
    const ratio = RATIOS.find(([known]) => known === name)
    if (ratio) patch(sidesOf(ratio[1], width * height))
  }
  return (
    <Section title={t.picture}>
      <Suggested />
      <div className="field">
        <span className="field-label">{t.size}</span>
        <Choice
          label={t.size}
          value={nearestRatio(width / height)[0]}
          onChange={setRatio}
          options={RATIOS.map(([name, ratio]) => ({ value: name, name, label: <Shape ratio={ratio} /> }))}
        />
      </div>
      <div className="field">
        <span className="field-label" />
        <span className="sides">
          <NumberField
            label={`${t.size}: ↔`}
            value={width}
            min={64}
            max={4096}
            step={64}
            onCommit={side => patch({ width: snap(side), height })}
          />
          <span aria-hidden="true">×</span>
          <NumberField
            label={`${t.size}: ↕`}
            value={height}
            min={64}
            max={4096}
            step={64}
            onCommit={side => patch({ height: snap(side), width })}
          />
        </span>
      </div>
      <Slider
        label={t.steps}
        value={request.steps ?? complete?.steps ?? 12}
        min={1}
        max={60}
        step={1}
        digits={0}
        onCommit={steps => patch({ steps: Math.round(steps) })}
        onReset={() => clear('steps')}
      />
      <Slider
        label={t.guidance}
        tip={t.guidanceTip}
        value={request.guidanceScale ?? complete?.guidanceScale ?? 5}
        min={0}
        max={20}
        step={0.5}
        digits={1}
        onCommit={guidanceScale => patch({ guidanceScale })}
        onReset={() => clear('guidanceScale')}
      />
      <Field label={t.fewSteps}>
        <select value={few ?? ''} title={t.fewStepsTip} onChange={event => setFew(event.target.value)}>
          <option value="">{t.noFewSteps}</option>
          {FEW_STEPS_NAMES.map(name => (
            <option key={name} value={name}>
              {FEW_STEPS_PRESETS[name].title}
            </option>
          ))}
        </select>
      </Field>
      <Field label={t.sampler}>
        <select
          value={request.sampler ?? complete?.sampler ?? 'euler'}
          onChange={event => {
            // The preset's timesteps belong to its own sampler.
            if (few) clear('scheduler')
            patch({ sampler: event.target.value as SamplerName })
          }}
        >
          {Object.entries(SAMPLER_TITLES).map(([id, name]) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </Field>
      <div className="field">
        <span className="field-label">{t.seed}</span>
        <span className="seed">
          <NumberField
            label={t.seed}
            value={request.seed ?? 1}
            min={0}
            max={Number.MAX_SAFE_INTEGER}
            step={1}
            onCommit={seed =>
              edit(draft => ({ ...draft, seedLocked: true, request: { ...draft.request, seed: Math.round(seed) } }))
            }
          />
          <IconButton icon={Dices} label={t.rollSeed} act="roll" onClick={() => patch({ seed: randomSeed() })} />
          <IconButton
            icon={locked ? Lock : LockOpen}
            label={t.lockSeed}
            act="lock"
            pressed={locked}
            onClick={() => edit(draft => ({ ...draft, seedLocked: !draft.seedLocked }))}
          />
        </span>
      </div>
      <Slider
        label={t.count}
        value={request.count ?? 1}
        min={1}
        max={16}
        step={1}
        digits={0}
        standard={1}
        onCommit={count => patch({ count: Math.round(count) })}
      />
    </Section>
  )
}

const snap = (side: number) => Math.max(64, Math.round(side / 64) * 64)

function Shape({ ratio }: { ratio: number }) {
  const [width, height] = ratio >= 1 ? [16, 16 / ratio] : [16 * ratio, 16]
  return (
    <svg width="18" height="18" viewBox="-9 -9 18 18" aria-hidden="true">
      <rect
        x={-width / 2}
        y={-height / 2}
        width={width}
        height={height}
        rx="1.5"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
      />
    </svg>
  )
}
