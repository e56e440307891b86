import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { DownloadManifest } from './manifest.ts'
import { type DownloadProgress, downloadModel } from './model-download.ts'
import { seededBytes, startBadServer } from './testing.ts'

it('a file of unknown size is told of while its server does not answer, and no longer once it is there', async () => {
  const bytes = seededBytes('model', 100_000)
  await using server = await startBadServer(bytes)
  server.behave = n => (n < 3 ? 'busy' : 'well')
  const manifest = {
    ...{ id: 'mine', name: 'Mine', kind: 'model', licence: [], revision: 'main' },
    files: [{ path: 'a.safetensors', url: server.url, size: null, sha256: null }],
  } as unknown as DownloadManifest
  const told: DownloadProgress[] = []
  const record = await downloadModel(manifest, {
    ...{ dataFolder: await mkdtemp(join(tmpdir(), 'zihua-download-')), http: { stallMs: 1000 } },
    ...{ signal: new AbortController().signal, retry: { firstMs: 1, longestMs: 5, most: 40 } },
    onProgress: progress => told.push(progress),
  })
  expect(record.files).toMatchObject([{ path: 'a.safetensors', size: bytes.length }])
  expect(told.filter(({ state }) => state === 'waiting')).not.toEqual([])
  expect(told[0]).toMatchObject({ received: 0, size: 0, files: ['a.safetensors'] })
  expect(told.at(-1)).toMatchObject({ received: bytes.length, size: bytes.length, files: [] })
})
