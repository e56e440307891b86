import { zstdCompressSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { fault } from '../faults/fault.ts'
import { packFailure, packPicture, readResult } from './result.ts'
import type { Task } from './task.ts'
import { STUB_MADE, stubPicture } from './testing-painter.ts'

const request = { width: 32, height: 24, word: '水', seed: 1, style: 'comic' } as Task['request']
const task = { id: 'a'.repeat(64), request }
const maker = { worker: 'w', made: STUB_MADE }
const mask = { width: 32, height: 24, channels: 1, data: new Uint8Array(768).fill(255) } as const
const word = {
  mask,
  composed: null,
  area: null,
  maps: [{ map: 'canny', method: 'opencv_canny', image: { ...mask, data: new Uint8Array(768).fill(7) } }],
  fonts: [{ name: 'Noto', sha256: 'b'.repeat(64) }],
} as const
const picture = {
  ...stubPicture({ request, prompts: { prompt: 'p', negativePrompt: null } }, '', STUB_MADE),
  mask,
  word,
}

it('a picture with mask, maps and fonts, and a failure, come back as they were', async () => {
  const { outcome, worker } = await readResult(await packPicture(task.id, maker, picture), task)
  const { made: _, ...expected } = picture
  expect(outcome).toEqual({ picture: expected })
  expect(worker).toBe('w')
  const report = fault('wordIsEmpty').report()
  expect((await readResult(packFailure(task.id, maker, report), task)).outcome).toMatchObject({ error: report })
})

it('maps of a composition without a word, and the area that is painted again, come back too', async () => {
  const drawn = { ...word, mask: null, area: { ...mask, data: new Uint8Array(768).fill(9) }, fonts: [] }
  const { outcome } = await readResult(await packPicture(task.id, maker, { ...picture, mask: null, word: drawn }), task)
  expect(outcome).toMatchObject({ picture: { mask: null, word: drawn } })
  const nothing = await readResult(await packPicture(task.id, maker, { ...picture, mask: null, word: null }), task)
  expect(nothing.outcome).toMatchObject({ picture: { mask: null, word: null } })
})

it.each([
  ['of another task', { ...task, id: 'c'.repeat(64) }, 'another task'],
  ['of another size', { ...task, request: { ...request, width: 33 } }, 'another size'],
])('a result %s is refused', async (_, asked, reason) => {
  await expect(readResult(await packPicture(task.id, maker, picture), asked)).rejects.toThrow(reason)
})

it('bytes that are cut off, changed or too large when unpacked are refused', async () => {
  const bytes = Buffer.from(await packPicture(task.id, maker, picture))
  for (const length of [0, 3, 7, 20, bytes.length - 1]) {
    await expect(readResult(bytes.subarray(0, length), task)).rejects.toThrow()
  }
  await expect(readResult(Buffer.concat([bytes, Buffer.from('more')]), task)).rejects.toThrow()
  const long = Buffer.from(bytes)
  long.writeUInt32LE(0xffffffff, 4)
  await expect(readResult(long, task)).rejects.toThrow('cut off')
  const bomb = zstdCompressSync(Buffer.alloc(50_000_000))
  const planes = [{ of: 'picture', method: null, width: 32, height: 24, channels: 3, bytes: bomb.length }]
  const { length } = bytes.subarray(8, 8 + bytes.readUInt32LE(4))
  const header = Buffer.from(JSON.stringify({ ...JSON.parse(bytes.toString('utf8', 8, 8 + length)), planes }))
  const size = Buffer.alloc(4)
  size.writeUInt32LE(header.length)
  await expect(readResult(Buffer.concat([Buffer.from('ZHF2'), size, header, bomb]), task)).rejects.toThrow('damaged')
})
