import { readFileSync } from 'node:fs'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Cedict, type CedictEntry, cedictFile, loadCedict, readCedict } from './cedict.ts'

describe('the index into CC-CEDICT', () => {
  it('finds what JSON.parse finds: every entry under both headwords, in order', async () => {
    const cedict = await loadCedict()
    const entries = JSON.parse(readFileSync(cedictFile(), 'utf8')) as CedictEntry[]
    const expected = new Map<string, CedictEntry[]>()
    for (const entry of entries) {
      for (const headword of new Set([entry.traditional, entry.simplified])) {
        expected.set(headword, [...(expected.get(headword) ?? []), entry])
      }
    }
    expect(cedict.size).toBe(entries.length)
    expect(entries.length).toBeGreaterThan(120_000)
    for (const [headword, wanted] of expected) {
      const found = cedict.find(headword)
      if (JSON.stringify(found) !== JSON.stringify(wanted)) expect(found).toEqual(wanted)
    }
  })

  it('has nothing else', async () => {
    const cedict = await loadCedict()
    for (const word of ['', '学习学习学习', 'constructor', '"', '{', '学习"', '\u0000']) {
      expect(cedict.has(word), word).toBe(false)
      expect(cedict.find(word)).toEqual([])
    }
  })

  it('is read once', async () => expect(await loadCedict()).toBe(await loadCedict()))
})

describe('a damaged dictionary', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'zihua-cedict-'))
  const one = '{"traditional":"學","simplified":"学","pinyin":"xue2","english":["to learn"]}'
  it.each([
    ['empty', ''],
    ['something else', '<html></html>'],
    ['an empty list', '[]'],
    ['cut within a headword', '[{"traditional":"學'],
    ['cut within a gloss', `[${one},${one.slice(0, -8)}`],
  ])('%s is one clear error', async (name, text) => {
    const file = join(folder, name)
    await writeFile(file, text)
    await expect(readCedict(file)).rejects.toMatchObject({ code: 'internal', hint: expect.stringContaining('Install') })
  })
  it('a missing file is one clear error', async () => {
    await expect(readCedict(join(folder, 'none'))).rejects.toMatchObject({ code: 'internal' })
  })
  it('a single entry is enough', async () => {
    expect((await Cedict.read(Buffer.from(`[${one}]`))).find('学')).toEqual([JSON.parse(one)])
  })
})
