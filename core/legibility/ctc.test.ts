import { expect, it } from 'vitest'
import { greedy, likelihood, type Slices } from './ctc.ts'
import { editDistance, similarity } from './edit-distance.ts'

/** Three classes: blank, a, b. */
const slices = (...rows: number[][]): Slices => ({
  steps: rows.length,
  classes: 3,
  data: Float32Array.from(rows.flat()),
})

it('merges repetitions and drops blanks', () => {
  const { classes, confidence } = greedy(slices([0.1, 0.8, 0.1], [0.1, 0.7, 0.2], [0.9, 0.1, 0], [0.2, 0.6, 0.2]))
  expect(classes).toEqual([1, 1])
  expect(confidence).toBeCloseTo(0.7)
  expect(greedy(slices([1, 0, 0]))).toEqual({ classes: [], confidence: 0 })
})

/** Probability of `wanted` by trying every path. */
function byAllPaths({ steps, classes, data }: Slices, wanted: number[]): number {
  let sum = 0
  for (let path = 0; path < classes ** steps; path++) {
    let p = 1
    const read: number[] = []
    for (let t = 0, rest = path, before = 0; t < steps; t++, rest = Math.floor(rest / classes)) {
      const c = rest % classes
      p *= data[t * classes + c]
      if (c !== 0 && c !== before) read.push(c)
      before = c
    }
    if (read.join() === wanted.join()) sum += p
  }
  return sum
}

it('the likelihood is the sum over all paths', () => {
  const line = slices([0.2, 0.5, 0.3], [0.5, 0.4, 0.1], [0.1, 0.3, 0.6], [0.4, 0.4, 0.2])
  for (const wanted of [[1], [2], [1, 2], [1, 1], [2, 1, 2]]) {
    const mean = likelihood(
      line,
      wanted.map(c => [c]),
      [],
    )
    expect(mean ** wanted.length).toBeCloseTo(byAllPaths(line, wanted), 6)
  }
  expect(likelihood(line, [[1], [2], [1], [2], [1]], [])).toBe(0)
  // Either class counts as the letter, and b as nothing.
  expect(likelihood(slices([0, 0.5, 0.5]), [[1, 2]], [])).toBeCloseTo(1)
  expect(likelihood(slices([0, 1, 0], [0, 0, 1]), [[1]], [2])).toBeCloseTo(1)
})

it('counts edits, not case, width or spaces', () => {
  expect(editDistance([...'kitten'], [...'sitting'])).toBe(3)
  expect(similarity('ＬＯ ve', 'love')).toBe(1)
  expect(similarity('学刁', '学习')).toBe(0.5)
  expect(similarity('爱', '愛')).toBe(1)
  expect(similarity('', '学')).toBe(0)
  expect(similarity('a long text', '学')).toBe(0)
})
