/** For tests: a host that begins a job which never ends, and is killed. */
import type { JobShape } from './job.ts'
import { Queue } from './queue.ts'

const queue = new Queue<{ endless: JobShape }>(process.argv[2], {
  endless: () => {
    process.send?.('running')
    return new Promise(() => {})
  },
})
if (queue.list().length === 0) queue.add({ kind: 'endless', payload: null, title: 'endless' })
queue.start()
setInterval(() => {}, 1 << 30)
