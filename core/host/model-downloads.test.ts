import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { startFolderServer } from '../downloads/testing-folder.ts'
import { ModelStore } from '../machine/model-store.ts'
import { ModelRegistry } from '../machine/registry.ts'
import { fixture } from '../testing/fixtures.ts'
import type { DownloadView } from './api/models.ts'
import { triggerWords } from './model-details.ts'
import { ModelDownloads } from './model-downloads.ts'

const tiny = fixture('sdxl/pipeline')

async function open() {
  const dataFolder = await mkdtemp(join(tmpdir(), 'zihua-host-downloads-'))
  const server = await startFolderServer(tiny!)
  const manifest = await server.manifest('tiny', 'model')
  await mkdir(join(dataFolder, 'manifests'))
  await writeFile(join(dataFolder, 'manifests/tiny.json'), JSON.stringify(manifest))
  const views: DownloadView[] = []
  const landed: string[] = []
  const downloads = new ModelDownloads({
    store: new ModelStore(dataFolder, new ModelRegistry(dataFolder)),
    dataFolder,
    publish: view => views.push(view),
    landed: async id => void landed.push(id),
  })
  const stateOf = async (id: string) => (await downloads.list()).downloads.find(one => one.id === id)?.state
  return { server, downloads, views, landed, stateOf }
}

describe.skipIf(!tiny)('downloads of an open studio (need the golden set sdxl)', () => {
  it('are paused, go on, land once, and tell of it', async () => {
    const { server, downloads, views, landed, stateOf } = await open()
    await using _ = server
    await using __ = downloads
    server.rate = 100_000
    await downloads.start('tiny')
    await downloads.start('tiny')
    await expect.poll(() => views.some(({ progress }) => (progress?.received ?? 0) > 0), { timeout: 30_000 }).toBe(true)
    await downloads.pause('tiny')
    expect(await stateOf('tiny')).toBe('begun')
    expect(landed).toEqual([])
    server.rate = null
    await downloads.start('tiny')
    await expect.poll(() => stateOf('tiny'), { timeout: 60_000 }).toBe('there')
    expect(landed).toEqual(['tiny'])
    await downloads.discard('tiny')
    expect(await stateOf('tiny')).toBe('absent')
  }, 120_000)

  it('that fail say why, and may be tried again', async () => {
    const { server, downloads } = await open()
    await using _ = downloads
    await server[Symbol.asyncDispose]()
    await downloads.start('tiny')
    await downloads.pause('tiny')
    await expect(downloads.start('nothing')).rejects.toMatchObject({ key: 'downloadUnknown' })
  })
})

describe('the trigger words of a LoRA', () => {
  it('are those that its author wrote, or those that most captions have', () => {
    expect(triggerWords({ 'modelspec.trigger_phrase': 'inkwash, brush' })).toEqual(['inkwash', 'brush'])
    const frequency = { set: { inkwash: 40, mountain: 12, brush: 38 }, other: { inkwash: 10, '': 99 } }
    expect(triggerWords({ ss_tag_frequency: JSON.stringify(frequency) })).toEqual(['inkwash', 'brush'])
    for (const broken of ['{', 'null', '[]', '{"a": 1}', '{"a": {"b": "x"}}'])
      expect(triggerWords({ ss_tag_frequency: broken })).toEqual([])
    expect(triggerWords({})).toEqual([])
  })
})
