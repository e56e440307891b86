import { describe, expect, it } from 'vitest'
import { compositionSchema } from '../contract/composition.ts'
import { colourWord, paletteWords, wordsBeside } from './palette-words.ts'
import { buildPrompts } from './prompt-builder.ts'
import { builtInStyle } from './styles.ts'

const palette = { ground: '#1d4fc4', inks: ['#f2c230', '#ffffff', '#dc143c'], hold: false }

describe('the word for a colour', () => {
  it.each([
    ['#ff0000', 'red', 'red'],
    ['#0a1f5c', 'blue', 'navy'],
    ['#ffffff', 'white', 'white'],
    ['#000000', 'black', 'black'],
    ['#7c8087', 'gray', 'gray'],
    ['#f3e4c8', 'white', 'cream'],
    ['#f2c230', 'yellow', 'yellow'],
    ['#c9a227', 'gold', 'gold'],
    ['#004d40', 'teal', 'dark teal'],
    ['#ffc0cb', 'pink', 'light pink'],
    ['#21d4fd', 'teal', 'sky blue'],
  ])('%s is %s to the draft model, %s to others', (hex, draft, other) => {
    expect([colourWord(hex, true), colourWord(hex, false)]).toEqual([draft, other])
  })
})

describe('a palette in a prompt', () => {
  it('is two words for the draft, all of them for others, each once', () => {
    expect(paletteWords(palette, true)).toBe('blue and yellow')
    expect(paletteWords(palette, false)).toBe('yellow, white and crimson lettering, blue background')
    expect(paletteWords({ ...palette, inks: ['#1d4fc4', '#1c4ec3'] }, true)).toBe('blue')
    expect(paletteWords({ ...palette, inks: [] }, false)).toBe('blue background')
    expect(paletteWords({ ground: null, inks: ['#000000'], hold: true }, false)).toBe('black lettering')
    expect(paletteWords({ ground: null, inks: [], hold: true }, false)).toBe('')
  })

  it('comes after what is built, and never into a prompt of one’s own', async () => {
    const style = builtInStyle('comic')!
    const input = { word: '学', translation: 'study', prompt: null, negativePrompt: null }
    const { prompt } = await buildPrompts(input, style, wordsBeside({ prompt: null, palette }, false))
    expect(prompt).toMatch(/study.*, yellow, white and crimson lettering, blue background$/)
    expect(wordsBeside({ prompt: 'mine', palette }, false)).toEqual({})
    expect(wordsBeside({ prompt: null }, true)).toEqual({})
  })

  it('comes after what blocks of a composition ask for, each fragment once', () => {
    const block = (prompt: string | null) => ({
      ...{ kind: 'motif', source: { emoji: '🐱' }, prompt },
      transform: { x: 0.5, y: 0.5, scale: [1, 1], rotation: 0 },
    })
    const blocks = [block('a sleeping cat'), block(null), block(' a sleeping cat '), block('rain')]
    const composition = compositionSchema.parse({ blocks })
    expect(wordsBeside({ prompt: null, composition, palette }, true)).toEqual({
      prompt: 'a sleeping cat, rain, blue and yellow',
    })
    expect(wordsBeside({ prompt: 'mine', composition }, true)).toEqual({})
  })
})
