import { expect, it } from 'vitest'
import { MAX_NAME_BYTES, NameBook, nameKey, safeName } from './safe-name.ts'
import { hostileTexts } from './testing-names.ts'

it.each([
  ['学习', '学习'],
  ['../../etc/passwd', '_.._etc_passwd'],
  ['C:\\Windows\\x', 'C__Windows_x'],
  ['NUL', '_NUL'],
  ['nul.tar.gz', '_nul.tar.gz'],
  ['COM1', '_COM1'],
  ['com¹', '_com¹'],
  ['CONsole', 'CONsole'],
  ['name. . .', 'name'],
  ['.hidden', 'hidden'],
  ['-rf', 'rf'],
  ['', 'picture'],
  ['...', 'picture'],
  ['a\0b\nc', 'a b c'],
  ['gpj\u202eexe', 'gpj exe'],
  ['e\u0301', '\u00e9'],
  ['half \ud800', 'half _'],
  ['👩‍🎨', '👩‍🎨'],
  ['what? "yes" <no> | *', 'what_ _yes_ _no_ _ _'],
])('%j becomes %j', (text, name) => {
  expect(safeName(text)).toBe(name)
})

it('long names end between characters, long clusters inside', () => {
  expect(safeName('学'.repeat(300))).toBe('学'.repeat(MAX_NAME_BYTES / 3))
  expect(safeName('👩‍🎨'.repeat(100))).toBe('👩‍🎨'.repeat(Math.floor(MAX_NAME_BYTES / 11)))
  expect(Buffer.byteLength(safeName(`a${'\u0301\u0302'.repeat(500)}`))).toBeLessThanOrEqual(MAX_NAME_BYTES)
})

it('names that some system takes for one are made two', () => {
  const book = new NameBook()
  expect(['a', 'A', 'ä', 'a\u0308', 'straße', 'STRASSE', 'a (2)'].map(name => book.take(name))).toEqual([
    'a',
    'A (2)',
    'ä',
    'a\u0308 (2)',
    'straße',
    'STRASSE (2)',
    'a (2) (2)',
  ])
})

it('500 hostile texts give names that every system takes', () => {
  for (const text of hostileTexts(500)) {
    const name = safeName(text)
    expect(name, JSON.stringify(text)).toMatch(/^[^<>:"/\\|?*\p{Cc}\u202a-\u202e]+$/u)
    expect(name).not.toMatch(/^[.\s-]|[.\s]$/u)
    expect(name).not.toMatch(/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i)
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(MAX_NAME_BYTES + 1)
    expect(name).toBe(name.normalize('NFC'))
    expect(nameKey(name)).not.toBe('')
  }
})
