import { describe, expect, it } from 'vitest'
import type { RequestInput } from '../contract/request.ts'
import { builtInStyle } from '../prompt/styles.ts'
import { completeRequest } from './complete-request.ts'
import { flatColours, startOf } from './flat-colours.ts'
import type { DrawnWord } from './word-maps.ts'

const surroundings = { style: builtInStyle('comic')!, manifest: null, trainedSize: 512 }
const complete = (input: RequestInput) => completeRequest({ word: '学', ...input }, surroundings)
const palette = { ground: '#102030', inks: ['#ff0000', '#00ff00'], hold: true }
const word: DrawnWord = {
  ...{ composed: null, area: null, maps: [], fonts: [] },
  mask: { width: 2, height: 1, channels: 1, data: Uint8Array.of(0, 255) },
}

describe('what a picture begins with', () => {
  it('is noise, its palette where that is held, or the picture that it names', () => {
    expect(startOf(complete({}))).toBeNull()
    expect(startOf(complete({ palette: { ...palette, hold: false } }))).toBeNull()
    expect(startOf(complete({ palette }))).toMatchObject({ from: 'palette' })
    const both = complete({ palette, initImage: 'a.png', strength: 0.4 })
    expect(startOf(both)).toEqual({ strength: 0.4, from: 'picture' })
  })

  it('of a palette is its ground, and its first ink where the word is', () =>
    expect([...flatColours(palette, { width: 2, height: 1 }, word).data]).toEqual([16, 32, 48, 255, 0, 0]))

  it('is the ground alone without a word, paper and ink where no colour is said', () => {
    expect([...flatColours(palette, { width: 1, height: 1 }, null).data]).toEqual([16, 32, 48])
    const { data } = flatColours({ ground: null, inks: [], hold: true }, { width: 2, height: 1 }, word)
    expect(data[0]).toBeGreaterThan(200)
    expect(data[3]).toBeLessThan(60)
  })

  it('gives blocks of a composition the inks by turns', () => {
    const block = (index: number) => ({ index }) as NonNullable<DrawnWord['composed']>['blocks'][number]
    const composed = { blocks: [block(0), block(1), block(2)], owners: Uint8Array.of(0, 1, 2, 3) }
    const { data } = flatColours(palette, { width: 4, height: 1 }, { ...word, composed })
    expect([...data]).toEqual([16, 32, 48, 255, 0, 0, 0, 255, 0, 255, 0, 0])
  })
})

it.each<[RequestInput['palette'], string]>([
  [{ ...palette, ground: 'blue' }, 'palette.ground'],
  [{ ...palette, inks: Array.from({ length: 5 }, () => '#000000') }, 'palette.inks'],
])('%o is refused by its field', (wrong, field) => expect(() => complete({ palette: wrong ?? null })).toThrow(field))
