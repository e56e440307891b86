/** Ctrl+C in a terminal, which signals every process of the command, while the launcher passes the signal on. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, expect, it } from 'vitest'

const scratch = mkdtempSync(join(tmpdir(), 'zihua-interrupt-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))
const launcher = join(import.meta.dirname, '..', '..', 'build', 'launch.mjs')
const size = { width: 512, height: 512, steps: 150 }

/** The command as a user starts it, in a process group of its own as in a terminal. */
function start(data: string, ...args: string[]) {
  const env = { ...process.env, INIT_CWD: scratch, ZIHUA_DATA: join(scratch, data) }
  const child = spawn(process.execPath, [launcher, 'core/cli/cli.ts', ...args], {
    ...{ env, cwd: scratch, detached: true, stdio: ['ignore', 'ignore', 'pipe'] as const },
  })
  const lines: string[] = []
  const reader = createInterface({ input: child.stderr! }).on('line', line => lines.push(line))
  return { child, lines, ended: Promise.all([once(child, 'exit'), once(reader, 'close')]).then(([[code]]) => code) }
}

function interruptTwice({ pid }: ChildProcess): void {
  for (let i = 0; i < 2; i++) process.kill(-pid!, 'SIGINT')
}

it.skipIf(process.platform === 'win32')(
  'generate ends with its sentence, however many signals arrive together',
  { timeout: 120_000 },
  async () => {
    const { child, lines, ended } = start(
      'one',
      'generate',
      '学',
      '--size',
      '512x512',
      '--steps',
      '150',
      '--out',
      'x.png',
    )
    await expect
      .poll(() => existsSync(join(scratch, 'one', 'library.db')), { timeout: 60_000, interval: 20 })
      .toBe(true)
    interruptTwice(child)
    expect(await ended).toBe(1)
    expect(lines).toEqual(['zihua: It was cancelled. Start it again when you like.'])
    expect(readdirSync(scratch).filter(name => /x\.png|incomplete/.test(name))).toEqual([])
  },
)

it.skipIf(process.platform === 'win32')(
  'export ends with its sentence after what it has made',
  { timeout: 240_000 },
  async () => {
    const words = ['一', '二', '三', '四']
    writeFileSync(join(scratch, 'set.json'), JSON.stringify({ name: 'four', words, request: { ...size, steps: 2 } }))
    const { child, lines, ended } = start('set', 'export', 'set.json', '--out', 'four')
    await expect
      .poll(() => lines.some(line => line.startsWith('1 of 4')), { timeout: 200_000, interval: 20 })
      .toBe(true)
    interruptTwice(child)
    expect(await ended).toBe(1)
    expect(lines.at(-1)).toBe('zihua: The set was stopped. Start it again: what is done stays.')
  },
)

it.skipIf(process.platform === 'win32')('a later request to stop ends the process at once', async () => {
  const module = new URL('../server/told-to-stop.ts', import.meta.url)
  const script = `import { onStop } from '${module}'; setInterval(() => {}, 1e6)
    onStop(() => console.log('told')); console.log('ready')`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]()
  expect((await lines.next()).value).toBe('ready')
  const began = performance.now()
  const interrupted = () => {
    child.kill('SIGINT')
    return child.exitCode
  }
  for (let i = 0; i < 2; i++) child.kill('SIGINT')
  expect((await lines.next()).value).toBe('told')
  await expect.poll(interrupted, { timeout: 20_000, interval: 50 }).toBe(1)
  expect(await ended).toEqual([1, null])
  expect(performance.now() - began).toBeGreaterThan(1000)
})
