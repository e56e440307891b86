/**
 * A thread of a child process that beats while the process's main thread may be blocked in a native call: once a second
 * the processor time used so far, milliseconds, as a line on a pipe to the parent. A stopped or stalled process uses none;
 * a pipe that is closed means that the parent is gone, and then the child ends soon.
 */
import { writeSync } from 'node:fs'
import { HEARTBEAT_FD } from './heartbeat-pipe.ts'

const BEAT_MS = 1000
/** A main thread that is free puts things in order first (AnswerOptions.orphaned). */
const GRACE_MS = 3000

setInterval(() => {
  const { user, system } = process.cpuUsage()
  try {
    writeSync(HEARTBEAT_FD, `${Math.round((user + system) / 1000)}\n`)
  } catch (error) {
    // The parent does not read just now: the next beat says the same.
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN')
      setTimeout(() => process.kill(process.pid, 'SIGKILL'), GRACE_MS)
  }
}, BEAT_MS)
