/** A farm from the command line: real processes of server and workers. */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { afterAll, describe, expect, it } from 'vitest'
import { freePort, NATS_SERVER, NEEDS_SERVER } from '../farm/testing-server.ts'

const scratch = mkdtempSync(join(tmpdir(), 'zihua-farm-cli-'))
const running: ChildProcess[] = []
afterAll(async () => {
  for (const child of running.reverse()) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    // The server ends with its command only where that is told to.
    child.kill('SIGTERM')
    await once(child, 'exit')
  }
  rmSync(scratch, { recursive: true, force: true })
})
const cli = join(import.meta.dirname, 'cli.ts')
const dataOf = (name: string) => {
  const folder = join(scratch, name)
  mkdirSync(folder, { recursive: true })
  return { ...process.env, ZIHUA_DATA: folder }
}

/** Starts a command that runs on. @returns the first line of a stream that fits */
async function start(name: string, args: string[], from: 'stdout' | 'stderr', fits: RegExp): Promise<string> {
  const child = spawn(process.execPath, [cli, ...args], { env: dataOf(name), stdio: ['ignore', 'pipe', 'pipe'] })
  running.push(child)
  for await (const text of createInterface({ input: child[from]! })) if (fits.test(text)) return text
  throw new Error('It ended before it said so.')
}

describe.skipIf(!NATS_SERVER)(`zihua farm and zihua worker (${NEEDS_SERVER})`, () => {
  it('a worker computes as the settings of its machine say, or as the command line does', {
    timeout: 120_000,
  }, async () => {
    const listen = `127.0.0.1:${await freePort()}`
    const { url, token } = JSON.parse(await start('server', ['farm', '--listen', listen, '--json'], 'stdout', /^\{/))
    const farm = url.replace('://', `://${token}@`)
    for (const name of ['set', 'said']) {
      writeFileSync(join(dataOf(name).ZIHUA_DATA, 'settings.json'), JSON.stringify({ profile: 'cpu-small' }))
    }
    for (const [name, ...said] of [['usual'], ['set'], ['said', '--profile', 'cpu']]) {
      const line = await start(name!, ['worker', '--farm', farm, '--name', name!, ...said], 'stderr', /has joined/)
      expect(line).toMatch(/: cpu, .+, \d at once$/)
      expect(line).not.toContain(token)
    }
    const status = async () => {
      const { stdout } = await promisify(execFile)(
        process.execPath,
        [cli, 'farm', 'status', '--farm', farm, '--json'],
        {
          env: dataOf('asks'),
        },
      )
      const { workers } = JSON.parse(stdout) as { workers: { name: string; made: { numbers: string } }[] }
      return Object.fromEntries(workers.map(({ name, made }) => [name, made.numbers]))
    }
    let found = await status()
    while (Object.keys(found).length < 3) found = await status()
    expect(found['set']).not.toBe(found['usual'])
    expect(found['set']).toContain('mapped')
    expect(found['said']).toBe(found['usual'])
  })

  it.skipIf(process.platform === 'win32')(
    'Ctrl+C, which signals its children too, finishes what is under way',
    {
      timeout: 120_000,
    },
    async () => {
      const listen = `127.0.0.1:${await freePort()}`
      const { url, token } = JSON.parse(await start('served', ['farm', '--listen', listen, '--json'], 'stdout', /^\{/))
      const farm = url.replace('://', `://${token}@`)
      const words = ['一', '二', '三', '四', '五', '六', '七', '八']
      const set = join(scratch, 'eight.json')
      writeFileSync(set, JSON.stringify({ name: 'eight', words, request: { width: 256, height: 256, steps: 20 } }))
      const producer = spawn(process.execPath, [cli, 'export', set, '--out', join(scratch, 'eight'), '--farm', farm], {
        ...{ env: dataOf('producer'), stdio: 'ignore' },
      })
      running.push(producer)
      // A process group of its own, as in a terminal.
      const worker = spawn(process.execPath, [cli, 'worker', '--farm', farm], {
        ...{ env: dataOf('worker'), detached: true, stdio: ['ignore', 'pipe', 'pipe'] },
      })
      running.push(worker)
      const closed = Promise.all([once(worker, 'exit'), once(worker.stdout, 'close')])
      const told: string[] = []
      worker.stdout.on('data', text => told.push(String(text)))
      const lines: string[] = []
      for await (const line of createInterface({ input: worker.stderr })) {
        lines.push(line)
        if (lines.filter(each => each.endsWith(' …')).length === 1 && line.endsWith(' …'))
          process.kill(-worker.pid!, 'SIGINT')
      }
      const [[code]] = await closed
      expect({ code, told: told.join('') }).toEqual({
        code: 0,
        told: expect.stringMatching(/^[1-7] pictures painted, 0 failed\n$/),
      })
      // Nothing else is told than what it painted and for whom.
      expect(lines.filter(line => !/has joined| …$|paints for the set "eight"$/.test(line))).toEqual([])
    },
  )

  it('a wrong token is one clear line', { timeout: 60_000 }, async () => {
    const listen = `127.0.0.1:${await freePort()}`
    const { url } = JSON.parse(await start('other', ['farm', '--listen', listen, '--json'], 'stdout', /^\{/))
    const failed = await promisify(execFile)(
      process.execPath,
      [cli, 'worker', '--farm', url, '--token', 'wrong-token'],
      { env: dataOf('wrong') },
    ).catch((error: { code: number; stderr: string }) => error)
    expect(failed).toMatchObject({ code: 1 })
    expect(failed.stderr).toMatch(/^zihua: The farm at .+ refused the token or key\. .+\.\n$/)
    expect(failed.stderr).not.toContain('wrong-token')
  })
})
