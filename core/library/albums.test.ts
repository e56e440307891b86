/** Albums of the library, and what a picture is found by. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Library } from './library.ts'
import { SIDECAR_ENDING } from './sidecar.ts'
import { WordPainter } from './testing.ts'

let root = ''
let painter: WordPainter
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'zihua-albums-'))
  const model = join(root, 'model.safetensors')
  await writeFile(model, 'weights')
  painter = new WordPainter(model)
})
afterAll(() => rm(root, { recursive: true, force: true }))

async function add(library: Library, word: string, options: Partial<Parameters<Library['add']>[1]> = {}) {
  const [picture] = await painter.generate({ word, width: 64, height: 64, model: 'draft' })
  return library.add(picture, { base: root, legibility: null, ...options })
}
const found = (library: Library, text: string) => library.list({ text }).pictures.map(({ word }) => word)

describe('albums', () => {
  it('of a set come from the pictures themselves, and outlive the index', async () => {
    const data = join(root, 'set')
    const library = await Library.open(data)
    const set = { id: 'abc', name: 'Lesson 1' }
    await add(library, '学习', { set, job: 'abc:1' })
    const newest = await add(library, '老师', { set, job: 'abc:2' })
    await add(library, '猫')
    // The same picture of the set again, as after a kill.
    await add(library, '老师', { set, job: 'abc:2' })
    const album = { kind: 'set', id: 'abc', name: 'Lesson 1', pictures: 2, cover: newest.id }
    expect(library.index.families.albums()).toEqual([album])
    expect(library.list({ set: 'abc' }).total).toBe(2)
    expect(library.list({ inSets: false }).pictures.map(({ word }) => word)).toEqual(['猫'])
    await library.rebuild()
    expect(library.index.families.albums()).toEqual([album])
    expect(library.get(newest.id).set).toEqual(set)
    library.close()
  })

  it("of one's own lie in the notes: filled, renamed, dissolved, found again after the index is lost", async () => {
    const data = join(root, 'own')
    const library = await Library.open(data)
    const [first, second] = [await add(library, '学习'), await add(library, 'love')]
    await library.annotate(first.id, { albums: ['Covers', ' Covers '] })
    await library.annotate(second.id, { albums: ['Covers'] })
    await library.annotate(second.id, { rating: 4 })
    const names = () => library.index.families.albums().map(({ name, pictures }) => [name, pictures])
    expect(names()).toEqual([['Covers', 2]])
    await library.renameAlbum('Covers', 'Book covers')
    expect(library.list({ album: 'Book covers' }).total).toBe(2)
    await library.trash([first.id])
    expect(names()).toEqual([['Book covers', 1]])
    await library.restore([first.id])
    await library.rebuild()
    expect(names()).toEqual([['Book covers', 2]])
    expect(library.get(second.id).rating).toBe(4)
    await library.renameAlbum('Book covers', null)
    expect(names()).toEqual([])
    // Without an album the notes are written as before there were any.
    expect(JSON.parse(await readFile(library.pathOf(second.id) + SIDECAR_ENDING, 'utf8'))).toEqual({
      rating: 4,
      tags: [],
      notes: '',
      trashed: null,
    })
    library.close()
  })
})

describe('a search', () => {
  it('finds readings without tones, meanings and the other script', async () => {
    const library = await Library.open(join(root, 'search'))
    for (const word of ['学习', '龍', '绿色', 'Привет', '電腦猫']) await add(library, word)
    expect(found(library, 'xuexi')).toEqual(['学习'])
    expect(found(library, 'xue xi')).toEqual(['学习'])
    expect(found(library, 'XUÉXÍ')).toEqual(['学习'])
    expect(found(library, '學習')).toEqual(['学习'])
    expect(found(library, '龙')).toEqual(['龍'])
    expect(found(library, 'dragon')).toEqual(['龍'])
    expect(found(library, 'lvse')).toEqual(['绿色'])
    expect(found(library, 'luse')).toEqual(['绿色'])
    expect(found(library, '电脑')).toEqual(['電腦猫'])
    expect(found(library, 'привет')).toEqual(['Привет'])
    expect(found(library, 'xuexia')).toEqual([])
    library.close()
  })

  it('looks up the words of an older index later on, and keeps what was found when notes change', async () => {
    const data = join(root, 'older')
    const first = await Library.open(data)
    const { id } = await add(first, '学习')
    for (let n = 0; n < 50; n++) await add(first, '猫')
    first.close()
    const older = new DatabaseSync(join(data, 'library.db'))
    older.exec('UPDATE pictures SET known = NULL, search = word')
    older.close()
    const library = await Library.open(data)
    expect(found(library, 'xuexi')).toEqual([])
    await library.lookUpWords()
    expect(found(library, 'xuexi')).toEqual(['学习'])
    expect(found(library, 'mao')).toHaveLength(50)
    await library.annotate(id, { notes: 'for the cover' })
    expect(found(library, 'xuexi cover')).toEqual(['学习'])
    await library.rebuild()
    await library.lookUpWords()
    expect(found(library, 'xuexi cover')).toEqual(['学习'])
    library.close()
  })
})
