/**
 * How long others wait for the host while it paints, with a long history:
 *
 *     npm run bench:queue [-- FINISHED SETS WORDS]     default 5000 finished pictures and 5 finished sets of 20,000 words
 *
 * Steps of a picture are reported as fast as they can be written; meanwhile every 5 ms somebody asks for the list or for a
 * job, and the delay of the event loop is measured. Fails above 5 ms at the median or 50 ms at worst.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { benchQueue } from '../core/queue/testing-bench.ts'

const [finished = '5000', sets = '5', words = '20000'] = process.argv.slice(2)
const folder = await mkdtemp(join(tmpdir(), 'zihua-bench-queue-'))
try {
  const report = await benchQueue(join(folder, 'queue.db'), {
    finished: Number(finished),
    sets: Number(sets),
    words: Number(words),
    steps: 2000,
  })
  console.log(JSON.stringify(report))
  if (report.medianMs > 5 || report.worstMs > 50) process.exitCode = 1
} finally {
  await rm(folder, { recursive: true, force: true })
}
