/** How often the system has ended a process because memory ran out. */
import { readFileSync } from 'node:fs'

/** Linux counts them, for the machine and for the container that we run in. */
const COUNTERS: readonly [file: string, line: RegExp][] = [
  ['/proc/vmstat', /^oom_kill (\d+)/m],
  ['/sys/fs/cgroup/memory.events', /^oom_kill (\d+)/m],
  ['/sys/fs/cgroup/memory/memory.oom_control', /^oom_kill (\d+)/m],
]

/** Of all counters together; 0 where there is none. Only whether it grows says anything. */
export function oomKills(): number {
  return COUNTERS.reduce((sum, [file, line]) => {
    try {
      return sum + Number(line.exec(readFileSync(file, 'utf8'))?.[1] ?? 0)
    } catch {
      return sum
    }
  }, 0)
}
