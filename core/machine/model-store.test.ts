import { createHash } from 'node:crypto'
import { existsSync, statSync } from 'node:fs'
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { changeHubAccess, httpOptions, readHubAccess } from '../downloads/hub-access.ts'
import type { DownloadManifest } from '../downloads/manifest.ts'
import { startFolderServer } from '../downloads/testing-folder.ts'
import { fixture } from '../testing/fixtures.ts'
import { readHeader } from '../weights/safetensors.ts'
import { ModelStore } from './model-store.ts'
import { ModelRegistry } from './registry.ts'
import { scanModels } from './scan.ts'

const tiny = fixture('sdxl/pipeline')
const folder = () => mkdtemp(join(tmpdir(), 'zihua-store-'))
const ldm = await singleFile()
const signal = new AbortController().signal
const retry = { firstMs: 1, longestMs: 5, most: 5 }

async function open() {
  const data = await folder()
  const registry = new ModelRegistry(data)
  return { data, registry, store: new ModelStore(data, registry) }
}

it('an address is no file, and a file of the user’s own folder is looked for there', async () => {
  const { store, registry } = await open()
  await expect(store.add('https://huggingface.co/a/b')).rejects.toMatchObject({ key: 'modelIsAddress' })
  await expect(store.add('~/there-is-none')).rejects.toThrow(join(homedir(), 'there-is-none'))
  expect(await registry.list()).toHaveLength(1)
})

describe.skipIf(!tiny)('the store (needs the golden set sdxl)', () => {
  it('downloads a model, registers it under its id, verifies it, and removes it with its files', async () => {
    await using server = await startFolderServer(tiny!)
    const { data, registry, store } = await open()
    const manifest = await server.manifest('tiny', 'model')
    const seen: number[] = []
    const { model, record } = await store.download(manifest, {
      signal,
      retry,
      onProgress: ({ received, size }) => seen.push(received / size),
    })
    expect(model).toMatchObject({ id: 'tiny', kind: 'model', present: true, path: join(data, 'models', 'tiny') })
    expect(record.files.every(({ proof }) => proof === 'manifest')).toBe(true)
    expect(Math.max(...seen)).toBe(1)
    expect((await registry.list()).map(({ id }) => id)).toEqual(['draft', 'tiny'])
    await store.verify('tiny')
    const config = join(data, 'models', 'tiny', 'unet', 'config.json')
    await writeFile(config, `${await readFile(config, 'utf8')} `)
    await expect(store.verify('tiny')).rejects.toMatchObject({ key: 'downloadNotVerified' })
    await writeFile(join(data, 'models', 'tiny', 'mine.txt'), 'mine')
    expect(await store.remove('tiny')).toEqual({ deleted: true })
    // What somebody else put there stays.
    expect(await readdir(join(data, 'models', 'tiny'))).toEqual(['mine.txt'])
    expect((await registry.list()).map(({ id }) => id)).toEqual(['draft'])
  })

  it('takes hashes from the hub where the manifest has none, writes them down, and verifies by them', async () => {
    await using server = await startFolderServer(tiny!)
    server.isHub = true
    const { store, data } = await open()
    await changeHubAccess(data, { mirror: server.url })
    const { files, ...rest } = await server.manifest('hub', 'model')
    const blank = files.map(({ path }) => ({
      ...{ path, size: null, sha256: null },
      url: `https://huggingface.co/some/model/resolve/main/${path}`,
    }))
    const { record } = await store.download({ ...rest, files: blank } as DownloadManifest, { signal, retry })
    expect(new Set(record.files.map(({ proof }) => proof))).toEqual(new Set(['hub', 'git']))
    expect(record.files[0].commit).toBe('c0ffee')
    expect(await store.verify('hub')).toEqual(record)
  })

  it('goes on where it was cancelled, and a removal takes away what had begun', async () => {
    await using server = await startFolderServer(tiny!)
    const { store, data } = await open()
    const manifest = await server.manifest('tiny', 'model')
    const controller = new AbortController()
    const cancelled = store.download(manifest, {
      signal: controller.signal,
      onProgress: ({ received, size }) => received > size / 2 && controller.abort(),
    })
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' })
    expect((await store.list()).find(one => one.manifest.id === 'sdxl')).toMatchObject({ state: 'absent' })
    await store.download(manifest, { signal, retry })
    await store.remove('tiny')
    expect(existsSync(join(data, 'models', 'tiny'))).toBe(false)
  })

  it.skipIf(!ldm)('refuses a checkpoint that lacks tensors by their names (needs ZIHUA_FIXTURES)', async () => {
    const { store } = await open()
    const whole = ldm!
    const bytes = await readFile(whole)
    const length = Number(bytes.readBigUInt64LE())
    const header = JSON.parse(bytes.subarray(8, 8 + length).toString())
    const lost = 'model.diffusion_model.out.2.weight'
    expect((await readHeader(whole)).tensors.has(lost)).toBe(true)
    // The tensor keeps its bytes under another name.
    header['something.else'] = header[lost]
    delete header[lost]
    const text = Buffer.from(JSON.stringify(header))
    const size = Buffer.alloc(8)
    size.writeBigUInt64LE(BigInt(text.length))
    const place = await folder()
    // Its sizes are those of the folder beside it that has its name.
    await symlink(tiny!, join(place, 'broken'))
    const file = join(place, 'broken.safetensors')
    await writeFile(file, Buffer.concat([size, text, bytes.subarray(8 + length)]))
    await expect(store.add(file)).rejects.toMatchObject({
      key: 'checkpointIncomplete',
      message: expect.stringContaining('conv_out.weight'),
    })
  })

  it('a scan finds a Hugging Face cache with its links, and files of other programs, and copies nothing', async () => {
    const home = await folder()
    // blobs/HASH, and links to them in snapshots/REVISION/…
    const repository = join(home, '.cache/huggingface/hub/models--some--tiny-sdxl')
    for (const path of await filesOf(tiny!)) {
      const bytes = await readFile(join(tiny!, path))
      const blob = join(repository, 'blobs', createHash('sha256').update(bytes).digest('hex'))
      const link = join(repository, 'snapshots', 'c0ffee', path)
      await mkdir(dirname(blob), { recursive: true })
      await mkdir(dirname(link), { recursive: true })
      await writeFile(blob, bytes)
      await symlink(blob, link)
    }
    const loras = join(home, 'ComfyUI/models/loras/deep')
    await mkdir(loras, { recursive: true })
    await copyFile(
      join(import.meta.dirname, '../../fixtures/lora/lycoris.safetensors'),
      join(loras, 'style.safetensors'),
    )
    await writeFile(join(loras, 'broken.safetensors'), 'no')
    await symlink(join(home, 'ComfyUI'), join(loras, 'circle'))
    const before = statSync(join(repository, 'blobs')).mtimeMs
    const { found, looked } = await scanModels({ home, env: {} })
    expect(looked.length).toBe(2)
    expect(found.map(({ kind, name, program }) => ({ kind, name, program }))).toEqual([
      { kind: 'model', name: 'tiny-sdxl', program: 'Hugging Face' },
      { kind: 'lora', name: 'style', program: 'ComfyUI' },
    ])
    expect(statSync(join(repository, 'blobs')).mtimeMs).toBe(before)
    const { store } = await open()
    expect(await store.add(found[0].path)).toMatchObject({ path: found[0].path })
  })
})

describe('access to the hub', () => {
  it('is kept in a file that only this user reads', async () => {
    const data = await folder()
    await changeHubAccess(data, { token: 'hf_secret' })
    await changeHubAccess(data, { mirror: 'https://mirror.example' })
    const access = { token: 'hf_secret', mirror: 'https://mirror.example', locked: false }
    expect(await readHubAccess(data)).toEqual(access)
    if (process.platform !== 'win32') expect((await stat(join(data, 'hub.json'))).mode & 0o777).toBe(0o600)
    expect(await httpOptions(data)).toMatchObject({ token: 'hf_secret' })
    await rm(data, { recursive: true })
  })
})

async function filesOf(root: string): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true })
  const names = entries
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name).slice(root.length + 1))
  return names.filter(name => !/^(runs|controls)/.test(name))
}

async function singleFile(): Promise<string | null> {
  const root = fixture('sdxl/ldm')
  const found = root && (await readdir(root)).find(name => name.endsWith('.safetensors'))
  return found ? join(root, found) : null
}
