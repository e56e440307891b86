import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { StudioLog } from './log.ts'
import { completeLogging } from './settings.ts'

let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'zihua-log-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

async function linesIn(dataFolder: string): Promise<Record<string, unknown>[]> {
  const folder = join(dataFolder, 'logs')
  const texts = await Promise.all((await readdir(folder)).map(name => readFile(join(folder, name), 'utf8')))
  return texts.flatMap(text => text.split('\n').filter(Boolean)).map(line => JSON.parse(line))
}

it('switches come from the settings, and from the environment before them', () => {
  const settings = { level: 'warn', generation: { include_parameters: true }, ai_models: { level: 'debug' } } as const
  expect(completeLogging(settings, {})).toEqual({
    level: 'warn',
    ai_models: { level: 'debug', include_model_loading: true, include_memory_usage: true },
    generation: { level: 'warn', include_timing: true, include_parameters: true },
  })
  const env = {
    ZIHUA_LOG_LEVEL: 'error',
    ZIHUA_LOG_AI_MODELS_LEVEL: 'trace',
    ZIHUA_LOG_AI_MODELS_INCLUDE_MEMORY_USAGE: 'false',
    ZIHUA_LOG_GENERATION_INCLUDE_PARAMETERS: '0',
    ZIHUA_LOG_GENERATION_LEVEL: 'loud',
  }
  expect(completeLogging(settings, env)).toEqual({
    level: 'error',
    ai_models: { level: 'trace', include_model_loading: true, include_memory_usage: false },
    generation: { level: 'error', include_timing: true, include_parameters: false },
  })
})

it('lines are JSON, each logger at its own level, and a secret is never among them', async () => {
  const dataFolder = join(root, 'levels')
  const settings = { level: 'info', ai_models: { level: 'error' }, generation: { level: 'debug' } } as const
  const log = await StudioLog.open({ dataFolder, settings })
  log.aiModels.info('not this')
  log.generation.debug({ requestId: 'r1' }, 'this')
  log.subsystem('http').info({ headers: { authorization: 'Bearer secret', cookie: 'secret' }, token: 'secret' }, 'that')
  await log.close()
  // A client that goes away after the end is no error.
  log.root.info('too late')
  const lines = await linesIn(dataFolder)
  expect(lines).toMatchObject([
    { name: 'generation', requestId: 'r1', msg: 'this' },
    { name: 'http', msg: 'that' },
  ])
  expect(JSON.stringify(lines)).not.toContain('secret')
})

it('old files go when the newest is full', async () => {
  const dataFolder = join(root, 'rotation')
  const log = await StudioLog.open({ dataFolder, fileSize: '1k' })
  for (let i = 0; i < 200; i++) {
    log.root.info({ text: 'x'.repeat(100) }, `line ${i}`)
    // Files are changed between writes, not inside one.
    await log.flush()
  }
  await log.close()
  expect((await readdir(join(dataFolder, 'logs'))).length).toBeLessThanOrEqual(6)
  expect((await linesIn(dataFolder)).at(-1)).toBeDefined()
})
