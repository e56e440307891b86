/**
 * Weights of words in a prompt, as AUTOMATIC1111's web UI reads them: (word) 1.1 times, ((word)) 1.21, [word] divided by
 * 1.1, (word:1.3), \( and \) for brackets that are meant, BREAK for a new row of 77 tokens.
 * Source: AUTOMATIC1111 modules/prompt_parser.py, parse_prompt_attention.
 */

export interface WeightedText {
  readonly text: string
  readonly weight: number
}

/** What stands between two rows. */
export const BREAK = Symbol('BREAK')

const TOKEN = /\\[()[\]\\]|\\|\(|\[|:\s*([+-]?[.\d]+)\s*\)|\)|\]|[^\\()[\]:]+|:/g
const ROUND = 1.1
const SQUARE = 1 / 1.1

/** Weights beyond these are typing errors: (cat:13) would leave nothing but noise. */
const MOST = 10

/** The pieces of a prompt in order. Brackets without a partner reach to the end, as there. A pure function. */
export function parsePromptWeights(prompt: string): (WeightedText | typeof BREAK)[] {
  const pieces: { text: string; weight: number; isBreak: boolean }[] = []
  const rounds: number[] = []
  const squares: number[] = []
  const multiply = (from: number, by: number) => {
    for (let i = from; i < pieces.length; i++) pieces[i].weight *= by
  }
  const add = (text: string) => pieces.push({ text, weight: 1, isBreak: false })
  for (const [token, number] of prompt.matchAll(TOKEN)) {
    const weight = Number(number)
    if (token.startsWith('\\')) add(token.slice(1))
    else if (token === '(') rounds.push(pieces.length)
    else if (token === '[') squares.push(pieces.length)
    else if (number !== undefined && rounds.length > 0 && Number.isFinite(weight))
      multiply(rounds.pop()!, Math.min(Math.max(weight, -MOST), MOST))
    else if (token === ')' && rounds.length > 0) multiply(rounds.pop()!, ROUND)
    else if (token === ']' && squares.length > 0) multiply(squares.pop()!, SQUARE)
    else
      for (const [i, part] of token.split(/(?<!\s)\s*\bBREAK\b\s*/).entries()) {
        if (i > 0) pieces.push({ text: '', weight: 1, isBreak: true })
        add(part)
      }
  }
  for (const from of rounds) multiply(from, ROUND)
  for (const from of squares) multiply(from, SQUARE)
  return joined(pieces)
}

/** Neighbours of one weight are one text. */
function joined(pieces: readonly { text: string; weight: number; isBreak: boolean }[]) {
  const out: (WeightedText | typeof BREAK)[] = []
  for (const { text, weight, isBreak } of pieces) {
    const last = out.at(-1)
    if (isBreak) out.push(BREAK)
    else if (last !== undefined && last !== BREAK && last.weight === weight)
      out[out.length - 1] = { text: last.text + text, weight }
    else if (text !== '') out.push({ text, weight })
  }
  return out
}
