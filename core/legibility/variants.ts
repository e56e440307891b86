/** Simplified and traditional writings of one character. Readers of print tell them apart badly, as fonts of both mix them. */
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)

interface Pairs {
  /** Characters at the same place belong together. */
  simple: string
  trad: string
}

let known: { simplified: Map<string, string>; writings: Map<string, string[]> } | null = null

/** From cnchar-trad, read on first use. */
function pairs() {
  if (!known) {
    const { dict } = require('cnchar-trad') as { dict: { trad: Pairs } }
    const simple = [...dict.trad.simple]
    const simplified = new Map([...dict.trad.trad].map((character, i) => [character, simple[i]]))
    const writings = new Map<string, string[]>()
    for (const [traditional, one] of simplified) writings.set(one, [...(writings.get(one) ?? [one]), traditional])
    known = { simplified, writings }
  }
  return known
}

/** The simplified writing of a character; itself where there is no other. */
export const simplified = (character: string): string => pairs().simplified.get(character) ?? character

/** All writings of a character, itself included. */
export const writingsOf = (character: string): readonly string[] =>
  pairs().writings.get(simplified(character)) ?? [character]
