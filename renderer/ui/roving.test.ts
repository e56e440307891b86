import { expect, it } from 'vitest'
import { placeAfter } from './roving.ts'

const grid = { total: 23, columns: 5, page: 15 }

it('moves by cells and rows, and stays where there is nothing', () => {
  expect(placeAfter('ArrowRight', 4, grid)).toBe(5)
  expect(placeAfter('ArrowDown', 4, grid)).toBe(9)
  expect(placeAfter('ArrowUp', 4, grid)).toBe(4)
  expect(placeAfter('ArrowDown', 20, grid)).toBe(20)
  expect(placeAfter('ArrowRight', 22, grid)).toBe(22)
})

it('moves by pages and to the ends, never beyond', () => {
  expect(placeAfter('PageDown', 4, grid)).toBe(19)
  expect(placeAfter('PageDown', 19, grid)).toBe(22)
  expect(placeAfter('PageUp', 4, grid)).toBe(0)
  expect(placeAfter('Home', 9, grid)).toBe(0)
  expect(placeAfter('End', 9, grid)).toBe(22)
})

it('leaves other keys, and an empty list, alone', () => {
  expect(placeAfter('a', 4, grid)).toBeNull()
  expect(placeAfter('End', 0, { ...grid, total: 0 })).toBeNull()
})
