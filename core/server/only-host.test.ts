/** Two hosts on one data folder: real processes, killed too. */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { afterAll, expect, it } from 'vitest'
import { becomeHost } from './only-host.ts'

const root = mkdtempSync(join(tmpdir(), 'zihua-only-'))
const running: ChildProcess[] = []
afterAll(() => {
  for (const child of running) child.kill('SIGKILL')
  rmSync(root, { recursive: true, force: true })
})
const top = resolve(import.meta.dirname, '../..')
const [cli, start, desktop] = ['core/cli/cli.ts', 'electron/start.ts', 'core/server/desktop-host.ts'].map(name =>
  join(top, name),
)
const envOf = (data: string) => ({ ...process.env, ZIHUA_DATA: data, ZIHUA_BROWSER: '1', CI: '1' })

/** Starts a host and waits for its first line. */
async function open(data: string, args: string[]): Promise<{ child: ChildProcess; line: string }> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...args], {
    env: envOf(data),
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  running.push(child)
  const [line] = (await once(createInterface({ input: child.stdout! }), 'line')) as [string]
  return { child, line }
}
const run = (data: string, args: string[]) =>
  promisify(execFile)(process.execPath, ['--disable-warning=ExperimentalWarning', ...args], { env: envOf(data) }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  )
const ADDRESS = /http:\/\/127\.0\.0\.1:(\d+)\/\?token=[\w-]+/
const serve = (data: string) => open(data, [cli, 'serve', '--port', '0', '--json'])

it('a second serve and a second npm start say so, and lead to the first one’s page', { timeout: 120_000 }, async () => {
  const data = join(root, 'two')
  const { child, line } = await serve(data)
  const { port } = JSON.parse(line) as { port: number }

  const second = await run(data, [cli, 'serve', '--port', '0'])
  expect(second).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringContaining('A studio is open on this data'),
  })
  expect(second.stderr.trim().split('\n')).toHaveLength(1)
  const started = await run(data, [start])
  expect(started).toMatchObject({ code: 0, stdout: expect.stringContaining('A studio is open on this data') })
  for (const said of [second.stderr, started.stdout]) {
    const [address, itsPort] = ADDRESS.exec(said) ?? []
    expect(Number(itsPort)).toBe(port)
    // The address still lets a browser in, whoever was told it before.
    if (said === started.stdout) expect((await fetch(address!)).headers.get('set-cookie')).toContain(`zihua-${port}`)
  }

  // What only adds pictures works beside a host.
  const picture = join(root, 'beside.png')
  const made = await run(data, [
    ...[cli, 'generate', '学', '--size', '128x128', '--steps', '1', '--seed', '1', '--out', picture],
  ])
  expect(made).toMatchObject({ code: 0 })

  child.kill('SIGKILL')
  await once(child, 'exit')
  const next = await serve(data)
  expect(JSON.parse(next.line)).toMatchObject({ url: expect.stringMatching(ADDRESS) })
  next.child.kill('SIGTERM')
  expect(await once(next.child, 'exit')).toEqual([0, null])
})

it('a desktop beside a host shows its page, and ends with it, so that it is started again as the host', {
  timeout: 120_000,
}, async () => {
  const data = join(root, 'desktop')
  const { child, line } = await serve(data)
  const { port } = JSON.parse(line) as { port: number }
  const window = await open(data, [desktop])
  expect(ADDRESS.exec((JSON.parse(window.line) as { url: string }).url)?.[1]).toBe(String(port))
  child.kill('SIGKILL')
  expect(await once(window.child, 'exit')).toEqual([1, null])
  const again = await open(data, [desktop])
  expect(ADDRESS.exec((JSON.parse(again.line) as { url: string }).url)?.[1]).not.toBe(String(port))
  again.child.stdin!.end()
  expect(await once(again.child, 'exit')).toEqual([0, null])
})

it('a folder that takes no lock does not keep the studio from saying itself what is wrong', async () => {
  const release = await becomeHost('/proc/zihua')
  release()
})
