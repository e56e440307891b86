import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Http } from './http.ts'
import { PART } from './journal.ts'
import { type Behaviour, seededBytes, startBadServer } from './testing.ts'
import { type FileToGet, type TransferOptions, transferFile } from './transfer.ts'

const BLOCK = 65_536
const BYTES = seededBytes('transfer', 20 * BLOCK + 1234)
const folder = () => mkdtemp(join(tmpdir(), 'zihua-transfer-'))
const QUICK = { firstMs: 1, longestMs: 5, most: 40 }

async function get(wanted: FileToGet, options: Partial<TransferOptions> & { token?: string; mirror?: string } = {}) {
  const { token = null, mirror = null, ...rest } = options
  await using http = new Http({ stallMs: 1000, token, mirror })
  const { signal } = new AbortController()
  return await transferFile(wanted, { http, signal, blockBytes: BLOCK, retry: QUICK, ...rest })
}

async function server() {
  const started = await startBadServer(BYTES)
  const file = join(await folder(), 'file.bin')
  return { started, file, wanted: { url: started.url, file, size: BYTES.length, sha256: started.sha256 } }
}

/** The first requests misbehave, later ones do not. */
const first = (count: number, behaviour: Behaviour) => (n: number) => (n < count ? behaviour : 'well')

describe('a transfer', () => {
  it('fetches a file in ranges, checks it, and leaves nothing else', async () => {
    const { started, file, wanted } = await server()
    await using _ = started
    const seen: number[] = []
    const done = await get(wanted, { onProgress: ({ received }) => seen.push(received) })
    expect(done).toMatchObject({ sha256: started.sha256, bytes: BYTES.length, proof: 'manifest' })
    expect(await readFile(file)).toEqual(BYTES)
    expect(await readdir(join(file, '..'))).toEqual([basename(file)])
    expect(started.requests.length).toBeGreaterThan(3)
    expect(started.sent).toBe(BYTES.length)
    expect(Math.max(...seen)).toBe(BYTES.length)
    // A second time nothing is asked for.
    const before = started.requests.length
    await get(wanted)
    expect(started.requests.length).toBe(before)
  })

  it.each<[Behaviour, number]>([
    ['drop', 6],
    ['stall', 3],
    ['ignore-range', 1],
    ['ignore-range', 99],
    ['lie', 4],
    ['shift', 4],
    ['busy', 8],
    ['too-many', 8],
    ['gzip', 3],
  ])('survives a server that does "%s" %i times', async (behaviour, count) => {
    const { started, file, wanted } = await server()
    await using _ = started
    started.behave = first(count, behaviour)
    await get(wanted)
    expect(await readFile(file)).toEqual(BYTES)
  })

  it.each<[Behaviour, string]>([
    ['html', 'downloadPage'],
    ['lie-total', 'downloadSizeDiffers'],
    ['gone', 'downloadAbsent'],
    ['forbidden', 'downloadNotAllowed'],
    ['flip', 'downloadCorrupt'],
    ['busy', 'downloadBroken'],
    ['lie', 'downloadBroken'],
  ])('never gives a name to what a server that only does "%s" sends', async (behaviour, key) => {
    const { started, file, wanted } = await server()
    await using _ = started
    started.behave = () => behaviour
    await expect(get(wanted)).rejects.toMatchObject({ key })
    expect(existsSync(file)).toBe(false)
  })

  it('asks for a size before it fetches anything that cannot be measured', async () => {
    const { started, file, wanted } = await server()
    await using _ = started
    started.behave = () => 'no-length'
    await expect(get({ ...wanted, size: null })).rejects.toMatchObject({ key: 'downloadSizeUnknown' })
    expect(existsSync(file)).toBe(false)
  })

  it('takes a page for a page even where it is called something else', async () => {
    const page = Buffer.from(`<html><body>${'login '.repeat(9000)}</body></html>`)
    await using started = await startBadServer(page)
    const file = join(await folder(), 'file.bin')
    const wanted = { url: started.url, file, size: null, sha256: null }
    await expect(get(wanted)).rejects.toMatchObject({ key: 'downloadPage' })
    expect(existsSync(file)).toBe(false)
  })

  it('begins again where the file changes half-way, and gives up where it never stops changing', async () => {
    const { started, file } = await server()
    await using _ = started
    const old = seededBytes('older', BYTES.length)
    started.bytes = old
    started.etag = '"old"'
    started.behave = n => {
      if (n < 3) return 'well'
      Object.assign(started, { bytes: BYTES, etag: '"new"' })
      return 'well'
    }
    await get({ url: started.url, file, size: null, sha256: null })
    expect(await readFile(file)).toEqual(BYTES)
    const again = join(await folder(), 'file.bin')
    started.behave = n => {
      started.etag = `"${n}"`
      return 'well'
    }
    const wanted = { url: started.url, file: again, size: null, sha256: null }
    await expect(get(wanted)).rejects.toMatchObject({ key: 'downloadChanges' })
    expect(existsSync(again)).toBe(false)
  })

  it('goes on after an abort, and fetches at most one block a range again', async () => {
    const { started, file, wanted } = await server()
    await using _ = started
    const controller = new AbortController()
    const ranges = 4
    const stop = ({ received }: { received: number }) => received > BYTES.length / 2 && controller.abort()
    const cancelled = get(wanted, { signal: controller.signal, onProgress: stop, ranges })
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' })
    expect(existsSync(file)).toBe(false)
    const whole = (await readFile(`${file}${PART}.jsonl`, 'utf8')).match(/"block"/g)!.length
    started.sent = 0
    await get(wanted, { ranges })
    expect(started.sent).toBe(BYTES.length - BLOCK * whole)
    expect(await readFile(file)).toEqual(BYTES)
  })

  it('trusts neither a journal nor a part that somebody has cut or changed', async () => {
    for (const harm of ['cut', 'rewrite', 'journal'] as const) {
      const { started, file, wanted } = await server()
      await using _ = started
      const controller = new AbortController()
      const stop = ({ received }: { received: number }) => received > BYTES.length / 2 && controller.abort()
      await get(wanted, { signal: controller.signal, onProgress: stop }).catch(() => {})
      if (harm === 'cut') await truncate(file + PART, 3 * BLOCK)
      if (harm === 'rewrite') await writeFile(file + PART, seededBytes('other', 8 * BLOCK))
      if (harm === 'journal') await writeFile(`${file}${PART}.jsonl`, '{"version":1,\n\0\0{"block":3}')
      // A part whose bytes were changed is found out by its hash, and the next try begins anew.
      if (harm === 'rewrite') await expect(get(wanted)).rejects.toMatchObject({ key: 'downloadCorrupt' })
      await get(wanted)
      expect(await readFile(file)).toEqual(BYTES)
    }
  })

  it('never overwrites a file that is there', async () => {
    const { started, file, wanted } = await server()
    await using _ = started
    await writeFile(file, 'mine')
    await expect(get(wanted)).rejects.toMatchObject({ key: 'downloadInTheWay' })
    expect(await readFile(file, 'utf8')).toBe('mine')
  })
})

describe('the hub', () => {
  it('says with its redirect what the hash is, and never hands its token to the store', async () => {
    const { started: store, wanted } = await server()
    await using _ = store
    await using hub = await startBadServer(Buffer.alloc(0), { host: 'localhost' })
    const path = '/some/model/resolve/main/file.bin'
    hub.redirects.set(path, store.url)
    hub.headers = { 'x-linked-etag': `"${store.sha256}"`, 'x-repo-commit': 'c0ffee' }
    const mirror = new URL(hub.url).origin
    const url = `https://huggingface.co${path}`
    const done = await get({ ...wanted, url, sha256: null, size: null }, { mirror, token: 'hf_secret' })
    expect(done).toMatchObject({ proof: 'hub', sha256: store.sha256, commit: 'c0ffee' })
    expect(new Set(hub.requests.map(({ authorization }) => authorization))).toEqual(new Set(['Bearer hf_secret']))
    expect(store.requests.every(({ authorization }) => authorization === undefined)).toBe(true)
  })

  it('is believed about the hash: other bytes get no name', async () => {
    const { started: store, file, wanted } = await server()
    await using _ = store
    store.headers = { 'x-linked-etag': `"${'0'.repeat(64)}"`, 'x-repo-commit': 'c0ffee' }
    await expect(get({ ...wanted, sha256: null })).rejects.toMatchObject({ key: 'downloadCorrupt' })
    expect(existsSync(file)).toBe(false)
  })

  it('names small files by Git’s hash, which is checked', async () => {
    const text = Buffer.from('{"a": 1}\n')
    // printf '{"a": 1}\n' | git hash-object --stdin
    const blob = 'cb5b2f69babc53f9145b45ad20b9a075d48717ef'
    await using store = await startBadServer(text)
    store.headers = { 'x-repo-commit': 'c0ffee' }
    const file = join(await folder(), 'config.json')
    const wanted = { url: store.url, file, size: null, sha256: null }
    store.etag = `"${blob}"`
    expect(await get(wanted)).toMatchObject({ proof: 'git', commit: 'c0ffee' })
    store.etag = `"${'1'.repeat(40)}"`
    const other = join(await folder(), 'config.json')
    await expect(get({ ...wanted, file: other })).rejects.toMatchObject({ key: 'downloadCorrupt' })
  })

  it('does not follow a redirect for ever, nor to another protocol', async () => {
    await using hub = await startBadServer(BYTES)
    const file = join(await folder(), 'file.bin')
    const wanted = { url: hub.url, file, size: null, sha256: null }
    for (const to of [hub.url, 'file:///etc/passwd', 'ftp://example.org/x']) {
      hub.redirects.set('/file.bin', to)
      await expect(get(wanted, { retry: { ...QUICK, most: 1 } })).rejects.toMatchObject({ key: 'downloadBroken' })
    }
  })
})
