/**
 * `npm run bench:service`: `zihua serve` under load. 200 requests at once on a queue limit of 64, twice: as many are taken
 * as may be, the rest is refused with Retry-After, all that were taken are answered, memory is level again; then
 * autocannon on /health while a picture is being made. Ends with 1 where a figure is out of its bounds.
 */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { burst, paintForLong } from '../../core/server/service/testing-load.ts'

const REQUESTS = 200
const LIMIT = 64
/** What a second burst may leave behind of the studio's and the inference process's memory together. */
const LEVEL = 1.1
const HEALTH_P99_MS = 50

const data = mkdtempSync(join(tmpdir(), 'zihua-load-'))
const root = join(import.meta.dirname, '../..')
const args = [join(root, 'core/cli/cli.ts'), 'serve', '--port', '0', '--queue', String(LIMIT), '--json']
const server = spawn(process.execPath, args, {
  env: { ...process.env, ZIHUA_DATA: data },
  stdio: ['ignore', 'pipe', 'ignore'],
})
const faults: string[] = []
const check = (holds: boolean, text: string) => {
  console.log(`${holds ? '✓' : '✗'} ${text}`)
  if (!holds) faults.push(text)
}

try {
  let line = ''
  for await (line of createInterface({ input: server.stdout })) if (line.startsWith('{')) break
  const origin = `http://127.0.0.1:${(JSON.parse(line) as { port: number }).port}`
  // An empty studio paints a first picture by itself; that goes first.
  const jobs = (await (await fetch(`${origin}/api/jobs`)).json()) as { id: string }[]
  for (const { id } of jobs) await fetch(`${origin}/api/jobs/${id}/cancel`, { method: 'POST' })

  const memory = async () => {
    const { service_status } = (await (await fetch(`${origin}/health/detailed`)).json()) as {
      service_status: { ai_status: { memory: { host: number; inference: number | null } } }
    }
    const { host, inference } = service_status.ai_status.memory
    return { host, inference: inference ?? 0 }
  }
  const levels: { host: number; inference: number }[] = []
  for (const which of ['first', 'second', 'third']) {
    const start = performance.now()
    const { answered, refused, hinted, others } = await burst(origin, REQUESTS, LIMIT)
    const seconds = ((performance.now() - start) / 1000).toFixed(1)
    const told = `${answered} answered, ${refused} refused, ${hinted} with Retry-After, ${others.length} else, ${seconds} s`
    const right = answered === LIMIT && refused === REQUESTS - LIMIT && hinted === refused && others.length === 0
    check(right, `${which} burst of ${REQUESTS} on ${LIMIT}: ${told} ${others[0] ?? ''}`)
    levels.push(await memory())
  }
  const mib = (bytes: number) => `${(bytes / 2 ** 20).toFixed(0)} MiB`
  const [, second, third] = levels
  const told = levels.map(({ host, inference }) => `${mib(host)} + ${mib(inference)}`).join(', ')
  const level = third.host + third.inference <= LEVEL * (second.host + second.inference)
  check(level, `memory of studio + inference after each: ${told}`)

  const painting = await paintForLong(origin)
  const cannon = join(root, 'node_modules/autocannon/autocannon.js')
  const shots = [cannon, '-c', '4', '-d', '10', '--json', `${origin}/health`]
  const { stdout } = await promisify(execFile)(process.execPath, shots)
  const { latency, errors, non2xx, requests } = JSON.parse(stdout) as {
    latency: { p50: number; p99: number; max: number }
    errors: number
    non2xx: number
    requests: { total: number }
  }
  const { state } = (await (await fetch(`${origin}/api/jobs/${painting}`)).json()) as { state: string }
  check(state === 'running', `the picture is ${state} when the last one has been answered`)
  const times = `p50 ${latency.p50} ms, p99 ${latency.p99} ms, most ${latency.max} ms, ${requests.total} answers`
  check(errors + non2xx === 0 && latency.p99 <= HEALTH_P99_MS, `/health while painting: ${times}`)
} finally {
  const ended = once(server, 'exit')
  server.kill('SIGTERM')
  await ended
  rmSync(data, { recursive: true, force: true })
}
process.exitCode = faults.length > 0 ? 1 : 0
