/**
 * `npm run test:clients`: the Python clients that people have (openai, webuiapi), unmodified, against this studio, in a
 * virtual environment of their own; then schemathesis, which asks every route of the OpenAPI document for 500s and answers
 * that break it. Needs python3 and PyPI; ZIHUA_CLIENTS names a virtual environment that has them already.
 */
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TestService } from '../../core/server/service/testing-service.ts'

const folder = process.env['ZIHUA_CLIENTS'] ?? join(mkdtempSync(join(tmpdir(), 'zihua-clients-')), 'venv')
const bin = join(folder, process.platform === 'win32' ? 'Scripts' : 'bin')
if (!existsSync(bin)) {
  execFileSync('python3', ['-m', 'venv', folder], { stdio: 'inherit' })
  execFileSync(join(bin, 'pip'), ['install', '-q', 'openai', 'webuiapi', 'schemathesis'], { stdio: 'inherit' })
}

function run(command: string, args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    spawn(join(bin, command), args, { stdio: 'inherit' })
      .once('error', reject)
      .once('exit', code => resolve(code ?? 1))
  })
}

const service = await TestService.open()
const { port, origin } = service.served
const clients = await run('python', [join(import.meta.dirname, 'clients.py'), String(port)])
// Nothing is painted for requests that only try the schema.
service.host.queue.setPaused(true)
const examples = process.argv[2] ?? '60'
const args = [
  'run',
  `${origin}/openapi.json`,
  '--checks',
  'not_a_server_error,content_type_conformance,response_schema_conformance',
]
const schema = await run('st', [
  ...args,
  '--seed',
  '1',
  '--max-examples',
  examples,
  '--phases',
  'fuzzing',
  '--exclude-path-regex',
  'events|warmup',
])
await service[Symbol.asyncDispose]()
process.exit(clients || schema)
