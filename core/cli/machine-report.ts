/** What `zihua doctor` says, line by line. */
import { availableParallelism } from 'node:os'
import type { ProfileName } from '../contract/vocabulary.ts'
import type { CudaRuntime } from '../machine/cuda-runtime.ts'
import type { MachineStatus } from '../machine/gpu/gpu-manager.ts'
import type { GpuStatus } from '../machine/gpu/types.ts'
import type { MachineEstimate, ProviderState } from '../machine/machine.ts'
import { PROFILES } from '../machine/profiles.ts'

/** "15.5 GB": of 10⁹ bytes, as cards and disks are sold, and in all lines alike, so that they can be compared. */
export const gb = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`

export function graphicsLines({ gpus, problems }: MachineStatus): string[] {
  const lines = gpus.map(lineOf)
  const none = gpus.length === 0 && problems.length === 0
  return [
    ...lines,
    ...problems.map(({ message }) => message),
    ...(none ? ['none found: the processor computes pictures'] : []),
  ]
}

function lineOf({ name, driver, memory, unified, utilisation, temperature, power, mig, source }: GpuStatus): string {
  const total = memory.total === null ? (unified ? 'shares the machine’s memory' : 'memory unknown') : gb(memory.total)
  const parts = [
    mig ? `${name}, slice ${mig}` : name,
    total,
    ...(memory.free === null ? [] : [`${gb(memory.free)} free`]),
    ...(utilisation === null ? [] : [`${Math.round(utilisation * 100)} % busy`]),
    ...(temperature === null ? [] : [`${temperature} °C`]),
    ...(power === null ? [] : [`${Math.round(power)} W`]),
    ...(driver === null ? ['no driver'] : [`driver ${driver}`]),
  ]
  return `${parts.join(', ')} (${source})`
}

export function providerLine({ provider, report, card, chosen, says, step }: ProviderState): string {
  const off = report?.difference == null ? '' : ` (at most ${percent(report.difference)} off)`
  const on = card ? ` on ${card}` : ''
  const pace = step ? `; the last step took ${step.seconds.toFixed(2)} s at ${step.width}×${step.height}` : ''
  return `${provider}${on}: ${says.message}${off}${pace}${chosen ? ' — in use' : ''}`
}

/** Of a part of 1, to one digit that is not 0: "0.00005 %". */
const percent = (part: number): string =>
  `${(100 * part).toLocaleString('en', { maximumSignificantDigits: 1, useGrouping: false })} %`

/** CUDA's libraries, where some were fetched or named. */
export const runtimeLine = ({ folder, cuda, bytes, isOwn }: CudaRuntime): string =>
  `${cuda === null ? 'libraries' : `CUDA ${cuda}`} in ${folder}, ${gb(bytes)}${isOwn ? '' : ', a folder of your own'}`

/**
 * @param backend of the provider that is in use
 * @param reason why it is not the C API
 */
export function engineLine(version: string, backend: string | null | undefined, reason: string | null = null): string {
  const ways: Record<string, string> = {
    'c-api': 'called through its C API: a picture can be cancelled in the middle of a step',
    npm: `called through npm’s binding${reason ? ` (${reason})` : ''}: a picture is cancelled between steps`,
  }
  return `ONNX Runtime ${version}, ${ways[backend ?? ''] ?? 'not loaded'}, ${availableParallelism()} threads`
}

export function profileLine(name: ProfileName, fixed: boolean): string {
  const { step, passes, keep, weights, smaller } = PROFILES[name]
  const kept = { all: 'networks stay', denoiser: 'the denoiser stays', nothing: 'one network at a time' }[keep]
  const about = [
    step === 'fused' ? 'one graph a step' : 'two graphs a step',
    passes === 2 ? 'guidance in two passes' : 'guidance in one pass',
    kept,
    weights === 'mapped' ? 'weights stay in their files' : 'weights in memory where they fit',
  ]
  const why = fixed ? 'as asked' : 'by the memory of what computes'
  return `${name} (${why}): ${about.join(', ')}${smaller ? `; ${smaller} is tried where it does not fit` : ''}`
}

export function estimateLines({ profiles, fits, offers, available, total }: MachineEstimate): string[] {
  const lines = profiles.map(({ profile, fits, total, weights, working, mapped, stage, tiles, stays }) => {
    const files = stays ? `, ${gb(mapped)} of weights read from their files` : ''
    const cut = tiles > 1 ? `, decoded in ${tiles} tiles` : ''
    const parts = `${gb(weights)} weights, ${gb(working)} working memory, the most while it ${STAGES[stage]}${files}${cut}`
    return `${profile}: ${gb(total)} (${parts}) — ${fits ? 'fits' : 'does not fit'}`
  })
  const room = `${gb(available)} of ${gb(total)} are free for it`
  const offered = offers.map(({ message }) => message)
  return [...lines, room, ...(fits ? [] : [`what would fit: ${[...offered, '--force tries it anyway'].join('; ')}`])]
}

const STAGES = {
  encode: 'reads the prompt',
  init: 'reads the start picture',
  denoise: 'paints',
  decode: 'develops the picture',
} as const

export const memoryLine = ({ memory: { total, free } }: MachineStatus): string => `${gb(total)}, ${gb(free)} free`
