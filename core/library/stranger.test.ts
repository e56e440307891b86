/** Records that a stranger wrote: replay touches nothing that they name, and says in a sentence what is lacking. */
import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Request } from '../contract/request.ts'
import { StudioError } from '../faults/studio-error.ts'
import { sha256 } from '../files/hashes.ts'
import { VERSION } from '../files/version.ts'
import { encodePng } from '../image/png.ts'
import { Library } from './library.ts'
import type { PictureRecord } from './record.ts'
import { WordPainter } from './testing.ts'

let root = ''
let library: Library
let model = ''
let written: { request: Request; record: PictureRecord; image: Parameters<typeof encodePng>[0] }

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'zihua-stranger-'))
  library = await Library.open(join(root, 'data'))
  model = join(root, 'model.safetensors')
  await writeFile(model, 'weights')
  const [made] = await new WordPainter(model).generate({ word: '学', width: 64, height: 64, model })
  const { record } = await library.add(made, { base: root, legibility: null })
  written = { request: made.request, record: record!, image: made.image }
})
afterAll(async () => {
  library.close()
  await rm(root, { recursive: true, force: true })
})

/** A picture whose request and record were changed by somebody. */
async function forged(change: (request: Request, record: PictureRecord) => void): Promise<string> {
  const { request, record } = structuredClone({ request: written.request, record: written.record })
  change(request, record)
  const file = join(root, 'forged.png')
  const { prompt, negativePrompt } = record
  await writeFile(file, await encodePng(written.image, { request, record, prompt, negativePrompt, version: VERSION }))
  return file
}

const weights = (role: PictureRecord['weights'][number]['role'], path: string, names = [path.split('/').at(-1)!]) => ({
  role,
  path,
  sha256: '0'.repeat(64),
  files: names.map(name => ({ name, sha256: '0'.repeat(64), bytes: 1 })),
})

const pipe = () => {
  const path = join(root, `pipe-${Math.random().toString(36).slice(2)}.png`)
  execFileSync('mkfifo', [path])
  return path
}

it.each(['/dev/zero', '/dev/ptmx', '/proc/self/environ', '//server/share/x', '\\\\server\\share\\x', '/'])(
  'a model at %s is never opened',
  { timeout: 5000 },
  async path => {
    const file = await forged((request, record) => {
      request.model = path
      record.weights = [weights('model', path, path === '/' ? ['etc/x.json', 'x.json'] : undefined)]
    })
    const { missing, request } = await library.replay(file)
    expect(missing).toMatchObject([{ kind: 'model', reason: 'absent' }])
    // The request that is taken over names no such place either.
    if (path !== '/') expect(request.model).toBe(path.split(/[\\/]/).at(-1))
  },
)

it.skipIf(process.platform === 'win32')(
  'an asset that is a pipe or a device is lacking, at once',
  { timeout: 5000 },
  async () => {
    for (const path of [pipe(), '/dev/zero', '/dev/ptmx', '/proc/kcore']) {
      const file = await forged((request, record) => {
        request.initImage = path
        record.assets = [{ field: 'initImage', name: 'zero', sha256: '0'.repeat(64) }]
      })
      const { missing } = await library.replay(file)
      expect(missing, path).toMatchObject([{ kind: 'file', name: 'zero' }])
    }
  },
)

it('a file outside the picture’s folder is not looked at, even where the hash would be right', async () => {
  const outside = `${root}-secret.png`
  await writeFile(outside, 'secret')
  try {
    for (const initImage of [outside, `../${basename(outside)}`]) {
      const file = await forged((request, record) => {
        request.initImage = initImage
        record.assets = [{ field: 'initImage', name: basename(outside), sha256: sha256('secret') }]
      })
      expect((await library.replay(file)).missing).toMatchObject([{ kind: 'file', reason: 'absent' }])
    }
  } finally {
    await rm(outside)
  }
})

it('a font that is a device or a folder is lacking, and not opened', { timeout: 5000 }, async () => {
  for (const font of ['/dev/zero.ttf', join(root, 'data/'), '\\\\server\\share\\font.ttf']) {
    const file = await forged((request, record) => {
      request.layout = { ...request.layout!, font }
      record.assets = [{ field: 'layout.font', name: 'font.ttf', sha256: '0'.repeat(64) }]
      record.fonts = [{ name: 'Strange', sha256: '0'.repeat(64) }]
    })
    const { missing, request } = await library.replay(file)
    expect(missing.map(({ kind }) => kind)).toEqual(['file', 'font'])
    expect(request.layout?.font).not.toMatch(/^(\\\\|\/dev)/)
  }
})

it.each<[string, (request: Request, record: PictureRecord) => void]>([
  ['weights without files', (_, record) => (record.weights = [{ ...weights('model', '/x'), files: [] }])],
  ['a LoRA that the request lacks', (_, record) => record.weights.push(weights('lora', '/x.safetensors'))],
  ['a model without a path', (_, record) => (record.weights = [weights('model', '', ['x'])])],
  ['a million files', (_, record) => (record.weights = [weights('model', '/x', Array(5000).fill('x'))])],
])('%s: one sentence', async (_, change) => {
  const error = await library.replay(await forged(change)).catch(error => error)
  expect(error).toBeInstanceOf(StudioError)
  expect(error.message).toMatch(/damaged request \(weights/)
})

it('a folder whose files were never read is not read now', async () => {
  const file = await forged((_request, record) => {
    record.weights = [weights('model', root, ['model.safetensors', 'other.json'])]
  })
  expect((await library.replay(file)).missing).toMatchObject([{ kind: 'model', reason: 'absent' }])
  expect(library.hashes.has(join(root, 'forged.png'))).toBe(false)
})

it('a replay that is not waited for any more ends', async () => {
  const file = await forged(() => {})
  await expect(library.replay(file, AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' })
})
