import { describe, expect, it } from 'vitest'
import { loadChinese, surpriseOf } from './chinese.ts'
import { lookUp } from './dictionary.ts'
import { commonReading, toneMarks } from './pinyin.ts'
import { segmentText } from './segment.ts'

const found = async (word: string) => {
  const result = await lookUp(word)
  if (result.basis === 'none') throw new Error(result.message)
  return result
}

describe('a headword', () => {
  it('comes with its senses, its reading and both ways of writing it', async () => {
    expect(await lookUp('学习')).toEqual({
      basis: 'dictionary',
      language: 'zh',
      word: '学习',
      pinyin: 'xué xí',
      entries: [
        {
          traditional: '學習',
          simplified: '学习',
          pinyin: 'xué xí',
          senses: ['to learn', 'to study'],
          meanings: ['learning', 'study'],
        },
      ],
      meaning: 'learning',
      chosen: { entry: 0, sense: 0 },
    })
  })
  it('is found in traditional characters too', async () => {
    expect((await found('學習')).entries).toEqual((await found('学习')).entries)
  })
  it('is found when it is laid out on two lines, or holds invisible characters', async () => {
    for (const word of ['学\n习', '学 习', ' 学习 ', '学\u200b习', '学习\ufe00']) {
      expect((await found(word)).entries, JSON.stringify(word)).toEqual((await found('学习')).entries)
    }
  })
  it('chosen is where the meaning stands', async () => {
    const { entries, chosen, meaning } = await found('梦想')
    expect(entries[chosen!.entry].senses[chosen!.sense]).toBe('dream')
    expect(entries[chosen!.entry].meanings[chosen!.sense]).toBe(meaning)
  })
  it('every sense has its meaning or null', async () => {
    for (const { senses, meanings } of (await found('火')).entries) expect(meanings.length).toBe(senses.length)
  })
  it('that is only in code is found as well', async () => expect((await found('卡拉OK')).basis).toBe('dictionary'))
})

describe('readings', () => {
  it.each([
    ['行', 'xíng'],
    ['乐', 'lè'],
    ['长', 'cháng'],
    ['好', 'hǎo'],
    ['都', 'dōu'],
    ['绿', 'lǜ'],
  ])('%s: the commonest, %s, comes first', async (word, pinyin) => {
    expect((await found(word)).pinyin).toBe(pinyin)
    expect((await found(word)).entries[0].pinyin).toBe(pinyin)
  })
  it('each sense stands under its own', async () => {
    const { entries } = await found('行')
    expect(entries.find(({ pinyin }) => pinyin === 'háng')?.senses.join()).toContain('row')
    expect(entries.find(({ pinyin }) => pinyin === 'xíng')?.senses.join()).toContain('to walk')
  })
  it('surnames come last', async () => {
    expect((await found('龙')).entries.map(({ pinyin }) => pinyin)).toEqual(['lóng', 'Lóng'])
  })
  it.each([
    ['xue2 xi2', 'xué xí'],
    ['lu:e4 Lu:3 nu : 3', 'lüè Lǚ nu : 3'],
    ['ma5 r5', 'ma r'],
    ['gui4 liu2 dou1 xiong2', 'guì liú dōu xióng'],
    ['E4 ou3 O2', 'È ǒu Ó'],
    ['m2 ng2', 'ḿ ńg'],
    ['T xu4', 'T xù'],
  ])('%s → %s', (numbered, marked) => expect(toneMarks(numbered)).toBe(marked))
  it('pinyin-pro reads a character by its word', async () => {
    expect((await commonReading('银行行长')).join(' ')).toBe('yín háng háng zhǎng')
    expect(await commonReading('学x')).toEqual(['xué', null])
  })
})

describe('cross references', () => {
  it('a variant has the senses of what it is a variant of', async () => {
    expect((await found('㐅')).entries[0].senses).toEqual((await found('五')).entries[0].senses)
  })
  it('Japanese forms too', async () => expect((await found('涙')).meaning).toBe('tears'))
  it('a part of a word says which, and what that means', async () => {
    expect((await found('佝')).entries[0].senses).toEqual(['used in 佝偻', 'stooped; hunched over'])
  })
  it('classifiers and remarks on pronunciation are no senses', async () => {
    for (const word of ['老师', '山', '茶', '鱼', '惜', '液', '髮']) {
      const text = (await found(word)).entries.flatMap(({ senses }) => senses).join('\n')
      expect(text, word).not.toMatch(/CL:|\bpr\. ?\[|\|/)
    }
  })
  it('what repeats an entry is left out', async () => {
    const entries = (await found('面')).entries
    expect(new Set(entries.map(({ senses }) => senses.join())).size).toBe(entries.length)
  })
})

describe('words that are no headwords', () => {
  it('are cut into headwords', async () => {
    const result = await found('学习中文')
    expect(result).toMatchObject({ basis: 'segments', entries: [], pinyin: 'xué xí Zhōng wén', chosen: null })
    expect(result.segments?.map(({ text }) => text)).toEqual(['学习', '中文'])
    expect(result.meaning).toBe('learning, Chinese language')
  })
  it('keep what is not Chinese in one piece', async () => {
    const { segments, meaning } = await found('学习 Hello!')
    expect(segments?.map(({ text, pinyin }) => [text, pinyin])).toEqual([
      ['学习', 'xué xí'],
      ['Hello!', null],
    ])
    expect(meaning).toBe('learning, Hello!')
  })
  it.each([
    ['我爱北京天安门', '我 爱 北京 天安门'],
    ['研究生命', '研究 生命'],
    ['结婚的和尚未结婚的', '结婚 的 和 尚未 结婚 的'],
    ['我喜歡喝綠茶', '我 喜歡 喝 綠茶'],
    ['', ''],
  ])('%s → %s', async (text, words) => {
    const chinese = await loadChinese()
    expect(segmentText(text, word => surpriseOf(chinese, word)).join(' ')).toBe(words)
  })
  it('the longest words that the contract allows take no time to speak of', async () => {
    expect((await found('爱龙'.repeat(32))).segments?.length).toBe(64)
  })
})

describe('other scripts', () => {
  it.each(['Hello', 'Привет', 'שלום', 'مرحبا', '🐉', '안녕', '3', 'constructor', '', 'ㄅㄆ'])(
    '%s has no lookup and says so',
    async word => {
      expect(await lookUp(word)).toMatchObject({
        basis: 'none',
        reason: 'script',
        message: expect.stringMatching(/\.$/),
      })
    },
  )
  it.each(['𠀀𠀁', 'にほんごでした'])('%s, which the dictionary lacks, is another reason', async word => {
    expect(await lookUp(word)).toMatchObject({ basis: 'none', reason: 'unknown' })
  })
})
