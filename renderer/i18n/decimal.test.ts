import { expect, it } from 'vitest'
import { decimals } from './decimal.ts'

it('writes numbers with the sign of the language, without groups', () => {
  expect(decimals('ru')(0.9, 2)).toBe('0,90')
  expect(decimals('ru')(7.5)).toBe('7,5')
  expect(decimals('en')(12345.6, 1)).toBe('12345.6')
  expect(decimals('zh')(512, 0)).toBe('512')
})
