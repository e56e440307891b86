import { describe, expect, it } from 'vitest'
import { FAULTS, fault, phrase } from '../../../core/faults/fault.ts'
import { PHRASES } from '../../../core/faults/phrases.ts'
import * as ru from './ru/index.ts'
import { addTranslation, sentence, sentences, words } from './sentence.ts'
import * as zh from './zh/index.ts'

addTranslation('ru', ru)
addTranslation('zh', zh)

type Say = (values: never) => string | readonly string[]

/** Of values that are no text; a text says its own name. */
const SAMPLES: Readonly<Record<string, unknown>> = {
  complaints: ['«1»', '«2»'],
  offers: ['«1»', '«2»'],
  needed: 139,
  free: 140,
  problems: ['«1»', '«2»'],
  chosen: false,
  inclusive: true,
  ...Object.fromEntries(
    ['count', 'most', 'least', 'line', 'total', 'width', 'height', 'bytes', 'size', 'at', 'steps', 'length'].map(
      (name, i) => [name, 100 + i],
    ),
  ),
  pixels: 120,
  nearest: 121,
  clipSkip: 122,
  layers: 123,
  known: 124,
  kind: 125,
  picture: 126,
  times: 127,
  ...{
    megabytes: 128,
    kilobytes: 129,
    labels: 130,
    wanted: 131,
    bound: 132,
    strength: 0.5,
    code: 133,
    seconds: 135,
    values: 134,
    port: 136,
    failures: 137,
    given: 138,
    side: 'width',
  },
}

/** What it says, and the values that it took from those given. */
function heard(say: Say): { text: string; took: string[] } {
  const took = new Set<string>()
  const values = new Proxy(SAMPLES, {
    get: (known, name: string) => {
      took.add(name)
      return known[name] ?? `‹${name}›`
    },
  })
  const said = say(values as never)
  return { text: typeof said === 'string' ? said : said.join(' '), took: [...took].toSorted() }
}

const ENGLISH: Record<string, Say> = {
  ...Object.fromEntries(Object.entries(FAULTS).map(([key, { say }]) => [key, say as Say])),
  ...PHRASES,
}

const LANGUAGES = [
  ['Russian', { ...ru.faults, ...ru.phrases }, /\p{Script=Cyrillic}/u],
  ['Chinese', { ...zh.faults, ...zh.phrases }, /\p{Script=Han}/u],
] as const

describe.each(LANGUAGES)('%s', (_, catalogue, script) => {
  const all: Record<string, Say> = catalogue
  it.each(Object.keys(all))('%s', key => {
    const { text, took } = heard(all[key])
    expect(text).not.toMatch(/undefined|null|не число|\[object/)
    // A name of the trade is the same everywhere; so is what another program said.
    if (!/^\s*(LoRA|ControlNet-Union|VAE)$/.test(text)) expect(text).toMatch(script)
    const english = ENGLISH[key]
    if (!english) return // A schema's own English.
    expect(took).toEqual(heard(english).took)
    for (const name of took) if (SAMPLES[name] === undefined) expect(text).toContain(`‹${name}›`)
  })
})

describe('a sentence in the designer’s language', () => {
  const missing = fault('noOutline', { characters: 'x', count: 1, fonts: 'Noto Sans', chosen: false }).report()

  it('is English as it came', () => {
    expect(sentence(missing, 'en')).toEqual({ message: missing.message, hint: missing.hint })
  })
  it('is made from the values that travelled', () => {
    const travelled = JSON.parse(JSON.stringify(missing))
    expect(sentence(travelled, 'ru').message).toBe('Нет начертания для x в шрифтах: Noto Sans.')
    expect(sentence(travelled, 'zh').hint).toBe('请选择含有这个字符的字体，或改写这个词。')
  })
  it('has its phrases in the language too, however deep', () => {
    const problem = fault('fieldWrong', {
      what: phrase('theStyle'),
      field: 'template',
      issue: phrase('placeholderUnknown', { name: 'place' }),
    })
    const wrong = fault('styleWrong', { problem: problem.report() })
    expect(wrong.message).toBe(problem.message)
    expect(sentence(wrong.report(), 'ru').message).toBe(
      'Стиль: «template»: {place} неизвестно, есть только {meaning} и {character}.',
    )
  })
  it('counts as the language does', () => {
    const told = (times: number) => sentence(fault('studioEnded', { times }).report(), 'ru').message
    expect([told(1), told(3), told(5)].map(text => /\d+ \S+/.exec(text)?.[0])).toEqual(['1 раз', '3 раза', '5 раз'])
  })
  it('stays as it came without a key, with one of another version, and with values that do not fit', () => {
    const kept = { code: 'bad-word', message: 'It was so.', hint: 'Do so.' } as const
    expect(sentences(kept, 'ru')).toBe('It was so. Do so.')
    expect(sentences({ ...kept, key: 'toString', values: {} }, 'zh')).toBe('It was so. Do so.')
    expect(sentences({ ...kept, key: 'weightsDoNotFit', values: {} }, 'zh')).toBe('It was so. Do so.')
    expect(words({ message: 'a note' }, 'ru')).toBe('a note')
  })
})
