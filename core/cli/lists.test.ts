import { execFile } from 'node:child_process'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import iconv from 'iconv-lite'
import { afterAll, beforeAll, expect, it } from 'vitest'

const CLI = new URL('./cli.ts', import.meta.url).pathname
let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'zihua-lists-cli-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

interface Answer {
  code: number
  out: string
  error: string
}
const zihua = (...args: string[]): Promise<Answer> =>
  new Promise(resolve => {
    const env = { ...process.env, ZIHUA_DATA: join(root, 'data') }
    execFile(process.execPath, [CLI, ...args], { env }, (failure, out, error) => {
      resolve({ code: failure ? Number(failure.code) : 0, out, error })
    })
  })
const json = async (...args: string[]) => JSON.parse((await zihua(...args, '--json')).out)

it('lookup tells reading, meaning, senses and prompt', async () => {
  const [winter, cats, name, particle] = await json('lookup', '冬', '两只猫', '列奥纳多·达·芬奇', '的')
  expect(winter).toMatchObject({ word: '冬', language: 'zh', reading: 'dōng', meaning: 'winter', prompt: 'winter' })
  expect(winter.senses).toContain('winter')
  expect(cats).toMatchObject({ reading: 'liǎng zhī māo', meaning: 'two, a cat', prompt: 'two, a cat' })
  expect(cats.segments[1]).toEqual({ text: '只', reading: 'zhī', role: 'measure' })
  expect(name).toMatchObject({ meaning: null, source: 'none', prompt: 'the name "列奥纳多·达·芬奇"' })
  expect(name.message).toContain('foreign name')
  expect(particle).toMatchObject({ reading: 'de', prompt: 'the Chinese character "的"' })
  expect((await zihua('lookup', '冬')).out).toMatch(/^冬 {2}dōng\n {2}meaning {2}winter\n/)
  expect((await json('lookup', '手紙', '--language', 'ja'))[0]).toMatchObject({
    reading: 'てがみ',
    meaning: expect.stringMatching(/^letter/),
  })
  expect((await zihua('lookup')).code).toBe(2)
})

it('a meaning that was typed once is remembered, for lists too', async () => {
  expect(await json('lookup', 'Привет')).toMatchObject([{ meaning: null, source: 'none' }])
  await zihua('glossary', 'set', 'Привет', 'hello')
  expect(await json('lookup', 'привет')).toMatchObject([{ meaning: 'hello', source: 'glossary', prompt: 'hello' }])
  const list = join(root, 'мои слова.csv')
  await writeFile(list, iconv.encode('слово;перевод\nмир;peace\nкот;cat\nпусто;\n', 'windows-1251'))
  expect(await json('glossary', 'import', list)).toMatchObject({ added: 2, changed: 0, problems: [{ line: 4 }] })
  expect((await json('glossary', 'list')).entries).toHaveLength(3)
  expect(await json('glossary', 'remove', 'КОТ')).toEqual({ removed: true })
  expect((await zihua('glossary', 'forget')).code).toBe(2)
})

it('a dry run tells all of a list and paints nothing', async () => {
  const list = join(root, 'lesson.csv')
  const text = 'word;translation;colour\n学习;study;red\n;lost;\n下雨了;;\n\u{10FFFD};x;\n'
  await writeFile(list, iconv.encode(text.replace('\u{10FFFD}', '\ue000'), 'gb18030'))
  const run = await json('export', list, '--dry-run', '--out', join(root, 'dry'))
  expect(run.list).toMatchObject({ kind: 'text', encoding: 'gb18030' })
  expect(run.words).toMatchObject([
    { line: 2, word: '学习', reading: 'xué xí', meaning: 'study', source: 'given', files: ['001-学习-comic-1.png'] },
    { line: 4, word: '下雨了', reading: 'xià yǔ le', meaning: 'rain', source: 'dictionary' },
  ])
  expect(run.words[0]).toMatchObject({ fonts: [expect.stringContaining('Noto Sans SC')] })
  expect(run.words[1].prompt).toBe('A vibrant comic book style illustration of rain, inspired by 下雨了')
  expect(run.problems.map(({ line }: { line: number }) => line)).toEqual([3, 5])
  expect(run.notes).toMatchObject([{ line: 1, message: 'the column "colour" is not used' }])
  expect(await readdir(root)).not.toContain('dry')
  const { out, error, code } = await zihua('export', list, '--dry-run')
  expect([code, out.split('\n').at(-2)]).toEqual([0, '3 pictures of 2 words; 2 problems; nothing was painted'])
  expect(error).toContain('line 3: there is no word')
})

it('a dry run of a list without words fails as the export does; a style that is not there is one problem', async () => {
  for (const text of ['', 'word;style\n']) {
    const list = join(root, 'none.csv')
    await writeFile(list, text)
    const [dry, real] = [await zihua('export', list, '--dry-run'), await zihua('export', list, '--out', 'none')]
    expect(dry).toEqual(real)
    expect(dry).toMatchObject({ code: 1, error: expect.stringContaining('there are no words') })
  }
  const list = join(root, 'style.csv')
  await writeFile(list, 'word;style\n学;nope\n')
  const { problems } = await json('export', list, '--dry-run')
  expect(problems).toMatchObject([{ line: 2, message: 'there is no style "nope"' }])
})

it('a terminal gets no control characters from a word or its meaning', async () => {
  const [word, meaning] = ['a\x1b[31mb', 'c\x1b[2Jd']
  for (const args of [
    ['lookup', word],
    ['glossary', 'set', word, meaning],
    ['glossary', 'list'],
  ]) {
    const { code, out } = await zihua(...args)
    expect([code, out.replaceAll('\n', '')]).toEqual([0, expect.not.stringMatching(/\p{Cc}/u)])
  }
})

it('verify tells what failed of a set, and that the rest is as it was', { timeout: 120_000 }, async () => {
  const set = join(root, 'set.json')
  const request = { width: 64, height: 64, steps: 1 }
  await writeFile(set, JSON.stringify({ words: ['一', '\ue000'], request, sheet: false }))
  await zihua('export', set, '--out', join(root, 'failing'))
  const { code, out, error } = await zihua('export', '--verify', join(root, 'failing'))
  expect([code, out]).toEqual([1, expect.stringContaining('failed   \ue000: ')])
  expect(error).toMatch(/^zihua: .+ lacks what could not be made: 1 failed, .+\. .+ --failed .+\.\n$/)
})

it('a list whose encoding is not clear is asked about, and read when it is said', async () => {
  const list = join(root, 'short.csv')
  await writeFile(list, iconv.encode('word\n猫\n', 'shift_jis'))
  const unclear = await zihua('export', list, '--dry-run')
  expect([unclear.code, unclear.error]).toEqual([1, expect.stringMatching(/not clear: .*--encoding/)])
  expect((await json('export', list, '--dry-run', '--encoding', 'shift_jis')).words).toMatchObject([{ word: '猫' }])
  const headless = join(root, 'columns.csv')
  await writeFile(headless, '1,学习,study\n')
  const chosen = await json('export', headless, '--dry-run', '--columns', 'word=2,translation=C')
  expect(chosen.words).toMatchObject([{ word: '学习', meaning: 'study' }])
  expect((await zihua('export', headless, '--dry-run', '--columns', 'sound=2')).code).toBe(2)
})
