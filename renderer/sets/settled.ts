import type { RequestInput } from '../../core/contract/request.ts'
import type { SamplerName } from '../../core/contract/vocabulary.ts'
import type { Messages } from '../i18n/index.ts'
import { MAP_ORDER } from '../lists.ts'

/** As far as a request says something that a line about it shows. */
export type Settled = Pick<
  RequestInput,
  'model' | 'width' | 'height' | 'steps' | 'guidanceScale' | 'sampler' | 'controls' | 'prompt'
>

interface Names {
  model: string
  samplers: Readonly<Record<SamplerName, string>>
}

/** "Draft · 512 × 512 · Steps 12 · Guidance 3 · Euler · Edges 0.90 · Depth 0.50": what it says, and no more. */
export function settledLine(settled: Settled, { model, samplers }: Names, t: Messages): string {
  const { width, height, steps, guidanceScale, sampler, controls, prompt } = settled
  const maps = MAP_ORDER.flatMap(map => {
    const weight = controls?.[map]?.weight
    return weight === undefined ? [] : `${t.map[map]} ${weight.toFixed(2)}`
  })
  return [
    model,
    width && height && `${width} × ${height}`,
    steps && `${t.steps} ${steps}`,
    guidanceScale !== undefined && `${t.guidance} ${guidanceScale}`,
    sampler && samplers[sampler],
    ...maps,
    prompt && `${t.prompt}: ${prompt}`,
  ]
    .filter(Boolean)
    .join(' · ')
}
