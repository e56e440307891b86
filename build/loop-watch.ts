/**
 * Loaded before a process's own script (--import): notes every time that the event loop was kept from turning by the main
 * thread's own work, and writes it to a file beside ZIHUA_LOOP_WATCH, one line each: "milliseconds-since-epoch busy-ms".
 * Counted is the processor time of the main thread between two turns, not the clock: a machine that is busy with something
 * else blocks nothing here.
 */
import { appendFileSync } from 'node:fs'
import { isMainThread } from 'node:worker_threads'

const file = process.env['ZIHUA_LOOP_WATCH']
const EVERY_MS = 2
/** Shorter ones are not worth a line. */
const NOTED_MS = 5

if (file && isMainThread) {
  const script = process.argv[1]?.split(/[\\/]/).slice(-2).join('-') ?? 'node'
  const used = () => {
    const { user, system } = process.threadCpuUsage()
    return (user + system) / 1000
  }
  let before = used()
  setInterval(() => {
    const now = used()
    if (now - before >= NOTED_MS)
      appendFileSync(`${file}.${script}.${process.pid}`, `${Date.now()} ${(now - before).toFixed(1)}\n`)
    before = used()
  }, EVERY_MS).unref()
}
