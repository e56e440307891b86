import type { RequestInput } from '../../core/contract/request.ts'
import { SAMPLER_TITLES } from '../../core/contract/vocabulary.ts'
import type { Messages } from '../i18n/index.ts'
import { MAP_ORDER } from '../lists.ts'

/** The fields of a request that its summary line shows. */
export type Settled = Pick<
  RequestInput,
  'model' | 'width' | 'height' | 'steps' | 'guidanceScale' | 'sampler' | 'controls' | 'prompt'
>

/** A request in one line: "Draft · 512 × 512 · Steps 12 · Guidance 3 · Euler · Edges 0.90 · Depth 0.50". */
export function settledLine(settled: Settled, model: string, t: Messages): string {
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
    sampler && SAMPLER_TITLES[sampler],
    ...maps,
    prompt && `${t.prompt}: ${prompt}`,
  ]
    .filter(Boolean)
    .join(' · ')
}
