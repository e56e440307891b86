import { describe, expect, it } from 'vitest'
import { actOf, isReserved, keyOf, keysOf, type Place, printed, STANDARD_KEYS } from './keys.ts'

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

describe('what a key does where the focus is', () => {
  const at = (key: string, place: Place, shortcuts = {}) => actOf(key, place, shortcuts)

  it('single keys are shortcuts on the picture, the strip, the gallery and nothing, and nowhere else', () => {
    for (const key of ['s', 'g', 'r', 'q', '?', 'Delete']) {
      expect(at(key, 'free')).not.toBeNull()
      for (const place of ['draft', 'text', 'control', 'map'] as const) expect(at(key, place)).toBeNull()
    }
  })

  it('a map has its own keys besides', () => {
    expect(['[', ']', '1', '4'].map(key => at(key, 'map'))).toEqual(['weaker', 'stronger', 'map-canny', 'map-scribble'])
    expect(['[', ']', '1', '4'].map(key => at(key, 'control'))).toEqual([null, null, null, null])
  })

  it('keys with Ctrl act everywhere', () => {
    for (const place of ['draft', 'text', 'control', 'map', 'free'] as const) {
      expect(at('Ctrl+Enter', place)).toBe('generate')
      expect(at('Ctrl+k', place)).toBe('palette')
    }
  })

  it('undo is the desk’s, but not in a note or a search', () => {
    const places = ['draft', 'control', 'map', 'free', 'text'] as const
    expect(places.map(place => at('Ctrl+z', place))).toEqual(['undo', 'undo', 'undo', 'undo', null])
    expect(at('Ctrl+y', 'text')).toBeNull()
  })

  it('Escape leaves what has the focus before it cancels', () => {
    expect((['text', 'control', 'map', 'free'] as const).map(place => at('Escape', place))).toEqual([
      'leave',
      'leave',
      'leave',
      'cancel',
    ])
  })

  it('a key of one’s own takes the place of the usual one', () => {
    const shortcuts = { gallery: ['b'], cancel: ['F8'] }
    expect(at('b', 'free', shortcuts)).toBe('gallery')
    expect(at('g', 'free', shortcuts)).toBeNull()
    expect(at('F8', 'text', shortcuts)).toBe('cancel')
    expect(at('Escape', 'free', shortcuts)).toBeNull()
  })
})
