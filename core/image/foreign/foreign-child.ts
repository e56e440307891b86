/** The process that reads other programs' metadata: what a stranger wrote is parsed here and can stop nothing else. */
import { answer } from '../../channel/answer.ts'
import { readForeign } from './foreign.ts'
import type { ForeignCalls } from './foreign-door.ts'

answer<ForeignCalls>({ ready: async () => null, read: ({ file }) => readForeign(file) })
