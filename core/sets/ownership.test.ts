import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WordPainter } from '../library/testing.ts'
import type { SetInput } from './definition.ts'
import { makeSet } from './make-set.ts'
import { parseWords } from './word-list.ts'

let root = ''
let model = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'zihua-owner-'))
  model = join(root, 'model.safetensors')
  await writeFile(model, 'weights')
})
afterAll(() => rm(root, { recursive: true, force: true }))

const set: SetInput = { name: 'words', words: ['学'], request: { width: 64, height: 64, steps: 2 }, zip: true }
const make = (input: SetInput, folder: string, overwrite = false) =>
  makeSet(input, folder, { maker: new WordPainter(model), base: root, overwrite })

/** A folder in which somebody has files of their own. */
async function folderWith(files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(root, 'out-'))
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content)
  return folder
}

describe('a set never writes over what it did not write', () => {
  it.each(['set.csv', 'set.json', 'Contact-Sheet.pdf', 'contact-sheet-01.png', 'grid-01.png', 'words.zip'])(
    '%s of the user’s own stops it before anything is painted',
    async name => {
      const folder = await folderWith({ [name]: 'mine' })
      await expect(make(set, folder)).rejects.toMatchObject({
        ...{ code: 'bad-request', key: 'folderHolds', hint: expect.stringContaining('--overwrite') },
        message: expect.stringContaining(name.toLowerCase()),
      })
      expect(await readFile(join(folder, name), 'utf8')).toBe('mine')
      expect(await make(set, folder, true)).toMatchObject({ made: 1, complete: true })
    },
  )
  it('other files are in nobody’s way', async () => {
    const folder = await folderWith({ 'notes.txt': 'mine', 'other.zip': 'mine', 'settings.csv': 'mine' })
    await mkdir(join(folder, 'sub'))
    expect(await make(set, folder)).toMatchObject({ complete: true })
  })
  it('a ZIP that was there stays, also when the set has one only later', async () => {
    const folder = await folderWith({ 'words.zip': 'mine' })
    expect(await make({ ...set, zip: false }, folder)).toMatchObject({ complete: true })
    await expect(make(set, folder)).rejects.toMatchObject({ key: 'folderHolds' })
    expect(await readFile(join(folder, 'words.zip'), 'utf8')).toBe('mine')
  })
  it('another set is not written over, unless that is meant', async () => {
    const folder = await folderWith({})
    await make(set, folder)
    await expect(make({ ...set, name: 'others' }, folder)).rejects.toMatchObject({ key: 'folderHoldsOtherSet' })
    expect(await make({ ...set, name: 'others' }, folder, true)).toMatchObject({ complete: true })
  })
  it('the same set goes on, also with more words', async () => {
    const folder = await folderWith({})
    await make(set, folder)
    expect(await make(set, folder)).toMatchObject({ made: 0, reused: 1 })
    expect(await make({ ...set, words: ['学', '习'] }, folder)).toMatchObject({ made: 1, reused: 1 })
  })
  it('one that an older version made goes on too', async () => {
    const folder = await folderWith({})
    await make(set, folder)
    await rm(join(folder, '.zihua', 'owner.json'))
    expect(await make(set, folder)).toMatchObject({ reused: 1, complete: true })
    await rm(join(folder, '.zihua', 'owner.json'))
    await expect(make({ ...set, name: 'others' }, folder)).rejects.toMatchObject({ key: 'folderHoldsOtherSet' })
  })
})

describe('set.csv', () => {
  const words = [
    ...['=1+1', '+7', '-x', '@SUM(A1)', '＝cmd', 'a=b'].map(word => ({ word, translation: `=HYPERLINK("${word}")` })),
    { word: '学习', translation: 'to study, "well"' },
  ]
  it('has no cell that a spreadsheet would calculate, and is read back as the words that it was made from', async () => {
    const folder = await folderWith({})
    await make({ ...set, words, sheet: false, zip: false }, folder)
    const text = await readFile(join(folder, 'set.csv'), 'utf8')
    const rows = parse(text, { bom: true, columns: true }) as Record<string, string>[]
    expect(rows).toHaveLength(words.length)
    for (const row of rows)
      for (const cell of Object.values(row)) expect(cell).not.toMatch(/^[=+\-@＝](?!\d+(?:\.\d+)?$)/)
    const read = parseWords(text).map(({ word, translation }) => ({ word, translation }))
    expect(read).toEqual(words)
  })
})
