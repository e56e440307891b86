/** What an installed studio reads in place of the packages' own files has the same content. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { brotliDecompressSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { packedCedict, packedStrokes } from '../core/files/packed-data.ts'
import { STROKE_SETS } from '../core/glyph/stroke-data.ts'
import { cedictFile } from '../core/prompt/cedict.ts'
import { openArchive } from '../core/tables/zip-archive.ts'
import { compressData } from './compressed-data.ts'

const require = createRequire(import.meta.url)
const folder = mkdtempSync(join(tmpdir(), 'zihua-data-'))
beforeAll(() => compressData(folder), 120_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it.each(STROKE_SETS)('%s', async set => {
  const read = await openArchive(packedStrokes(set, folder))
  const source = dirname(require.resolve(`${set}/package.json`))
  for (const char of '永学龍働'.replace(set === 'hanzi-writer-data' ? '働' : '学', ''))
    expect((await read(`${char}.json`))?.equals(readFileSync(join(source, `${char}.json`)))).toBe(true)
  expect([await read('package.json'), await read('../一.json')]).toEqual([null, null])
})

it('CC-CEDICT', () => {
  expect(brotliDecompressSync(readFileSync(packedCedict(folder))).equals(readFileSync(cedictFile()))).toBe(true)
})
