/** What each provider brings: steps of a picture with the model in use, painted with one provider after another and thrown away. */
import type { RequestInput } from '../contract/request.ts'
import { fault, reportOf } from '../faults/fault.ts'
import { type ErrorReport, StudioError } from '../faults/studio-error.ts'
import type { Provider } from '../graph/op-profiles.ts'
import type { ProviderState } from '../machine/machine.ts'
import { InferencePool } from '../processes/painting/pool.ts'
import { Studio } from './studio.ts'

/** Measured after the first step, which compiles and warms what later ones have: so many, or fewer where they take long. */
const MOST_STEPS = 4
const LONG_SECONDS = 15

export interface MeasureOptions {
  /** Folder that relative paths in the request start from. */
  base: string
  signal?: AbortSignal | undefined
  /** Hears of each provider before its turn. */
  onProvider?: (provider: Provider) => void
}

export interface MeasuredProvider {
  provider: Provider
  /** Of one step; null where it could not be measured. */
  seconds: number | null
  /** Why not. */
  problem: ErrorReport | null
}

/** The processor in any case, what has passed its test, and what has a card and was not tried yet. */
const mayCompute = ({ provider, report, card }: ProviderState): boolean =>
  provider === 'cpu' || (report ? report.verdict === 'passed' : card !== null)

/**
 * Measures a step with each provider and remembers it (machine.json). The studio's own networks are given back first: two
 * copies of them would disturb each other. Of a picture only a few steps are painted, and nothing is decoded.
 * @throws StudioError 'cancelled'; 'missing-model' and what else is wrong with the request
 */
export async function measureSteps(
  { machine, dataFolder, inference, generator }: Studio,
  input: RequestInput,
  { base, signal, onProvider }: MeasureOptions,
): Promise<MeasuredProvider[]> {
  const completed = await generator.complete({ ...input, count: 1 }, base)
  // A schedule of few steps would end before anything is measured; one that lists its moments has no other.
  const steps = completed.scheduler ? completed.steps : Math.max(completed.steps, MOST_STEPS + 2)
  const request = { ...completed, steps }
  const { files } = await generator.sizing(request, base)
  await inference.release()
  const measured: MeasuredProvider[] = []
  for (const { provider } of (await machine.providers()).filter(mayCompute)) {
    if (signal?.aborted) throw fault('cancelled')
    // One that was not tried is tried now; where it fails another would compute in its place.
    if ((await machine.choose(undefined, provider)).provider !== provider) continue
    onProvider?.(provider)
    const pool = new InferencePool({ choose: profile => machine.choose(profile, provider), log: 'ignore' })
    await using apart = new Studio({ dataFolder, machine, inference: pool })
    try {
      const seconds = await secondsOf(apart, request, { base, signal })
      const { width, height } = request
      if (seconds !== null) await machine.noteStep({ provider, model: files.model, width, height, seconds })
      measured.push({ provider, seconds, problem: null })
    } catch (error) {
      if (signal?.aborted) throw error
      measured.push({ provider, seconds: null, problem: reportOf(error) })
    }
  }
  return measured
}

/** The median of the steps after the first; null where the picture has only one. */
async function secondsOf(
  { generator }: Studio,
  request: Parameters<Studio['generator']['generate']>[0],
  { base, signal }: Pick<MeasureOptions, 'base' | 'signal'>,
): Promise<number | null> {
  const enough = new AbortController()
  const took: number[] = []
  let last: number | null = null
  const onStep = () => {
    const now = performance.now()
    if (last !== null) took.push((now - last) / 1000)
    last = now
    const sum = took.reduce((total, one) => total + one, 0)
    if (took.length >= MOST_STEPS || (took.length > 0 && sum > LONG_SECONDS)) enough.abort()
  }
  await generator
    .generate(request, {
      base,
      signal: signal ? AbortSignal.any([signal, enough.signal]) : enough.signal,
      onProgress: ({ kind }) => kind === 'step' && onStep(),
    })
    .catch((error: unknown) => {
      const isEnough = enough.signal.aborted && error instanceof StudioError && error.code === 'cancelled'
      if (!isEnough || signal?.aborted) throw error
    })
  return took.sort((a, b) => a - b)[took.length >> 1] ?? null
}
