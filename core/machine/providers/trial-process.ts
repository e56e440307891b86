/** A child process in which one provider is tried: a driver that hangs or crashes takes nothing else with it. */
import { answer } from '../../channel/answer.ts'
import type { EngineRuntime } from '../../engine/backend.ts'
import { type ProviderReport, selfTest } from '../../engine/self-test.ts'
import type { Provider } from '../../graph/op-profiles.ts'

export interface TrialCalls {
  test: { request: { provider: Provider; runtime?: EngineRuntime }; event: never; reply: ProviderReport }
}

answer<TrialCalls>({ test: ({ provider, runtime }) => selfTest(provider, runtime) })
