import { describe, expect, it } from 'vitest'
import { isReserved, keyOf, keysOf, printed, STANDARD_KEYS } from './keys.ts'

const press = (key: string, code = '', held: { ctrlKey?: boolean; metaKey?: boolean; shiftKey?: boolean } = {}) =>
  keyOf({ key, code, ctrlKey: false, metaKey: false, shiftKey: false, ...held })

describe('a pressed key', () => {
  it('is what it writes, with what is held', () => {
    expect(press('g', 'KeyG')).toBe('g')
    expect(press('z', 'KeyZ', { ctrlKey: true })).toBe('Ctrl+z')
    expect(press('Z', 'KeyZ', { metaKey: true, shiftKey: true })).toBe('Ctrl+Shift+Z')
    expect(press('?', 'Slash', { shiftKey: true })).toBe('?')
    expect(press('Shift', 'ShiftLeft', { shiftKey: true })).toBeNull()
  })

  it('is the Latin letter of the same key where the keyboard writes another script', () => {
    expect(press('п', 'KeyG')).toBe('g')
    expect(press('л', 'KeyK', { ctrlKey: true })).toBe('Ctrl+k')
    expect(press('Я', 'KeyZ', { ctrlKey: true, shiftKey: true })).toBe('Ctrl+Shift+Z')
    // A Latin keyboard of another order means what it writes, not where it lies.
    expect(press('z', 'KeyY')).toBe('z')
    expect(press('ж', 'Semicolon')).toBe('ж')
  })
})

it('one’s own keys come before the usual ones, and none is none', () => {
  expect(keysOf('gallery', {})).toEqual(['g'])
  expect(keysOf('gallery', { gallery: ['b'] })).toEqual(['b'])
  expect(keysOf('gallery', { gallery: [] })).toEqual([])
  expect(keysOf('start-from', {})).toEqual([])
})

it('no key means two acts, and none is one that moves the focus', () => {
  const all = Object.values(STANDARD_KEYS).flat()
  expect(new Set(all).size).toBe(all.length)
  expect(all.filter(isReserved)).toEqual([])
  for (const key of ['Tab', 'Enter', ' ', 'ArrowLeft', 'PageDown']) expect(isReserved(key)).toBe(true)
})

it('is printed as on the keyboard', () => {
  expect(['Ctrl+Shift+Z', 'Escape', '+', 'Ctrl++', '-', 'Ctrl+,'].map(printed)).toEqual([
    'Ctrl Shift Z',
    'Esc',
    '+',
    'Ctrl +',
    '−',
    'Ctrl ,',
  ])
})
