/** Cutting a text into words that a dictionary knows: the cut whose words are together the most likely. */

/** CC-CEDICT's longest headword has 19 characters. */
const LONGEST = 19
const HAN = /\p{Script=Han}|〇/u
/** Bits of a character that is no word: worse than any word. */
const UNKNOWN = 30

/**
 * Runs of Han characters, with the dots of foreign names, are cut into words; everything else stays in one piece;
 * spaces vanish.
 * @param surpriseOf bits of surprise at a word in running text; null: it is no word
 */
export function segmentText(text: string, surpriseOf: (word: string) => number | null): string[] {
  const runs =
    text.match(/(?:\p{Script=Han}|〇|(?<=\p{Script=Han})·(?=\p{Script=Han}))+|(?:(?!\p{Script=Han}|〇)\S)+/gu) ?? []
  return runs.flatMap(run => (HAN.test(run) ? cut(run, surpriseOf) : [run]))
}

/** The cheapest way through the run, its words being independent of each other (a unigram model, Viterbi 1967). */
function cut(run: string, surpriseOf: (word: string) => number | null): string[] {
  const characters = [...run]
  /** The cheapest cut of the first n characters, and where its last word begins. */
  const best = [{ cost: 0, from: 0 }]
  for (let end = 1; end <= characters.length; end++) {
    best[end] = { cost: Number.POSITIVE_INFINITY, from: end - 1 }
    for (let from = end - 1; from >= Math.max(0, end - LONGEST); from--) {
      const surprise = surpriseOf(characters.slice(from, end).join('')) ?? (from === end - 1 ? UNKNOWN : null)
      if (surprise === null) continue
      const cost = best[from].cost + surprise
      if (cost < best[end].cost) best[end] = { cost, from }
    }
  }
  const words: string[] = []
  for (let end = characters.length; end > 0; end = best[end].from)
    words.unshift(characters.slice(best[end].from, end).join(''))
  return words
}
