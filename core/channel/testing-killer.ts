/** For tests: ends what answers while nobody calls it any more, and itself when that is gone. Argument: process or thread. */
import { startChild, startThread } from './endpoint.ts'

const script = new URL('./testing-answerer.ts', import.meta.url)
const endpoint = process.argv[2] === 'thread' ? startThread(script) : startChild(script, [])
endpoint.listen({ message: () => {}, alive: () => {}, ended: () => {} })
const gone = endpoint.kill()
// The last call is answered only now.
endpoint.hold(false)
await gone
console.log('gone')
