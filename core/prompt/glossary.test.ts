import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import iconv from 'iconv-lite'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { readPreamble } from '../tables/delimited.ts'
import { readList } from '../tables/read-list.ts'
import { Glossary } from './glossary.ts'
import { buildPrompts } from './prompt-builder.ts'
import { builtInStyle } from './styles.ts'

const root = await mkdtemp(join(tmpdir(), 'zihua-glossary-'))
afterAll(() => rm(root, { recursive: true, force: true }))
let folder = ''
let glossary: Glossary
beforeEach(async () => {
  folder = await mkdtemp(join(root, 'data-'))
  glossary = new Glossary(folder)
})
const listOf = (text: string) => readList({ kind: 'text', ...readPreamble(text) })

describe('the glossary', () => {
  it('keeps meanings in a file that spreadsheets open', async () => {
    await glossary.set('Привет', 'hello')
    await glossary.set('say "hi"', 'a greeting, short')
    const text = await readFile(join(folder, 'glossary.csv'), 'utf8')
    expect(text).toBe('\ufeffword,translation\r\nПривет,hello\r\n"say ""hi""","a greeting, short"\r\n')
    expect(await new Glossary(folder).list()).toEqual([
      { word: 'Привет', translation: 'hello' },
      { word: 'say "hi"', translation: 'a greeting, short' },
    ])
  })
  it('finds a word however it is capitalised, spaced and composed', async () => {
    await glossary.set('Доброе утро', 'good morning')
    await glossary.set('Café', 'coffee house')
    for (const word of ['доброе утро', 'ДОБРОЕ  УТРО ', 'доброе\nутро'])
      expect(await glossary.find(word)).toBe('good morning')
    expect(await glossary.find('cafe\u0301')).toBe('coffee house')
    expect(await glossary.find('утро')).toBeNull()
  })
  it('reads what another program made of it, at once', async () => {
    await glossary.set('кот', 'a cat')
    await writeFile(
      glossary.file,
      iconv.encode('слово;перевод\r\nкот;a tomcat\r\nмир;peace\r\nдом;house', 'windows-1251'),
    )
    expect(await glossary.find('кот')).toBe('a tomcat')
    expect(await glossary.find('мир')).toBe('peace')
  })
  it('keeps a copy before it writes over what is not its own', async () => {
    await writeFile(glossary.file, 'word,translation,note\nкот,cat,mine\n')
    await glossary.set('мир', 'peace')
    const files = await readdir(folder)
    const copy = files.find(name => name.startsWith('glossary.csv.before-'))
    expect(await readFile(join(folder, copy!), 'utf8')).toContain('mine')
    expect(await glossary.list()).toHaveLength(2)
  })
  it('is changed by many at once and loses nothing', async () => {
    await Promise.all(Array.from({ length: 40 }, (_, at) => glossary.set(`слово ${at}`, `word ${at}`)))
    expect(await new Glossary(folder).list()).toHaveLength(40)
  })
  it('forgets', async () => {
    await glossary.set('кот', 'a cat')
    expect(await glossary.remove('Кот')).toBe(true)
    expect(await glossary.remove('кот')).toBe(false)
    expect(await glossary.find('кот')).toBeNull()
  })
  it('takes over lists', async () => {
    await glossary.set('кот', 'cat')
    const report = await glossary.add(listOf('кот, a cat\nмир, peace\nдом\n'))
    expect(report).toMatchObject({ added: 1, changed: 1, problems: [{ line: 3 }] })
    expect(await glossary.find('кот')).toBe('a cat')
  })
  it('refuses half an entry, and says what is wrong with a damaged file', async () => {
    await expect(glossary.set(' ', 'x')).rejects.toMatchObject({ code: 'bad-request' })
    await writeFile(glossary.file, Buffer.alloc(50))
    await expect(glossary.find('кот')).rejects.toMatchObject({ message: expect.stringContaining('glossary.csv') })
  })
})

describe('what is remembered of what is typed', () => {
  it('is the meaning of a word that no dictionary explains', async () => {
    await glossary.remember('Привет', 'hello')
    await glossary.remember('冬', 'a cosy evening')
    await glossary.remember('食べる', 'a feast')
    await glossary.remember('12', 'twelve')
    await glossary.remember('мир', ' ')
    expect(await glossary.list()).toEqual([{ word: 'Привет', translation: 'hello' }])
  })
  it('stands in prompts from then on; what is given for one picture goes first', async () => {
    const comic = builtInStyle('comic')!
    const input = { word: 'привет', translation: null, prompt: null, negativePrompt: null }
    await glossary.remember('Привет', 'hello')
    const { prompt, meaning, warnings } = await buildPrompts(input, comic, {}, { glossary })
    expect(prompt).toBe('A vibrant comic book style illustration of hello, inspired by привет')
    expect(meaning).toMatchObject({ source: 'glossary', text: 'hello' })
    expect(warnings).toEqual([])
    const given = await buildPrompts({ ...input, translation: 'hi' }, comic, {}, { glossary })
    expect(given.meaning).toMatchObject({ source: 'given', text: 'hi' })
  })
  it('goes before the dictionary, whose readings stay', async () => {
    await glossary.set('冬', 'a cosy evening')
    const input = { word: '冬', translation: null, prompt: null, negativePrompt: null }
    const { meaning } = await buildPrompts(input, builtInStyle('comic')!, {}, { glossary })
    expect(meaning).toMatchObject({ source: 'glossary', text: 'a cosy evening', pinyin: 'dōng' })
  })
})
