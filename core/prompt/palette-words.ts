/** What a palette says in a prompt. */
import { additionsOf } from '../composition/prompt.ts'
import type { Palette } from '../contract/palette.ts'
import type { Request } from '../contract/request.ts'
import { bytesOf, type Oklab, oklabDistance, oklabOf } from '../raster/oklab.ts'

/** The colour words that the draft model was trained with, by what its painter meant: models/draft/training/painter/palette.py. */
const DRAFT_WORDS: Readonly<Record<string, string>> = {
  red: '#e5202d',
  orange: '#f28a1c',
  yellow: '#f4d81e',
  green: '#2f9e44',
  teal: '#159a96',
  blue: '#2463d8',
  purple: '#7d3bd1',
  pink: '#f07aa8',
  gold: '#c9a227',
  brown: '#7a4a28',
  black: '#1b1d22',
  white: '#f4f4f2',
  gray: '#7c8087',
}

/** What other models know beside them. Source of most: CSS Color Module Level 4, named colours. */
const MORE_WORDS: Readonly<Record<string, string>> = {
  crimson: '#dc143c',
  coral: '#ff7f50',
  maroon: '#7a1426',
  beige: '#e8dcc0',
  cream: '#f7edd3',
  olive: '#808000',
  'dark green': '#14532d',
  emerald: '#2ecc71',
  lime: '#a4e02c',
  mint: '#a8e6cf',
  'dark teal': '#0b4a47',
  turquoise: '#40e0d0',
  'light pink': '#ffc6d0',
  'sky blue': '#87ceeb',
  navy: '#14245c',
  indigo: '#4b0082',
  lavender: '#b9a8e0',
  magenta: '#e01fb0',
  'light gray': '#c8ccd0',
  charcoal: '#36393f',
}

type Word = readonly [name: string, at: Oklab]
const wordsOf = (table: Readonly<Record<string, string>>): Word[] =>
  Object.entries(table).map(([name, hex]) => [name, oklabOf(...bytesOf(hex))])
const FOR_DRAFT = wordsOf(DRAFT_WORDS)
const FOR_OTHERS = wordsOf({ ...DRAFT_WORDS, ...MORE_WORDS })

/** From this chroma on a colour has a hue, and no word without one names it. */
const HUED = 0.055
/** Of thirteen words few are as light or strong as a colour: its hue decides. */
const DRAFT_SHARE = 0.2

const chroma = ([, a, b]: Oklab): number => Math.hypot(a, b)

/** The word for a colour, "#rrggbb": the nearest in OKLab, of those with a hue where it has one. */
export function colourWord(hex: string, draft: boolean): string {
  const at = oklabOf(...bytesOf(hex))
  const words = (draft ? FOR_DRAFT : FOR_OTHERS).filter(([, word]) => chroma(at) < HUED || chroma(word) >= HUED)
  const share = draft && chroma(at) >= HUED ? DRAFT_SHARE : 1
  const away = ([, word]: Word) => {
    const apart = (at[0] - word[0]) ** 2 + (chroma(at) - chroma(word)) ** 2
    return oklabDistance(at, word) - (1 - share) * apart
  }
  return words.reduce((best, word) => (away(word) < away(best) ? word : best))[0]
}

/**
 * The fragment that asks for a palette; "" where it names no colour.
 * @param draft the draft model knows thirteen words, and two of them at a time
 */
export function paletteWords({ ground, inks }: Palette, draft: boolean): string {
  const unique = (colours: readonly string[]) => [...new Set(colours.map(hex => colourWord(hex, draft)))]
  // The draft's first word rules the picture, which is mostly ground.
  if (draft)
    return unique([...(ground ? [ground] : []), ...inks])
      .slice(0, 2)
      .join(' and ')
  const words = unique(inks)
  const lettering = words.length > 0 ? `${listOf(words)} lettering` : ''
  return [lettering, ground && `${colourWord(ground, draft)} background`].filter(Boolean).join(', ')
}

/** What a request's composition and palette add to a prompt that is built; a prompt of its own stands whole. */
export function wordsBeside(
  request: Pick<Request, 'prompt' | 'composition' | 'palette'>,
  draft: boolean,
): { prompt?: string } {
  const { palette, prompt } = request
  const colours = prompt === null && palette ? paletteWords(palette, draft) : ''
  const all = [additionsOf(request).prompt, colours].filter(Boolean)
  return all.length === 0 ? {} : { prompt: all.join(', ') }
}

const listOf = (words: readonly string[]): string =>
  words.length < 3 ? words.join(' and ') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
