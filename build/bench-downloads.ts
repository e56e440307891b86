/**
 * Speed and memory of a large download from a server on this machine, in a process of its own:
 *
 *     npm run bench:downloads [-- --gigabytes 3 --folder /tmp]
 *
 * Beside it what the disk takes: the same bytes written and flushed without any network.
 */
import { fork } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { seededBytes } from '../core/downloads/testing.ts'
import { Transfers } from '../core/downloads/transfers.ts'

const PIECE = 8 << 20

if (process.argv[2] === 'client') await client(JSON.parse(process.argv[3]))
else if (process.argv[2] === 'server') await serve(Number(process.argv[3]))
else await bench()

async function client(wanted: { url: string; file: string; size: number; sha256: string }) {
  const before = process.memoryUsage().rss
  let peak = 0
  const timer = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss)
  }, 20)
  await using transfers = new Transfers()
  const began = performance.now()
  await transfers.run({ wanted, http: {} }, new AbortController().signal, () => {})
  const seconds = (performance.now() - began) / 1000
  clearInterval(timer)
  process.send!({ seconds, before, peak })
}

/** The same eight megabytes over and over. */
async function serve(size: number) {
  const piece = seededBytes('bench', PIECE)
  const server = createServer((request, response) => {
    const [, from, last] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '')!.map(Number)
    const to = Math.min(last + 1, size)
    response.writeHead(206, {
      'content-length': to - from,
      'content-range': `bytes ${from}-${to - 1}/${size}`,
      etag: '"bench"',
    })
    let at = from
    const more = () => {
      while (at < to) {
        const begin = at % PIECE
        const part = piece.subarray(begin, Math.min(PIECE, begin + to - at, begin + (1 << 18)))
        at += part.length
        if (!response.write(part)) return void response.once('drain', more)
      }
      response.end()
    }
    more()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  process.send!((server.address() as AddressInfo).port)
}

async function bench() {
  const { values } = parseArgs({
    options: { gigabytes: { type: 'string', default: '3' }, folder: { type: 'string', default: tmpdir() } },
  })
  const size = Math.round(Number(values.gigabytes) * 1e9)
  const folder = await mkdtemp(join(values.folder, 'zihua-bench-'))
  const piece = seededBytes('bench', PIECE)
  const hash = createHash('sha256')
  const began = performance.now()
  const disk = await open(join(folder, 'disk.bin'), 'w')
  for (let at = 0; at < size; at += PIECE) {
    const part = piece.subarray(0, Math.min(PIECE, size - at))
    await disk.write(part)
    await disk.datasync()
    hash.update(part)
  }
  await disk.close()
  const written = (performance.now() - began) / 1000
  await rm(join(folder, 'disk.bin'))
  const server = fork(import.meta.filename, ['server', String(size)])
  const [port] = await once(server, 'message')
  const file = join(folder, 'file.bin')
  const wanted = { url: `http://127.0.0.1:${port}/file.bin`, file, size, sha256: hash.digest('hex') }
  const process_ = fork(import.meta.filename, ['client', JSON.stringify(wanted)])
  const [{ seconds, before, peak }] = await once(process_, 'message')
  server.kill()
  await rm(folder, { recursive: true })
  const rate = (took: number) => `${took.toFixed(1)} s, ${(size / 1e6 / took).toFixed(0)} MB/s`
  console.log(`written, flushed and hashed without a network: ${rate(written)}`)
  console.log(`downloaded, flushed and verified:              ${rate(seconds)}`)
  console.log(`memory: ${(before / 1e6).toFixed(0)} MB before, ${((peak - before) / 1e6).toFixed(0)} MB more at most`)
}
