import { expect, it } from 'vitest'
import { withPlaces } from './cell-places.ts'

it('places follow one another where a program leaves them out', () => {
  expect(withPlaces('<row><c><v>1</v></c><c t="s"/></row><row><c/></row>')).toBe(
    '<row><c r="A1"><v>1</v></c><c r="B1" t="s"/></row><row><c r="A2"/></row>',
  )
})
it('a place that is said counts for what follows, also with a prefix', () => {
  expect(withPlaces('<x:row r="7"><x:c r="Z7"/><x:c/></x:row><x:row><x:c/></x:row>')).toBe(
    '<x:row r="7"><x:c r="Z7"/><x:c r="AA7"/></x:row><x:row><x:c r="A8"/></x:row>',
  )
})
it('other elements stay as they are', () => {
  const other = '<cols><col min="1"/></cols><rowBreaks/><row r="1"><c r="B1"><v>&lt;c&gt;</v></c></row>'
  expect(withPlaces(other)).toBe(other)
})
