import { readFileSync } from 'node:fs'

/** jieba's dict.txt, "word count class" a line: how often each word stands in its newspapers and books. */
export function readCounts(file: string): Map<string, number> {
  const lines = readFileSync(file, 'utf8').trim().split('\n')
  return new Map(lines.map(line => line.split(' ')).map(([word, count]) => [word, Number(count)]))
}
