import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { lockFolder } from './lock.ts'

let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'zihua-lock-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

/** A process of its own that takes the lock, says so, and holds it until it is killed. */
function holder(file: string) {
  const source = `import { lockFolder } from ${JSON.stringify(join(import.meta.dirname, 'lock.ts'))}
    try { lockFolder(process.argv[1]); console.log('held'); setInterval(() => {}, 1e9) } catch { console.log('refused') }`
  return spawn(process.execPath, ['--input-type=module', '-e', source, file], { stdio: ['ignore', 'pipe', 'inherit'] })
}
const wordOf = async (child: ReturnType<typeof holder>) => String((await once(child.stdout, 'data'))[0]).trim()

it('has one owner in one process, and the next after it is given back', () => {
  const file = join(root, 'one')
  const unlock = lockFolder(file)
  expect(() => lockFolder(file)).toThrow(/set/)
  unlock()
  lockFolder(file)()
})

it('of processes that come at the same moment one gets it; killed, it is free at once', {
  timeout: 60_000,
}, async () => {
  const file = join(root, 'many')
  for (let round = 0; round < 3; round++) {
    const all = Array.from({ length: 4 }, () => holder(file))
    const words = await Promise.all(all.map(wordOf))
    expect(words.filter(word => word === 'held')).toHaveLength(1)
    const owner = all[words.indexOf('held')]
    owner.kill('SIGKILL')
    // Not waited for by its parent yet: a zombie still has its number, but no lock.
    await once(owner.stdout, 'close')
    lockFolder(file)()
  }
})

it('a folder that cannot be written to is one clear error', () => {
  expect(() => lockFolder(join(root, 'absent', 'lock'))).toThrow(expect.objectContaining({ code: 'cannot-write' }))
})
