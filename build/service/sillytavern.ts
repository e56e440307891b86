/**
 * SillyTavern's server, unmodified, against a running service: node sillytavern.ts PORT FOLDER INSTALLED. What its page
 * asks of it goes through it to us as its users' calls do. INSTALLED keeps the package (some 430 MB) for the next time.
 */
import { ok } from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const [port, folder, installed] = process.argv.slice(2)
const program = join(installed, 'node_modules/sillytavern')
if (!existsSync(join(program, 'server.js'))) {
  mkdirSync(installed, { recursive: true })
  const args = ['install', '--prefix', installed, '--no-audit', '--no-fund', '--ignore-scripts', 'sillytavern@1.19.0']
  execFileSync('npm', args, { stdio: ['ignore', 'ignore', 'inherit'], shell: process.platform === 'win32' })
}

/** A port that was free a moment ago: the server takes none by itself. */
async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  return typeof address === 'object' && address ? address.port : 0
}

const own = String(await freePort())
const data = join(folder, 'sillytavern')
mkdirSync(data, { recursive: true })
const places = ['--dataRoot', join(data, 'data'), '--configPath', join(data, 'config.yaml')]
const switches = ['--disableCsrf', '--browserLaunchEnabled', 'false']
const server = spawn(process.execPath, ['server.js', '--port', own, ...switches, ...places], {
  cwd: program,
  stdio: ['ignore', 'pipe', 'inherit'],
})
const listening = Promise.withResolvers<void>()
const lines = createInterface({ input: server.stdout })
lines.on('line', line => {
  if (line.includes('is listening')) listening.resolve()
})
server.once('exit', code => listening.reject(new Error(`SillyTavern ended with ${code}.`)))

/** What its page asks of its server about the program at `url`. */
async function ask(path: string, more: object = {}): Promise<Response> {
  const answer = await fetch(`http://127.0.0.1:${own}/api/sd/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ url: `http://127.0.0.1:${port}`, auth: 'user:password', ...more }),
  })
  ok(answer.ok, `${path}: ${answer.status} ${(await answer.clone().text()).slice(0, 300)}`)
  return answer
}

try {
  await listening.promise
  await ask('ping')
  const samplers = (await (await ask('samplers')).json()) as string[]
  ok(samplers.includes('Euler a'), samplers.join())
  const models = (await (await ask('models')).json()) as { value: string }[]
  ok(
    models.some(({ value }) => value === 'draft'),
    JSON.stringify(models),
  )
  for (const list of ['schedulers', 'upscalers', 'vaes']) await ask(list)
  ok((await (await ask('get-model')).text()) === 'draft')
  await ask('set-model', { model: 'draft' })
  const request = { prompt: '学习', width: 512, height: 512, steps: 12, cfg_scale: 3, seed: 1 }
  const names = { sampler_name: 'Euler a', scheduler: 'Automatic', negative_prompt: '' }
  const { images } = (await (await ask('generate', { ...request, ...names })).json()) as { images: string[] }
  await writeFile(join(folder, 'sillytavern.png'), Buffer.from(images[0], 'base64'))
  console.log('SillyTavern: ping, lists, model, picture')
} finally {
  server.removeAllListeners('exit').kill()
}
