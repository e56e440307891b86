/** Commands that run on: an assistant's tools over MCP, a server that is told to stop, and the bundle for a bug report. */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import sharp from 'sharp'
import { afterAll, expect, it } from 'vitest'
import { QueueStore } from '../queue/queue-store.ts'
import type { StudioJobs } from '../queue/studio-jobs.ts'
import { zipEntries } from '../tables/zip-entries.ts'

const scratch = mkdtempSync(join(tmpdir(), 'zihua-service-cli-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))
const cli = join(import.meta.dirname, 'cli.ts')

it('zihua mcp gives an assistant its tools', async () => {
  const env = { ...process.env, ZIHUA_DATA: join(scratch, 'mcp') } as Record<string, string>
  const client = new Client({ name: 'test', version: '1' })
  await client.connect(new StdioClientTransport({ command: process.execPath, args: [cli, 'mcp'], env }))
  const names = (await client.listTools()).tools.map(({ name }) => name)
  expect(names).toEqual(['paint_word', 'draw_maps', 'look_up_word', 'list_styles', 'start_set', 'watch_set'])
  const call = async (name: string, input: Record<string, unknown>) => {
    const { content, isError } = (await client.callTool({ name, arguments: input }, undefined, {
      timeout: 300_000,
    })) as {
      content: { type: string; text?: string; data?: string }[]
      isError?: boolean
    }
    return { isError, content, said: content.flatMap(({ text }) => (text === undefined ? [] : [text])) }
  }
  const painted = await call('paint_word', { word: '学习', width: 128, height: 128, steps: 2, seed: 7 })
  expect(JSON.parse(painted.said[0])).toMatchObject({ seed: 7, id: expect.stringMatching(/^[a-z0-9]{12}$/) })
  const png = Buffer.from(painted.content.find(({ type }) => type === 'image')!.data!, 'base64')
  expect(await sharp(png).metadata()).toMatchObject({ format: 'png', width: 128 })
  // An assistant can do nothing with the queue's screen or the command line.
  for (const [tool, input] of [
    ['watch_set', { id: 'none' }],
    ['paint_word', { word: '学', model: 'none' }],
  ] as const) {
    const { isError, said } = await call(tool, input)
    expect([isError, said[0]]).toEqual([true, expect.not.stringMatching(/Open the queue|zihua /)])
  }
  const maps = await call('draw_maps', { word: '永', width: 128, height: 128 })
  expect(maps.content.filter(({ type }) => type === 'image')).toHaveLength(4)
  const transform = { x: 0.5, y: 0.5, scale: [0.6, 0.6], rotation: 0 }
  const blocks = [
    { kind: 'motif', source: { emoji: '🌙' }, transform },
    { kind: 'word', source: { text: null }, transform },
  ]
  const composed = await call('draw_maps', { word: '永', composition: { blocks }, width: 128, height: 128 })
  const pictures = ({ content }: typeof maps) => content.flatMap(({ data }) => data ?? [])
  expect(pictures(composed)).toHaveLength(4)
  expect(pictures(composed)).not.toEqual(pictures(maps))
  expect((await call('look_up_word', { word: '学习' })).said[0]).toContain('xué xí')
  const set = JSON.parse(
    (await call('start_set', { name: 'two', words: [{ word: '一' }], width: 128, height: 128, steps: 1 })).said[0],
  )
  expect(JSON.parse((await call('watch_set', { id: set.id })).said[0])).toMatchObject({ id: set.id, kind: 'set' })
  expect(await call('paint_word', { word: '学', model: '/etc/passwd' })).toMatchObject({ isError: true })
  await client.close()
}, 600_000)

/** The first line that fits. */
async function line(child: ChildProcess, fits: (text: string) => boolean): Promise<string> {
  for await (const text of createInterface({ input: child.stdout! })) if (fits(text)) return text
  throw new Error('It ended before it said so.')
}

it('zihua serve gives its networks back, parks the running picture at SIGTERM, keeps the queue, and exits 0', async () => {
  const data = join(scratch, 'serve')
  const env = { ...process.env, ZIHUA_DATA: data }
  const child = spawn(process.execPath, [cli, 'serve', '--port', '0', '--json'], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const { port } = JSON.parse(await line(child, text => text.startsWith('{'))) as { port: number }
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects
  const call = async (path: string, body?: object): Promise<any> => {
    const headers = { 'content-type': 'application/json' }
    const post = body && { method: 'POST', headers, body: JSON.stringify(body) }
    return (await fetch(`http://127.0.0.1:${port}${path}`, post)).json()
  }
  // An empty studio paints a first picture by itself; that goes first.
  for (const { id } of await call('/api/jobs')) await call(`/api/jobs/${id}/cancel`, {})
  const unload = () => promisify(execFile)(process.execPath, [cli, 'models', 'unload', '--json'], { env })
  expect(JSON.parse((await unload()).stdout)).toEqual({ unloaded: true })
  const job = { word: '永', width: 128, height: 128, steps: 150, seed: 1 }
  const [first, second] = [await call('/api/jobs', job), await call('/api/jobs', job)]
  const events = await fetch(`http://127.0.0.1:${port}/api/jobs/${first.id}/events`)
  const reader = events.body!.pipeThrough(new TextDecoderStream()).getReader()
  // Until a step is done: the picture is in the middle.
  for (let text = ''; !text.includes('"preview"'); text += (await reader.read()).value ?? '');
  await reader.cancel()
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  expect(await ended).toEqual([0, null])
  await expect(unload()).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('No studio is open on') })
  const store = new QueueStore<StudioJobs>(join(data, 'queue.db'), 'test')
  expect([store.get(first.id)?.state, store.get(second.id)?.state]).toEqual(['waiting', 'waiting'])
  store.close()
}, 600_000)

it('zihua diagnostics bundles versions and logs, and no prompts unless asked', async () => {
  const data = join(scratch, 'diagnostics')
  mkdirSync(join(data, 'logs'), { recursive: true })
  const lines = [{ msg: 'picture is made', ms: 5, parameters: { word: 'geheim' } }, { msg: 'answered' }]
  writeFileSync(join(data, 'logs', 'zihua.1.log'), lines.map(entry => `${JSON.stringify(entry)}\n`).join(''))
  const bundle = async (...more: string[]) => {
    const out = join(scratch, `bundle${more.length}.zip`)
    await promisify(execFile)(process.execPath, [cli, 'diagnostics', '--out', out, ...more], {
      env: { ...process.env, ZIHUA_DATA: data },
    })
    return unzip(out)
  }
  const files = await bundle()
  expect(Object.keys(files).sort()).toEqual(['doctor.json', 'logs/zihua.1.log'])
  expect(JSON.parse(files['doctor.json'])).toMatchObject({ node: process.version, models: [{ id: 'draft' }] })
  expect(files['logs/zihua.1.log']).toBe('{"msg":"picture is made","ms":5}\n{"msg":"answered"}\n')
  expect((await bundle('--with-prompts'))['logs/zihua.1.log']).toContain('geheim')
}, 300_000)

async function unzip(file: string): Promise<Record<string, string>> {
  const entries = await zipEntries(await readFile(file), () => true)
  return Object.fromEntries(Array.from(entries, ([name, bytes]) => [name, bytes.toString()]))
}
