import { readFileSync } from 'node:fs'
import { orderOf } from './stroke-types.ts'

/** A Kangxi radical. */
export interface Radical {
  /** 1..214. */
  number: number
  char: string
}

let residuals: Record<string, string> | null = null

/** Unihan kRSUnicode: "radical.residual", several where the dictionaries differ; read on first use. */
function entriesOf(char: string): { number: number; residual: number }[] {
  residuals ??= JSON.parse(readFileSync(new URL('./data/kRSUnicode_hw.json', import.meta.url), 'utf8')) as Record<
    string,
    string
  >
  return (residuals[char] ?? '')
    .split(' ')
    .filter(Boolean)
    .map(entry => {
      // An apostrophe marks a radical in its simplified form.
      const [number, residual] = entry.replaceAll("'", '').split('.')
      return { number: Number(number), residual: Number(residual) }
    })
}

/** Kangxi radical of that number as a plain character: U+2F00 is the first. */
const radicalOf = (number: number): Radical => ({
  number,
  char: String.fromCodePoint(0x2eff + number).normalize('NFKC'),
})

export interface RadicalStrokes {
  /** Null where the marked strokes are not those that Unihan counts for its radical. */
  radical: Radical | null
  /** Zero-based. */
  strokes: number[]
}

const range = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + i)

/** Where the radical's own stroke letters begin or end the character's; null unless exactly one of both holds. */
function fromOrder(char: string, radical: string, count: number): number[] | null {
  const whole = orderOf(char)
  const part = orderOf(radical)
  if (!whole || !part || part.length !== count) return null
  const first = whole.startsWith(part)
  const last = whole.endsWith(part)
  if (first === last) return null
  return first ? range(0, count) : range(whole.length - count, count)
}

/**
 * Which strokes of a character are its radical's: what the stroke set marks (`marked`); where it marks nothing, all
 * strokes of a character that is a radical, or those at its beginning or end whose types are the radical's own. Null
 * where that leaves a doubt.
 */
export function radicalStrokes(char: string, total: number, marked: number[] | undefined): RadicalStrokes | null {
  const entries = entriesOf(char)
  if (marked && marked.length > 0) {
    const entry = entries.find(({ residual }) => total - residual === marked.length)
    return { radical: entry ? radicalOf(entry.number) : null, strokes: marked }
  }
  for (const { number, residual } of entries) {
    const radical = radicalOf(number)
    if (residual === 0) return { radical, strokes: range(0, total) }
    const strokes = fromOrder(char, radical.char, total - residual)
    if (strokes && orderOf(char)?.length === total) return { radical, strokes }
  }
  return null
}
