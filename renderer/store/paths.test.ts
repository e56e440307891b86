import { expect, it } from 'vitest'
import { plainPath } from './paths.ts'

it('takes a path out of the quotation marks in which Windows copies it', () => {
  expect(plainPath(' "C:\\My models\\sdxl" ')).toBe('C:\\My models\\sdxl')
  expect(plainPath('/models/"odd" name')).toBe('/models/"odd" name')
})
