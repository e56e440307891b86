/** Mutated calls of everything that the host answers, seeded: for build/fuzz-calls.ts and its test. Tests only. */
import { Agent, request as httpRequest } from 'node:http'
import { contract } from '../host/api.ts'
import { seededRandom } from '../raster/random.ts'
import { KEY_HEADER } from './gate.ts'
import type { TestService } from './service/testing-service.ts'

export interface FuzzedCalls {
  calls: number
  /** Answers by their status. */
  statuses: Record<number, number>
  slowest: { milliseconds: number; call: string }
  /** Raw errors, and calls without an answer: must be empty. */
  wrong: string[]
  /** What took over five seconds. */
  slow: string[]
}

interface Call {
  method: string
  path: string
  headers: Record<string, string>
  body: unknown
}

/** These start pictures, load from the internet, write into folders of the caller's choosing, or have no end. */
const LEFT_OUT =
  /^(studio\/events|queue\/resume|sets\/(start|open|resume)|library\/(export|asSet)|farm\/|models\/(download|scan|hub|setHub|advice|add|licence)|machine\/tryAll)/

const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEklEQVR4nGP4z8CAFWEXHbQSACj/P8Fu7N9hAAAAAElFTkSuQmCC'
const size = { width: 64, height: 64 }
const place = { x: 0.5, y: 0.5, scale: [0.5, 0.5], rotation: 0 }
const picture = {
  ...{ word: '学', translation: 'study', style: 'comic', seed: 1, steps: 2, count: 1, ...size },
  layout: { weight: 400, font: null },
  controls: { canny: { method: 'opencv_canny', weight: 0.5, start: 0, end: 1 } },
  controlImages: [{ type: 'canny', image: `data:image/png;base64,${PNG}` }],
  composition: { blocks: [{ kind: 'motif', source: { emoji: '⭐' }, transform: place }] },
}

const post = (path: string, body: unknown): Call => ({
  ...{ method: 'POST', path, body },
  headers: { 'content-type': 'application/json' },
})
const get = (path: string): Call => ({ method: 'GET', path, headers: {}, body: undefined })

const CALLS: readonly Call[] = [
  post('/api/writing/generate-writing-image', picture),
  post('/api/jobs', picture),
  post('/api/maps', { word: '学', ...size, methods: { canny: ['opencv_canny'] } }),
  post('/api/sets', { words: ['学', { word: 'love', style: 'neon' }], styles: ['comic'], request: picture }),
  post('/v1/images/generations', { prompt: 'a "学"', model: 'draft/comic', n: 1, size: '64x64' }),
  post('/sdapi/v1/txt2img', { prompt: '学 <lora:x:1>', ...size, sampler_name: 'Euler a', steps: 2, batch_size: 1 }),
  post('/sdapi/v1/img2img', {
    prompt: '学',
    ...size,
    init_images: [PNG],
    mask: PNG,
    inpainting_mask_invert: 1,
    mask_blur: 1,
    inpainting_fill: 1,
  }),
  post('/sdapi/v1/options', { sd_model_checkpoint: 'draft' }),
  post('/controlnet/detect', { controlnet_module: 'opencv_canny', controlnet_input_images: [PNG] }),
  ...[
    '/api/writing/status',
    '/health',
    '/health/detailed',
    '/health/ready',
    '/api/jobs',
    '/api/sets',
    '/api/fonts',
  ].map(get),
  ...['/api/jobs/x', '/api/jobs/x/result', '/api/sets/x/zip', '/api/sets/x/files/a.png', '/api/dictionary/学习'].map(
    get,
  ),
  ...[
    '/api/pictures?text=学&limit=5&offset=0',
    '/api/pictures/x/file',
    '/metrics',
    '/openapi.json',
    '/status?lang=ru',
  ].map(get),
  ...['/v1/models', '/v1/models/draft', '/sdapi/v1/progress', '/sdapi/v1/samplers', '/controlnet/module_list'].map(get),
]

/** Inputs of the studio's own procedures: any of these fields, so that most reach some. */
const INPUTS: readonly object[] = [
  {},
  { id: 'x', ids: ['x'], ...size },
  { word: '学', language: 'zh', translation: 'study', style: 'comic', ...size, seed: 1, layout: { font: null } },
  { request: picture, ...picture, choices: [{ map: 'canny', method: 'opencv_canny' }] },
  {
    text: '{"id":"of-mine"}',
    style: { id: 'of-mine' },
    definition: { words: ['学'] },
    words: '学\nlove',
    name: 'a.csv',
  },
  { rating: 3, tags: ['a'], notes: 'b', albums: ['c'], from: 'a', to: 'b', before: 3, limit: 5, offset: 0, query: 'x' },
]

function procedures(node: object = contract, path = ''): string[] {
  return Object.entries(node).flatMap(([name, part]) =>
    '~orpc' in part ? [path + name] : procedures(part as object, `${path}${name}/`),
  )
}

/** What a reader may stumble over. */
const ODD: readonly unknown[] = [
  ...[
    null,
    true,
    0,
    -1,
    0.5,
    1e308,
    2 ** 53,
    64,
    4097,
    '',
    ' ',
    '学',
    'x'.repeat(70),
    '\u0000',
    '\ud800',
    '../../etc/passwd',
  ],
  ...[
    [],
    {},
    [[]],
    [null],
    { __proto__: null },
    '__proto__',
    'constructor',
    'NaN',
    '1e999',
    '%00',
    '\u202e',
    '👩‍👩‍👧',
    'https://x.invalid/',
  ],
]
const PARTS = [
  '..',
  '.',
  '%2e%2e',
  '%00',
  '%zz',
  '%E5%AD',
  '',
  'x'.repeat(300),
  '学',
  '__proto__',
  'a?b=c',
  ';',
  '~',
  '*',
]
const HEADERS: readonly [string, string][] = [
  ...([
    ['content-type', 'text/plain'],
    ['content-type', ''],
    ['content-type', 'multipart/form-data; boundary=x'],
  ] as const),
  ...([
    ['content-encoding', 'gzip'],
    ['accept', 'x/y'],
    ['origin', 'https://evil.example'],
    ['host', 'evil.example'],
  ] as const),
  ...([
    ['authorization', 'Basic %%%'],
    ['cookie', 'a=b; =; ;;'],
    ['x-request-id', '../x'],
    ['range', 'bytes=5-1'],
  ] as const),
  ...([
    ['sec-fetch-site', 'cross-site'],
    ['x-http-method-override', 'DELETE'],
    ['transfer-encoding', 'chunked'],
  ] as const),
] as [string, string][]

const RAW =
  /\bat [\w.<>]+ \(|\.ts:\d+|node:internal|Cannot read propert|is not a function|is not iterable|undefined is not/

/** @param service its queue is paused, so that no picture is painted */
export async function fuzzCalls(service: TestService, count: number, seed: number, atOnce = 8): Promise<FuzzedCalls> {
  const next = seededRandom(seed)
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)]
  const headers = await letIn(service)
  const own = procedures().filter(name => !LEFT_OUT.test(name))
  const seeds = (): Call => {
    if (next() < 0.5) return structuredClone(pick(CALLS))
    return {
      method: 'POST',
      path: `/rpc/${pick(own)}`,
      headers: { ...headers },
      body: { json: structuredClone(pick(INPUTS)) },
    }
  }

  /** One place anywhere in a value becomes something odd, goes, or comes twice. */
  const changed = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null || next() < 0.15) return structuredClone(pick(ODD))
    const keys = Object.keys(value)
    if (keys.length === 0) return pick(ODD)
    const key = pick(keys)
    const copy = structuredClone(value) as Record<string, unknown>
    const way = next()
    if (way < 0.1) delete copy[key]
    else if (way < 0.2) copy[String(pick(PARTS)).slice(0, 80)] = copy[key]
    else copy[key] = changed(copy[key])
    return copy
  }
  const mutated = (call: Call): Call => {
    for (let changes = 1 + Math.floor(next() * 3); changes > 0; changes--) {
      const way = next()
      if (way < 0.65 && call.body !== undefined) call.body = changed(call.body)
      else if (way < 0.8) call.path = pathLike(call.path)
      else if (way < 0.87) call.method = pick(['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS', 'PROPFIND'])
      else {
        const [name, value] = pick(HEADERS)
        call.headers[name] = value
      }
    }
    return call
  }
  const pathLike = (path: string): string => {
    const parts = path.split('/')
    parts.splice(1 + Math.floor(next() * parts.length), Math.floor(next() * 2), pick(PARTS))
    return encodeURI(decodedOr(parts.join('/'))).replace(/%25(?=[0-9a-z])/gi, '%')
  }
  /** Some bodies are cut or broken after they are written. */
  const bytesOf = (body: unknown): Buffer | null => {
    if (body === undefined) return null
    const bytes = Buffer.from(JSON.stringify(body) ?? '')
    const way = next()
    if (way < 0.03) return bytes.subarray(0, Math.floor(next() * bytes.length))
    if (way < 0.06 && bytes.length > 0) bytes[Math.floor(next() * bytes.length)] = Math.floor(next() * 256)
    return bytes
  }

  const report: FuzzedCalls = { calls: 0, statuses: {}, slowest: { milliseconds: 0, call: '' }, wrong: [], slow: [] }
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce })
  const port = service.served.port
  const once = async (): Promise<void> => {
    const call = mutated(seeds())
    const bytes = bytesOf(call.body)
    const said = `${call.method} ${call.path.slice(0, 200)} ${JSON.stringify(call.headers)} ${bytes?.toString().slice(0, 1500) ?? ''}`
    const start = performance.now()
    const { status, text } = await sent(agent, port, call, bytes)
    const milliseconds = performance.now() - start
    report.calls++
    report.statuses[status] = (report.statuses[status] ?? 0) + 1
    if (milliseconds > report.slowest.milliseconds) report.slowest = { milliseconds, call: said.slice(0, 400) }
    const line = `${status} after ${Math.round(milliseconds)} ms: ${text.slice(0, 400)}\n    ${said}`
    if (status === 0 || status === 500 || (status >= 400 && RAW.test(text))) report.wrong.push(line)
    else if (milliseconds > 5000) report.slow.push(line)
  }
  // The first of each starts processes and reads lists of fonts.
  for (const call of [...CALLS, ...own.map(name => ({ ...post(`/rpc/${name}`, { json: {} }), headers }))])
    await sent(agent, port, call, bytesOf(call.body))
  let left = count
  const work = async () => {
    while (left-- > 0) await once()
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  agent.destroy()
  return report
}

/** As a browser that has been let in: half of the calls are the page's own. */
async function letIn(service: TestService): Promise<Record<string, string>> {
  const { pathname, search } = new URL(service.served.invite())
  const { headers } = await service.get(pathname + search)
  const cookie = headers['set-cookie']?.[0].split(';')[0] ?? ''
  return {
    ...{ cookie, origin: service.served.origin, [KEY_HEADER]: String(headers[KEY_HEADER]) },
    'content-type': 'application/json',
  }
}

function decodedOr(path: string): string {
  try {
    return decodeURI(path)
  } catch {
    return path
  }
}

/** Status 0: there was no answer. */
async function sent(
  agent: Agent,
  port: number,
  call: Call,
  bytes: Buffer | null,
): Promise<{ status: number; text: string }> {
  const answer = await sentOnce(agent, port, call, bytes)
  // The server may close a connection that was kept while the next call goes out; every client asks again then.
  return answer.reused ? sentOnce(false, port, call, bytes) : answer
}

interface Answer {
  status: number
  text: string
  /** There was no answer on a connection that had been used before. */
  reused?: boolean
}

function sentOnce(agent: Agent | false, port: number, call: Call, bytes: Buffer | null): Promise<Answer> {
  return new Promise(resolve => {
    const { method, path } = call
    // Of GET and the like Node itself says no length, and the body would be read as the next call.
    const length = bytes && !('transfer-encoding' in call.headers) ? { 'content-length': String(bytes.length) } : {}
    const headers = { ...call.headers, ...length }
    try {
      const request = httpRequest(
        { agent, port, host: '127.0.0.1', method, path, headers, timeout: 20_000 },
        response => {
          const parts: Buffer[] = []
          response.on('data', (part: Buffer) => parts.push(part))
          response.on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(parts).toString() }))
          response.on('error', error => resolve({ status: 0, text: String(error) }))
        },
      )
      request.on('error', error => resolve({ status: 0, text: String(error), reused: request.reusedSocket }))
      request.on('timeout', () => request.destroy(new Error('no answer in 20 s')))
      request.end(bytes ?? undefined)
    } catch (error) {
      // Node's own client refuses to send it.
      resolve({ status: -1, text: String(error) })
    }
  })
}
