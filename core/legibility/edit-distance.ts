import { simplified } from './variants.ts'

/** Insertions, deletions and replacements that turn one sequence into the other. Source: Levenshtein 1966. */
export function editDistance<T>(a: readonly T[], b: readonly T[]): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1]
    for (let j = 0; j < b.length; j++) {
      next.push(Math.min(row[j] + (a[i] === b[j] ? 0 : 1), row[j + 1] + 1, next[j] + 1))
    }
    row = next
  }
  return row[b.length]
}

/** A word as it is compared with what was read: without spaces, case and width, in simplified writing. */
export const comparable = (text: string): string[] =>
  [...text.normalize('NFKC').toLowerCase().replace(/\s+/gu, '')].map(simplified)

/** Whether what was read is the word, in whatever script variant. */
export const isSameWord = (read: string, word: string): boolean =>
  comparable(read).join('') === comparable(word).join('')

/** 1 where the word was read as it is written, 0 where nothing of it was. */
export function similarity(read: string, word: string): number {
  const [a, b] = [comparable(read), comparable(word)]
  return b.length === 0 ? 0 : Math.max(0, 1 - editDistance(a, b) / b.length)
}
