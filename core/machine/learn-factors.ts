/** What a picture has taken of memory beside what was estimated of it: this machine's own factors. */
import type { LoadOptions } from '../engine/network.ts'
import type { Provider } from '../graph/op-profiles.ts'
import type { MemoryEstimate } from './estimate.ts'
import type { EstimatedStage, MeasuredFactor } from './factors.ts'
import type { MemoryRecord } from './memory-monitor.ts'

/**
 * Which operation shows a stage's peak. Prompts are read while the step's networks are loaded for the first picture of a
 * process, so that the peak of reading them is another's.
 */
const SHOWN_BY: Partial<Record<EstimatedStage, string>> = { denoise: 'step', decode: 'decode' }

/**
 * The factors with which the estimate would have been the measured peak.
 * @param records of one picture, the first of its process: a later one has what earlier ones left behind
 * @returns none where weights stay in their files: what of these is resident is the system's affair
 */
export function factorsOf(
  { provider, ops }: LoadOptions,
  { itself, stages }: Pick<MemoryEstimate, 'itself' | 'stages'>,
  records: readonly MemoryRecord[],
): MeasuredFactor[] {
  if (ops?.weights === 'mapped') return []
  return stages.flatMap(({ stage, fixed, runs }) => {
    const operation = SHOWN_BY[stage]
    const peaks = records
      .filter(record => record.operation === operation)
      .map(record => peakOf(record, provider, records))
    const known = peaks.filter(peak => peak !== null)
    if (runs === 0 || known.length === 0) return []
    const factor = (Math.max(...known) - itself - fixed) / runs
    return factor > 0 ? [{ provider, stage, factor }] : []
  })
}

/** Of the process on the processor; of the card what has come since the picture began, as the rest is others'. */
function peakOf({ host, device }: MemoryRecord, provider: Provider, [first]: readonly MemoryRecord[]): number | null {
  if (provider === 'cpu') return host.peak
  return device && first.device ? device.peak - first.device.before : null
}
