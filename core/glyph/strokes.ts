import { type Radical, radicalStrokes } from './radicals.ts'
import { readStrokeFile, type StrokeSet } from './stroke-data.ts'
import { orderOf, typeOfLetter, typeOfShape } from './stroke-types.ts'
import type { StrokeType } from './types.ts'

/** Side of the square in which stroke data is given, y down from its top. */
export const STROKE_BOX = 1024
/** The sets' y is up, and their square's top is at 900. */
const TOP = 900

export interface CharacterStroke {
  /** SVG path data of the outline, STROKE_BOX units, y down. */
  path: string
  /** Spine in writing order, STROKE_BOX units, y down. */
  median: [number, number][]
  type: StrokeType
  radical: boolean
}

/** What is known of a character's strokes, in writing order. */
export interface CharacterStrokes {
  char: string
  source: StrokeSet
  /** "table": types from a published stroke order; "shape": judged by each stroke's form. */
  types: 'table' | 'shape'
  /** Whether the radical's strokes are known; where not, no stroke has `radical` set. */
  radicalKnown: boolean
  /** The Kangxi radical, null where it is unknown or is not the part that the stroke data marks. */
  radical: Radical | null
  strokes: CharacterStroke[]
}

/** Absolute path data flipped to y down. */
function flip(path: string): string {
  let isY = false
  return path.replace(/[A-Za-z]|-?\d+(?:\.\d+)?/g, token => {
    if (/[A-Za-z]/.test(token)) {
      isY = false
      return token
    }
    isY = !isY
    return isY ? token : String(TOP - Number(token))
  })
}

/**
 * Strokes of one character with their types and radical; null where no stroke data knows it.
 * @param drawn one character as it is drawn; a variant, a compatibility ideograph and a Kangxi radical have the strokes of
 * the character that they stand for
 */
export async function strokesOf(drawn: string): Promise<CharacterStrokes | null> {
  const char = drawn.replace(/\p{Variation_Selector}/gu, '').normalize('NFKC')
  const file = await readStrokeFile(char)
  if (!file) return null
  const medians = file.medians.map(median => median.map(([x, y]): [number, number] => [x, TOP - y]))
  const letters = orderOf(char)
  const table = letters?.length === medians.length ? letters : null
  const radical = radicalStrokes(char, medians.length, file.radStrokes)
  return {
    char,
    source: file.source,
    types: table ? 'table' : 'shape',
    radicalKnown: radical !== null,
    radical: radical?.radical ?? null,
    strokes: medians.map((median, i) => ({
      path: flip(file.strokes[i]),
      median,
      type: table ? typeOfLetter(table[i], median) : typeOfShape(median, STROKE_BOX),
      radical: radical?.strokes.includes(i) ?? false,
    })),
  }
}
