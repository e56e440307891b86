/** For tests: a process or thread that answers, computes, hangs or dies on request. */
import { answer } from './answer.ts'

export interface TestCalls {
  echo: { request: Uint8Array; event: never; reply: Uint8Array }
  count: { request: number; event: number; reply: number }
  /** Replies with how it was ended: by its signal. */
  untilAborted: { request: null; event: 'begun'; reply: string }
  /** Blocks the event loop while it computes. */
  compute: { request: number; event: 'begun'; reply: null }
  stop: { request: null; event: never; reply: null }
  exit: { request: number; event: never; reply: null }
  never: { request: null; event: 'begun'; reply: null }
}

answer<TestCalls>({
  echo: async bytes => bytes,
  count: async (most, { emit }) => {
    for (let i = 1; i <= most; i++) emit(i)
    return most
  },
  untilAborted: (_, { signal, emit }) => {
    emit('begun')
    return new Promise(resolve => signal.addEventListener('abort', () => resolve('aborted')))
  },
  compute: async (ms, { emit }) => {
    emit('begun')
    const end = performance.now() + ms
    while (performance.now() < end) Math.sqrt(Math.random())
    return null
  },
  stop: async () => {
    process.kill(process.pid, 'SIGSTOP')
    return null
  },
  exit: async code => process.exit(code),
  never: (_, { emit }) => {
    emit('begun')
    return new Promise(() => {})
  },
})
