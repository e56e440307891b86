/** For tests: a parent whose child is in the middle of a blocking call; it prints the child's id and waits to be killed. */
import { fault } from '../faults/fault.ts'
import { Channel } from './channel.ts'
import { startChild } from './endpoint.ts'
import type { TestCalls } from './testing-answerer.ts'

const channel = new Channel<TestCalls>(startChild(new URL('./testing-answerer.ts', import.meta.url), []), {
  died: ({ how }) => fault('inferenceEnded', { how }),
})
await channel.call('compute', 120_000, { onEvent: () => console.log(channel.pid) }).reply
