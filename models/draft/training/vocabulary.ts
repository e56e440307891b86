/** Which words the draft model learns to draw, and which it must never see. */
import { readFileSync } from 'node:fs'
import { DEFAULT_LAYOUT, type Layout } from '../../../core/contract/request.ts'

const read = <T>(name: string): T => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8')) as T
const keptOut = read<{ characters: string; words: string[] }>('kept-out.json')
const words = read<{ english: string[]; russian: string[]; kana: string[] }>('words.json')

/** One picture to draw. */
export interface Task {
  word: string
  layout: Layout
}

const isHan = (char: string) => /\p{Script=Han}/u.test(char)
const banned = new Set([...keptOut.characters, ...keptOut.words.flatMap(word => [...word].filter(isHan))])
const bannedWords = new Set(keptOut.words)

/** A kept-out word, or one with a kept-out Chinese character. */
export const isKeptOut = (word: string): boolean => bannedWords.has(word) || [...word].some(char => banned.has(char))

/** The 3,755 most used simplified characters: rows 16 to 55 of GB 2312. */
function commonCharacters(): string[] {
  const decoder = new TextDecoder('gb18030')
  const cells = Array.from({ length: 40 * 94 }, (_, i) =>
    decoder.decode(Uint8Array.of(0xb0 + Math.floor(i / 94), 0xa1 + (i % 94))),
  )
  return cells.filter(isHan)
}

/** Mulberry32: a small seeded generator, 0 ≤ x < 1. Source: Tommy Ettinger, 2017, public domain. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

const range = (from: string, to: string): string[] =>
  Array.from({ length: to.codePointAt(0)! - from.codePointAt(0)! + 1 }, (_, i) =>
    String.fromCodePoint(from.codePointAt(0)! + i),
  )

const FONTS = {
  han: ['noto-sans-sc', 'noto-serif-sc', 'ma-shan-zheng'],
  kana: ['noto-sans-jp', 'noto-serif-sc'],
  letters: ['noto-sans', 'noto-serif'],
} as const

/** The list of pictures, the same for the same count: shuffled, so that any beginning of it is a fair sample. */
export function tasks(count: number, seed = 20_26): Task[] {
  const random = seeded(seed)
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]
  const han = commonCharacters().filter(char => !banned.has(char))
  const several = (least: number, most: number) =>
    Array.from({ length: least + Math.floor(random() * (most - least + 1)) }, () => pick(han)).join('')
  const letters = [...range('A', 'Z'), ...range('a', 'z'), ...range('А', 'я'), ...'&?!@#%+=']
  const kana = [...range('あ', 'ん'), ...range('ア', 'ン')]
  const cased = (word: string) => pick([word, word[0].toUpperCase() + word.slice(1), word.toUpperCase()])
  const kinds: [share: number, fonts: readonly string[], word: () => string][] = [
    [0.52, FONTS.han, () => pick(han)],
    [0.17, FONTS.han, () => several(2, 2)],
    [0.04, FONTS.han, () => several(3, 4)],
    [0.05, FONTS.kana, () => pick(kana)],
    [0.03, FONTS.kana, () => pick(words.kana)],
    [0.05, FONTS.letters, () => pick(letters)],
    [0.08, FONTS.letters, () => cased(pick(words.english))],
    [0.04, FONTS.letters, () => cased(pick(words.russian))],
    [0.02, FONTS.letters, () => String(Math.floor(random() * 10 ** (1 + Math.floor(random() * 4))))],
  ]
  const draw = (): Task => {
    let at = random()
    const [, fonts, word] = kinds.find(([share]) => (at -= share) < 0) ?? kinds[0]
    const usual = random() < 0.45
    const layout: Layout = usual
      ? DEFAULT_LAYOUT
      : {
          font: pick([null, ...fonts]),
          weight: pick([400, 500, 600, 700, 800, 900]),
          slant: random() < 0.85 ? 0 : Math.round(random() * 24 - 12),
          direction: random() < 0.8 ? 'horizontal' : 'vertical',
          margin: 0.04 + 0.16 * random(),
        }
    return { word: word(), layout }
  }
  const list: Task[] = []
  while (list.length < count) {
    const task = draw()
    if (!isKeptOut(task.word)) list.push(task)
  }
  return list
}

/** The kept-out characters and words in the studio's own layout: what the model is judged by. */
export const trials = (): Task[] =>
  [...keptOut.words, ...keptOut.characters].map(word => ({ word, layout: DEFAULT_LAYOUT }))
