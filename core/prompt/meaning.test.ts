import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type CedictEntry, cedictFile } from './cedict.ts'
import { lookUp } from './dictionary.ts'
import { gerund, verbPhrase, withArticle } from './english.ts'
import { promptMeaning } from './meaning.ts'
import { glossesOf } from './senses.ts'

/** Words that people paint, and what stands for them after "an illustration of". */
const COMMON: Record<string, string> = {
  学习: 'learning',
  爱: 'love',
  水: 'water',
  山: 'a mountain',
  龙: 'Chinese dragon',
  猫: 'a cat',
  火: 'fire',
  月: 'the moon',
  太阳: 'the sun',
  云: 'a cloud',
  雨: 'rain',
  雪: 'snow',
  风: 'wind',
  花: 'a flower',
  花儿: 'a flower',
  茶: 'tea',
  鱼: 'a fish',
  鸟: 'a bird',
  虎: 'a tiger',
  鹰: 'a bird of prey',
  书: 'a book',
  老师: 'a teacher',
  朋友: 'a friend',
  城市: 'a city',
  梦想: 'dream',
  自由: 'freedom',
  和平: 'peace',
  勇气: 'courage',
  希望: 'hope',
  旅行: 'travel',
  跑: 'running',
  吃: 'eating',
  写: 'writing',
  跳舞: 'dance',
  死: 'dying',
  音乐: 'music',
  书法: 'calligraphy',
  竹子: 'bamboo',
  北京: 'Beijing municipality',
  长城: 'the Great Wall',
  海: 'the ocean',
  福: 'good fortune',
  永: 'forever',
  红: 'red',
  美: 'beautiful',
  春: 'spring',
  春天: 'spring',
  我: 'myself',
  杀鸡儆猴: 'killing the chicken to warn the monkey',
}

describe('the meaning that stands in a prompt', () => {
  it.each(Object.entries(COMMON))('%s: %s', async (word, meaning) => {
    expect(await lookUp(word)).toMatchObject({ basis: 'dictionary', meaning })
  })
  it.each(['的', '着', '吗'])('%s is grammar and nothing to paint', async word => {
    expect(await lookUp(word)).toMatchObject({ basis: 'dictionary', meaning: null, chosen: null })
  })
})

describe('one sense', () => {
  it.each([
    ['to study; to learn', 'study'],
    ['to dream of; to wish', 'wishing'],
    ['to dream of', 'dreaming'],
    ['to give sth to sb (as a gift)', 'giving something to someone'],
    ['to be busy', 'being busy'],
    ['not to know', 'not knowing'],
    ['lit. a dragon (idiom (old)) etc', 'a dragon'],
    ['(dialect) river 河[he2]', 'river'],
    ['variant of 琴[qin2], guqin or zither', 'guqin or zither'],
    ['constructor', 'constructor'],
    ['~er', null],
    ['pico- (one trillionth)', null],
    ['classifier for rows', null],
    ['surname Wang', null],
    ['to screw (vulgar)', null],
    ['(completed action marker)', null],
  ])('%s → %s', (sense, meaning) => expect(promptMeaning(sense)).toBe(meaning))

  it('is cut at a comma past 80 characters, and never ends in the air', () => {
    const long = 'a very old tale of the moon, told by fishermen who sail at night, and sung by their children ashore'
    expect(promptMeaning(long)).toBe('a very old tale of the moon, told by fishermen who sail at night')
    expect(promptMeaning(`house ${'of the very big '.repeat(8)}`)).not.toMatch(/ (?:of|the|very)$/)
  })

  it('of all 198,105 in the dictionary holds no brackets, Chinese or doubled space, and stays below 81 characters', () => {
    const entries = JSON.parse(readFileSync(cedictFile(), 'utf8')) as CedictEntry[]
    const phrases = entries.flatMap(entry => {
      const { glosses, counted } = glossesOf(entry)
      return glosses.map(({ text }) => promptMeaning(text, counted)).filter(phrase => phrase !== null)
    })
    const bad = phrases.filter(text => /[\p{Script=Han}[\]()|;]|\s\s|^\s|\s$|\bCL:/u.test(text) || text.length > 80)
    expect(phrases.length).toBeGreaterThan(180_000)
    expect(bad).toEqual([])
  })
})

describe('English', () => {
  it.each(
    Object.entries({
      run: 'running',
      swim: 'swimming',
      quit: 'quitting',
      eat: 'eating',
      bake: 'baking',
      die: 'dying',
      see: 'seeing',
      be: 'being',
      play: 'playing',
      fix: 'fixing',
      show: 'showing',
      open: 'opening',
      begin: 'beginning',
      panic: 'panicking',
      argue: 'arguing',
      infer: 'inferring',
      dye: 'dyeing',
    }),
  )('%s → %s', (verb, form) => expect(gerund(verb)).toBe(form))

  it.each([
    ['love', 'love'],
    ['secretly plan', 'secretly planning'],
    ['fly', 'flying'],
    ['come and go', 'coming and going'],
    ['buy bread and butter', 'buying bread and butter'],
    ['put/place', 'putting/placing'],
  ])('to %s → %s', (verb, form) => expect(verbPhrase(verb)).toBe(form))

  it.each([
    ['mountain', 'a mountain'],
    ['eagle', 'an eagle'],
    ['hour', 'an hour'],
    ['university', 'a university'],
    ['umbrella', 'an umbrella'],
    ['one-way street', 'a one-way street'],
    ['a hope', 'a hope'],
    ['clothes', 'clothes'],
    ['glass', 'a glass'],
    ['music', 'music'],
    ['dangerous', 'dangerous'],
    ['China', 'China'],
    ['sun', 'the sun'],
  ])('%s → %s', (noun, phrase) => expect(withArticle(noun, true)).toBe(phrase))
})
