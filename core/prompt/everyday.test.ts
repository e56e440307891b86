import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { glossOf, lookUp } from './dictionary.ts'

const table = (file: string): string[][] =>
  readFileSync(new URL(file, import.meta.url), 'utf8')
    .split('\n')
    .filter(line => line !== '' && !line.startsWith('#'))
    .map(line => line.split('\t'))

describe('everyday words', () => {
  it('mean at first choice what a teacher would accept, 99 of 100', async () => {
    const words = table('../testing/everyday-words.tsv')
    const wrong: string[] = []
    for (const [word, senses] of words) {
      const lookup = await lookUp(word)
      const accepted = new RegExp(`\\b(?:${senses.replaceAll("'", "['’]")})`, 'i')
      const told = glossOf(lookup)
      if (!told || !accepted.test(told)) wrong.push(`${word}: ${told}`)
    }
    expect(words.length).toBeGreaterThan(680)
    expect(wrong.length, wrong.join('\n')).toBeLessThanOrEqual(words.length / 100)
  })

  it('keep to every line of the preferences: each names a headword, its reading and one of its senses', async () => {
    for (const [words, reading, sense] of table('./data/preferences.tsv')) {
      for (const word of words.split('|')) {
        const lookup = await lookUp(word)
        if (lookup.basis !== 'dictionary') throw new Error(`${word} is no headword`)
        if (reading) expect(lookup.pinyin.toLowerCase(), word).toBe(reading)
        if (sense) expect(glossOf(lookup), word).toContain(sense)
      }
    }
  })
})

describe('the common entry comes before the rare one', () => {
  it.each([
    ['冬', 'dōng', 'winter'],
    ['年', 'nián', 'a year'],
    ['伞', 'sǎn', 'an umbrella'],
    ['咸', 'xián', 'salty'],
    ['东西', 'dōng xi', 'a thing'],
    ['后', 'hòu', 'back'],
    ['面', 'miàn', 'face'],
    ['松', 'sōng', 'loose'],
    ['丑', 'chǒu', 'ugly'],
    ['谷', 'gǔ', 'valley'],
    ['头发', 'tóu fa', 'hair (on the head)'],
    ['兄弟', 'xiōng dì', 'brothers'],
    ['妻子', 'qī zi', 'wife'],
    ['地道', 'dì dao', 'authentic'],
    ['大夫', 'dài fu', 'doctor'],
    ['好处', 'hǎo chu', 'benefit'],
    ['台风', 'tái fēng', 'typhoon'],
    ['颱風', 'tái fēng', 'typhoon'],
    ['香烟', 'xiāng yān', 'cigarette'],
    ['朝阳', 'zhāo yáng', 'the morning sun'],
    ['倒车', 'dào chē', 'to reverse'],
    ['下水', 'xià shuǐ', 'to go into the water'],
    ['面子', 'miàn zi', 'social prestige'],
  ])('%s: %s, %s', async (word, pinyin, meaning) => {
    const lookup = await lookUp(word)
    expect(lookup.pinyin).toBe(pinyin)
    expect(glossOf(lookup)).toContain(meaning.replace(/^an? /, '').split(' (')[0])
  })
})

describe('in a sentence', () => {
  it.each([
    ['吃了吗', 'chī le ma', 'eating'],
    ['下雨了', 'xià yǔ le', 'rain'],
    ['慢慢地走', 'màn màn de zǒu', 'slowly, walking'],
    ['开心地笑', 'kāi xīn de xiào', /laughing|smiling/],
    ['跑得快', 'pǎo de kuài', 'running, rapid'],
    ['我得走了', 'wǒ děi zǒu le', 'myself, walking'],
    ['去过中国', 'qù guo Zhōng guó', 'going, China'],
    ['看着书', 'kàn zhe shū', /a book/],
    ['我的猫', 'wǒ de māo', 'myself, a cat'],
    ['孩子们', 'hái zi men', 'children'],
    ['两只猫', 'liǎng zhī māo', 'two, a cat'],
    ['三本书', 'sān běn shū', 'three, a book'],
    ['好吧', 'hǎo ba', null],
    ['三隻貓', 'sān zhī māo', 'three, a cat'],
    ['他還沒來呢', 'tā hái méi lái ne', /him, coming/],
  ])('%s is read %s and paints %s', async (text, pinyin, meaning) => {
    const lookup = await lookUp(text)
    if (lookup.basis === 'none') throw new Error(lookup.message)
    expect(lookup.pinyin).toBe(pinyin)
    if (meaning instanceof RegExp) expect(lookup.meaning).toMatch(meaning)
    else if (meaning !== null) expect(lookup.meaning).toBe(meaning)
  })
})

describe('what PDFs and keyboards make of it', () => {
  it.each([
    ['⼈⼯智能', '人工智能'],
    ['⽔', '水'],
    ['⻢', '马'],
    ['⻄', '西'],
    ['卡拉ＯＫ', '卡拉OK'],
    ['ＡＡ制', 'AA制'],
    ['ﾈｺ', 'ネコ'],
  ])('%s is looked up as %s', async (typed, meant) => {
    expect(await lookUp(typed)).toEqual(await lookUp(meant))
    expect((await lookUp(typed)).basis).toBe('dictionary')
  })
  it.each(['·', '・', '•', '‧', '∙', '･'])('哈利%s波特 is Harry Potter', async dot => {
    expect(await lookUp(`哈利${dot}波特`)).toMatchObject({ basis: 'dictionary', meaning: 'Harry Potter' })
    expect(await lookUp(`我喜欢哈利${dot}波特`)).toMatchObject({ meaning: expect.stringMatching(/, Harry Potter$/) })
  })
})

describe('foreign names that the dictionary lacks', () => {
  it.each([
    '列奥纳多·达·芬奇',
    '列奥纳多•达•芬奇',
    '斯嘉丽·约翰逊',
    '斯嘉丽约翰逊',
    '阿不思·邓布利多',
    '贝尼西奥·德尔·托罗',
  ])('%s is a name and not its syllables', async name => {
    const lookup = await lookUp(name)
    expect(lookup).toMatchObject({ basis: 'none', reason: 'name', message: expect.stringContaining('name') })
    expect(lookup.pinyin).toMatch(/^\p{L}+ /u)
  })
  it('in a sentence adds nothing of its own', async () => {
    const lookup = await lookUp('我喜欢斯嘉丽·约翰逊')
    expect(lookup).toMatchObject({ meaning: 'myself, liking' })
  })
  it.each(['山东人', '西安马路', '爱马', '安全门'])('%s is none', async word => {
    expect((await lookUp(word)).basis).not.toBe('none')
  })
})

describe('Japanese', () => {
  it.each([
    ['食べる', 'たべる', 'eating'],
    ['ねこ', 'ねこ', 'cat'],
    ['コーヒー', 'コーヒー', 'coffee'],
    ['ありがとう', 'ありがとう', /thank/],
    ['お茶', 'おちゃ', /tea/],
    ['学習', 'がくしゅう', 'study'],
    ['映画', 'えいが', /movie|film/],
    ['さくら', 'さくら', /cherry/],
    ['楽しい', 'たのしい', /enjoyable/],
  ])('%s, %s: %s', async (word, kana, meaning) => {
    const lookup = await lookUp(word)
    expect(lookup).toMatchObject({ basis: 'dictionary', language: 'ja', pinyin: kana })
    expect(lookup).toMatchObject({ meaning: typeof meaning === 'string' ? meaning : expect.stringMatching(meaning) })
  })
  it('a word that both languages have is Chinese, unless Japanese is asked for', async () => {
    expect(await lookUp('手紙')).toMatchObject({ language: 'zh', meaning: 'toilet paper' })
    expect(await lookUp('手紙', { language: 'ja' })).toMatchObject({
      language: 'ja',
      pinyin: 'てがみ',
      meaning: 'letter',
    })
    expect(await lookUp('勉強', { language: 'ja' })).toMatchObject({ pinyin: 'べんきょう', meaning: 'study' })
  })
  it('a particle says nothing', async () => {
    expect(await lookUp('は', { language: 'ja' })).toMatchObject({ language: 'ja' })
  })
})
