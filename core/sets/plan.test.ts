import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, normalize, resolve, sep } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { nameKey } from '../files/safe-name.ts'
import { hostileTexts } from '../files/testing-names.ts'
import { parseSet, readSet, type SetInput } from './definition.ts'
import { estimateSet } from './estimate.ts'
import { planSet } from './plan.ts'
import { fileName } from './template.ts'
import { parseWords } from './word-list.ts'

let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'zihua-plan-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

const plan = (input: SetInput, foreign: string[] = []) => planSet(parseSet(input), { base: root, foreign })
const namesOf = async (input: SetInput, foreign?: string[]) =>
  (await plan(input, foreign)).pictures.flatMap(({ files }) => files.map(({ name }) => name))

describe('a set spelled out', () => {
  it('words × styles × seeds', async () => {
    const input = { words: ['学习', { word: 'love' }], styles: ['comic', 'neon'], seeds: [1, 7] }
    expect(await namesOf(input)).toEqual([
      '001-学习-comic-1.png',
      '002-学习-comic-7.png',
      '003-学习-neon-1.png',
      '004-学习-neon-7.png',
      '005-love-comic-1.png',
      '006-love-comic-7.png',
      '007-love-neon-1.png',
      '008-love-neon-7.png',
    ])
  })

  it('a count of seeds, sizes, variants, and a word of its own style and seed', async () => {
    const input: SetInput = {
      words: [{ word: '水', style: 'neon', seed: 9 }, '火'],
      count: 2,
      sizes: ['512x768', [64, 64]],
      variants: [
        { name: 'soft', request: { controls: { canny: { weight: 0.2 } } } },
        { name: 'hard', request: {} },
      ],
      request: { seed: 5, style: 'oil', controls: { canny: { start: 0.1 }, depth: { weight: 0 } } },
      files: '{pinyin}-{width}-{variant}-{seed}-{style}',
    }
    const { pictures } = await plan(input)
    expect(pictures).toHaveLength(4 + 8)
    expect(pictures[0].files[0].name).toBe('shuǐ-512-soft-9-neon.png')
    expect(pictures[0].input).toMatchObject({
      width: 512,
      height: 768,
      seed: 9,
      controls: { canny: { weight: 0.2, start: 0.1 }, depth: { weight: 0 } },
    })
    expect(pictures.slice(4).map(({ input: { seed, style } }) => [seed, style])).toContainEqual([6, 'oil'])
    expect(pictures.at(-1)!.input.controls).toEqual({ canny: { start: 0.1 }, depth: { weight: 0 } })
  })

  it('a matrix over any two fields', async () => {
    const matrix = {
      x: { field: 'controls.canny.weight', values: [0, 0.5] },
      y: { field: 'sampler', values: ['ddim', 'heun'], labels: ['D', 'H'] },
    }
    const { pictures } = await plan({ words: ['a', 'b'], matrix, files: '{word}-{x}-{y}' })
    expect(pictures.map(({ files, group }) => `${files[0].name} ${group}`)).toEqual([
      'a-0-D.png 0',
      'a-0.5-D.png 0',
      'a-0-H.png 0',
      'a-0.5-H.png 0',
      'b-0-D.png 1',
      'b-0.5-D.png 1',
      'b-0-H.png 1',
      'b-0.5-H.png 1',
    ])
    expect(pictures[3].input).toMatchObject({ sampler: 'heun', controls: { canny: { weight: 0.5 } } })
  })

  it.each([
    ['colour', 'red'],
    ['steps', 'many'],
    ['controls.canny.weight', 9],
    ['constructor.name', 1],
    ['controls.constructor.prototype', 1],
  ])('a matrix over %s = %j is refused', async (field, value) => {
    await expect(plan({ words: ['a'], matrix: { x: { field, values: [value] } } })).rejects.toThrow(/matrix/)
  })

  it('more than 100,000 pictures are refused', async () => {
    await expect(plan({ words: Array(2000).fill('a'), count: 100 })).rejects.toThrow(/200000 pictures/)
  })

  it('maps and formats have names of their own, and folders come from the template', async () => {
    const input: SetInput = {
      words: ['学'],
      formats: ['png', 'jpeg', 'tiff'],
      maps: ['canny', 'depth'],
      files: '{style}/{word}',
      styles: ['comic'],
    }
    expect(await namesOf(input)).toEqual([
      'comic/学.png',
      'comic/学.jpg',
      'comic/学.tif',
      'comic/学-canny.png',
      'comic/学-depth.png',
    ])
    expect(await namesOf({ ...input, files: '{map}/{word}' })).toEqual([
      'picture/学.png',
      'picture/学.jpg',
      'picture/学.tif',
      'canny/学.png',
      'depth/学.png',
    ])
  })

  it('names that collide are changed, and told', async () => {
    const { pictures, notes } = await plan({ words: ['a', 'A', 'b'], count: 2, files: '{word}' }, ['b.png', 'B.jpg'])
    expect(pictures.map(({ files }) => files[0].name)).toEqual([
      'a.png',
      'a (2).png',
      'A (3).png',
      'A (4).png',
      'b (3).png',
      'b (4).png',
    ])
    expect(notes).toHaveLength(5)
    expect(notes[4].message).toMatch(/already there/)
    expect(await namesOf({ words: ['contact-sheet'], files: '{word}' })).toEqual(['contact-sheet (picture).png'])
  })

  it('the key changes with what decides the files, and with nothing else', async () => {
    const key = async (input: SetInput) => (await plan(input)).pictures[0].key
    const base: SetInput = { words: ['a'] }
    expect(await key({ ...base, name: 'other', zip: true, sheet: false })).toBe(await key(base))
    for (const change of [
      { formats: ['webp'] },
      { transparent: true },
      { strip: true },
      { request: { steps: 3 } },
      { files: '{word}' },
    ] as Partial<SetInput>[])
      expect(await key({ ...base, ...change })).not.toBe(await key(base))
  })
})

describe('names', () => {
  it('fields are padded, cut, and leave no gap where they are empty', () => {
    const values = { index: 7, word: '学习中文', pinyin: null, seed: 3 }
    expect(fileName('{index:4}-{word:2}-{pinyin}-{seed}', values)).toBe('0007-学习-3')
    expect(fileName('{pinyin}', values)).toBe('picture')
    expect(fileName('//a//{word:1}', values)).toBe('a/学')
  })

  it.each(['{words}', '{word', 'word}', '{word:1234}', '{}'])('%j is refused', template => {
    expect(() => parseSet({ words: ['a'], files: template })).toThrow(/"files"/)
  })

  it('500 hostile words and templates never leave the folder and never collide', async () => {
    const words = hostileTexts(500).map(word => ({
      word: word === '' ? 'x' : word,
      translation: word.slice(0, 200).trim() || null,
    }))
    for (const files of [
      '{word}',
      '{index}-{word}',
      '../../{word}',
      '/{translation}/../{word}',
      '{word}/{word}',
      'C:\\{word}',
      'NUL',
    ]) {
      const { pictures, notes } = await plan({ words, files })
      const names = pictures.map(({ files: [file] }) => file.name)
      const folder = resolve(root, 'set')
      for (const name of names) {
        expect(resolve(folder, name).startsWith(folder + sep), name).toBe(true)
        expect(normalize(name)).toBe(name)
        for (const part of name.split('/')) {
          expect(Buffer.byteLength(part)).toBeLessThan(200)
          expect(part).not.toMatch(/[<>:"\\|?*\p{Cc}\u202a-\u202e]|^[.\s]|[.\s]$/u)
          expect(part.replace(/\.png$/, '')).not.toMatch(/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i)
        }
      }
      expect(new Set(names.map(nameKey)).size).toBe(words.length)
      const changed = names.filter(name => /\(\d+\)\.png$/.test(name)).length
      expect(notes.length).toBe(changed)
    }
  })

  it('hostile templates are refused or give names inside', async () => {
    for (const template of hostileTexts(500)) {
      if (template.length > 300) continue
      const names = await namesOf({ words: ['a', 'b'], files: template }).catch(error => {
        expect(String(error)).toMatch(/"files"/)
        return []
      })
      for (const name of names) expect(resolve(root, name).startsWith(root + sep), template).toBe(true)
      expect(new Set(names.map(nameKey)).size).toBe(names.length)
    }
  })
})

describe('word lists', () => {
  it('commas, semicolons, tabs, quotes, a byte order mark', () => {
    const expected = [{ word: '学习', translation: 'study, learn', style: 'comic', seed: 3 }, { word: 'Привет' }]
    expect(parseWords('\ufeffWord,Translation,style,SEED\r\n学习,"study, learn",comic,3\r\n\r\nПривет\r\n')).toEqual(
      expected,
    )
    expect(parseWords('word;translation;style;seed\n学习;study, learn;comic;3\nПривет;;;')).toEqual(expected)
    expect(parseWords('word\ttranslation\tstyle\tseed\n学习\tstudy, learn\tcomic\t3\nПривет\t\t\t')).toEqual(expected)
  })

  it.each([
    ['', 'no words'],
    ['word\n', 'no words'],
    ['translation\nx', 'no column "word"'],
    ['word,seed\na,many', 'line 2: the seed "many" is not a whole number'],
    ['word,translation\n,x', 'line 2: there is no word'],
    ['word\n"open', 'quotation mark'],
  ])('%j: %s', (content, message) => {
    expect(() => parseWords(content)).toThrow(message)
  })

  it('are read from files, with the folder that paths start from', async () => {
    await writeFile(join(root, 'lesson 1.csv'), 'word\n学')
    const { definition, base } = await readSet(join(root, 'lesson 1.csv'))
    expect(definition).toMatchObject({ name: 'lesson 1', words: [{ word: '学' }], formats: ['png'], styles: [] })
    expect(base).toBe(root)
    await writeFile(join(root, 'set.json'), '{"words": []}')
    await expect(readSet(join(root, 'set.json'))).rejects.toThrow(/"words"/)
    await writeFile(join(root, 'bad.json'), '{"words": ')
    await expect(readSet(join(root, 'bad.json'))).rejects.toThrow(/not valid JSON/)
    const bytes = (text: string) => Buffer.from(text, 'utf16le')
    const set = '{"name":"a","words":[{"word":"学习"}],"styles":["comic"],"seeds":[1]}'
    for (const wide of [bytes(`\ufeff${set}`), bytes(`\ufeff${set}`).swap16()]) {
      await writeFile(join(root, 'wide.json'), wide)
      expect((await readSet(join(root, 'wide.json'))).definition.words).toEqual([{ word: '学习' }])
    }
    // 学习 in GB18030: read as UTF-8 it would be other words.
    await writeFile(join(root, 'gb.json'), Buffer.from(set.replace('学习', '\xd1\xa7\xcf\xb0\xb0\xae'), 'latin1'))
    await expect(readSet(join(root, 'gb.json'))).rejects.toThrow('not in the encoding utf-8')
    await expect(readSet(join(root, 'none.json'))).rejects.toThrow(/cannot be read/)
  })
})

it('an estimate counts pictures, files, time and space before anything is made', async () => {
  const input: SetInput = {
    words: ['a', 'b'],
    count: 5,
    formats: ['png', 'webp'],
    maps: ['canny'],
    request: { width: 1000, height: 1000, steps: 10 },
  }
  const estimate = await estimateSet(input, { base: root, rate: 100, folder: join(root, 'not', 'yet') })
  expect(estimate).toMatchObject({ pictures: 10, files: 30, milliseconds: 10_000, notes: [] })
  expect(estimate.names[0]).toBe('001-a-1.png')
  expect(estimate.freeBytes).toBeGreaterThan(0)
  expect(estimate.bytes).toBeGreaterThan(10e6)
})
