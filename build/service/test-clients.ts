/**
 * `npm run test:clients [-- NAME…]`: programs that people have, unmodified, against this studio: curl, Python's openai and
 * webuiapi, openai and the AI SDK for JavaScript, an MCP client, SillyTavern's server. Each has to get a 学习 that can be
 * read. Three independent readers of A1111's parameters find in our pictures what was written there. Then schemathesis asks
 * every route of the OpenAPI document for 500s and for answers that break it.
 * Names: curl, python, javascript, sillytavern, readers, schema; default all. Needs curl, jq, python3, PyPI and npm;
 * ZIHUA_CLIENTS names a folder that keeps what they install for the next time.
 */
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DEFAULT_PORT } from '../../core/server/serve.ts'
import { TestService } from '../../core/server/service/testing-service.ts'
import { writeParameters } from './parameters.ts'
import { LEGIBLE, scoreOf } from './score.ts'

const SCHEMA_REQUESTS = 2000
const kept = process.env['ZIHUA_CLIENTS'] ?? mkdtempSync(join(tmpdir(), 'zihua-clients-'))
const pictures = mkdtempSync(join(tmpdir(), 'zihua-clients-pictures-'))

/** Python programs live in a virtual environment of their own. @returns its folder of programs */
function python(): string {
  const folder = join(kept, 'venv')
  const bin = join(folder, process.platform === 'win32' ? 'Scripts' : 'bin')
  if (existsSync(bin)) return bin
  execFileSync('python3', ['-m', 'venv', folder], { stdio: 'inherit' })
  const packages = ['openai==3.57.0', 'webuiapi==0.9.17', 'schemathesis', 'sd-parsers', 'sd-prompt-reader', 'piexif']
  execFileSync(join(bin, 'pip'), ['install', '-q', ...packages], { stdio: 'inherit' })
  return bin
}

/** @returns what the program has printed, which is shown as well. @throws where it fails */
function run(command: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    // Schemathesis leaves notes where it runs.
    const child = spawn(command, args, { cwd: pictures, stdio: ['ignore', 'pipe', 'inherit'] })
    let text = ''
    child.stdout.on('data', (part: Buffer) => {
      process.stdout.write(part)
      text += part.toString()
    })
    child.once('error', reject)
    child.once('close', code => (code === 0 ? resolve(text) : reject(new Error(`${command} ended with ${code}.`))))
  })
}

const here = (name: string) => join(import.meta.dirname, name)

interface Client {
  start(port: string): Promise<unknown>
  brings: readonly string[]
  /** The port that it calls as it is written; default: any. */
  port?: number
}

/** What each client calls, and the pictures that it has to bring. */
const CLIENTS: Readonly<Record<string, Client>> = {
  curl: { start: () => run('sh', [here('curl.sh'), pictures]), brings: ['curl'], port: DEFAULT_PORT },
  python: {
    start: port => run(join(python(), 'python'), [here('clients.py'), port, pictures]),
    brings: ['webuiapi-txt2img', 'webuiapi-img2img', 'openai-python'],
  },
  javascript: {
    start: port => run(process.execPath, [here('clients.ts'), port, pictures]),
    brings: ['openai-javascript', 'ai-sdk', 'mcp'],
  },
  sillytavern: {
    start: port => run(process.execPath, [here('sillytavern.ts'), port, pictures, join(kept, 'sillytavern')]),
    brings: ['sillytavern'],
  },
}

/** 503 is an answer of ours, as for a queue that is paused; every other one from 500 on is a fault. */
const SCHEMA_CONFIG = '[checks.not_a_server_error]\nexpected-statuses = ["2xx", "3xx", "4xx", 503]\n'

/** @throws where an answer is a 500 or breaks the document, or fewer were asked for than were meant */
async function schema(service: TestService): Promise<void> {
  const { served, host } = service
  // The library has something to show; then nothing is painted for requests that only try the schema.
  await service.post('/api/writing/generate-writing-image', { word: '学', width: 64, height: 64, steps: 1, count: 2 })
  host.queue.setPaused(true)
  const config = join(pictures, 'schemathesis.toml')
  writeFileSync(config, SCHEMA_CONFIG)
  const checks = 'not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance'
  const examples = String(Math.ceil(SCHEMA_REQUESTS / 20))
  const args = ['--config-file', config, 'run', `${served.origin}/openapi.json`, '--checks', checks, '--seed', '1']
  // An event stream of a waiting job does not end, and a warm-up loads a model each time.
  const which = ['--phases', 'coverage,fuzzing', '--max-examples', examples, '--exclude-path-regex', 'events|warmup']
  const ways = ['--no-color', '--generation-database', 'none', '--warnings', 'off']
  const text = await run(join(python(), 'st'), [...args, ...which, ...ways])
  const asked = Number(/(\d+) generated/.exec(text)?.[1] ?? 0)
  if (asked < SCHEMA_REQUESTS) throw new Error(`schemathesis asked ${asked} times, and ${SCHEMA_REQUESTS} were meant.`)
  console.log(`schemathesis: ${asked} requests, no 500, no breach of the schema`)
}

const wanted = process.argv.slice(2)
const known = [...Object.keys(CLIENTS), 'readers', 'schema']
const unknown = wanted.find(name => !known.includes(name))
if (unknown !== undefined) throw new Error(`${unknown} is none of ${known.join(', ')}.`)
const asked = (name: string) => wanted.length === 0 || wanted.includes(name)
mkdirSync(kept, { recursive: true })

const failures: string[] = []
const attempt = async (name: string, work: () => Promise<unknown>) => {
  console.log(`\n${name}`)
  await work().catch((error: unknown) => failures.push(`${name}: ${error instanceof Error ? error.message : error}`))
}
for (const [name, { start, brings, port = 0 }] of Object.entries(CLIENTS)) {
  if (!asked(name)) continue
  await attempt(name, async () => {
    await using service = await TestService.open({ port })
    await start(String(service.served.port))
    for (const picture of brings) {
      const file = readdirSync(pictures).find(found => found.startsWith(`${picture}.`))
      if (!file) throw new Error(`${picture} has brought no picture.`)
      const score = await scoreOf(join(pictures, file))
      console.log(`  ${picture}: 学习, legibility ${score.toFixed(2)}`)
      if (score <= LEGIBLE) throw new Error(`${picture} cannot be read (${score.toFixed(2)}).`)
    }
  })
}
if (asked('readers'))
  await attempt('readers', async () => {
    await using service = await TestService.open()
    const list = await writeParameters(service.host, pictures)
    await run(join(python(), 'python'), [here('readers.py'), list])
    await run(process.execPath, [here('reader.ts'), list, join(kept, 'reader')])
  })
if (asked('schema'))
  await attempt('schema', async () => {
    await using service = await TestService.open()
    await schema(service)
  })
console.log(`\npictures: ${pictures}`)
for (const failure of failures) console.error(failure)
process.exit(failures.length > 0 ? 1 : 0)
