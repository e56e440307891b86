/** Tries a provider in a child process. */
import { availableParallelism, loadavg } from 'node:os'
import { Channel } from '../../channel/channel.ts'
import { startChild } from '../../channel/endpoint.ts'
import type { EngineRuntime } from '../../engine/backend.ts'
import type { ProviderReport } from '../../engine/self-test.ts'
import { fault, reasonOf } from '../../faults/fault.ts'
import { StudioError } from '../../faults/studio-error.ts'
import type { Provider } from '../../graph/op-profiles.ts'
import type { TrialCalls } from './trial-process.ts'

/** Software takes 20 s of the processor to compile the test's shaders, a card a second or two. */
const LIMIT_MS = 120_000
/** A machine on which others wait for the processor too makes a test so many times as long, at most. */
const MOST_BUSY = 4

/** On a busy machine a test that only waits for its turn does not hang. Windows tells no load. */
const limitNow = (): number => LIMIT_MS * Math.min(MOST_BUSY, Math.max(1, loadavg()[0] / availableParallelism()))

export interface TrialOptions {
  /** What computes on CUDA in place of npm's build. */
  runtime?: EngineRuntime | undefined
  limitMs?: number
  /** The program that answers TrialCalls. Default: the one beside this file. */
  script?: URL
}

/** Never rejects: what goes wrong is the verdict. */
export async function tryProvider(
  provider: Provider,
  { runtime, limitMs = limitNow(), script = new URL('./trial-process.ts', import.meta.url) }: TrialOptions = {},
): Promise<ProviderReport> {
  const channel = new Channel<TrialCalls>(startChild(script, [], 'ignore'), {
    died: ({ how }) => fault('inferenceEnded', { how }),
  })
  try {
    return await channel.call('test', { provider, ...(runtime && { runtime }) }, { deadlineMs: limitMs }).reply
  } catch (error) {
    const hung = error instanceof StudioError && error.key === 'tooSlow'
    const how = error instanceof StudioError ? error.values?.['how'] : null
    const detail = hung
      ? `${Number((limitMs / 1000).toFixed(1))} s`
      : ((how as { message?: string } | null)?.message ?? reasonOf(error))
    const verdict = hung ? 'hung' : 'crashed'
    return {
      provider,
      verdict,
      detail,
      ops: {},
      backend: null,
      backendReason: null,
      difference: null,
      milliseconds: null,
    }
  } finally {
    await channel.kill()
  }
}
