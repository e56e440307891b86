import { pinyin } from 'pinyin-pro'

/** "xuéxí" for 学习, null for a word without Chinese characters. */
export function pinyinOf(word: string): string | null {
  if (!/\p{Script=Han}/u.test(word) || /[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(word)) return null
  return pinyin(word, { type: 'array', nonZh: 'consecutive' }).join('').trim() || null
}
