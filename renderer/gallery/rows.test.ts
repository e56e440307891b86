import { expect, test } from 'vitest'
import { nextRow } from './rows.ts'

test('rows are filled from the middle of what is in sight outwards, each once', () => {
  const filled: number[] = []
  for (let row = nextRow(filled, 10, 14); row !== null; row = nextRow(filled, 10, 14)) filled.push(row)
  expect(filled).toEqual([12, 11, 13, 10, 14])
})

test('what is filled already is left alone, also outside of what is in sight', () => {
  expect(nextRow([0, 1, 2, 3], 1, 3)).toBeNull()
  expect(nextRow([0, 1, 2, 3], 2, 5)).toBe(4)
})
