/** Cutting a text into words that a dictionary knows: longest match from both ends, the better cut of the two. */

/** CC-CEDICT's longest headword has 19 characters. */
const LONGEST = 19
const HAN = /\p{Script=Han}|〇/u

/** Runs of Han characters are cut into words, everything else stays in one piece; spaces vanish. */
export function segmentText(text: string, has: (word: string) => boolean): string[] {
  const runs = text.match(/(?:\p{Script=Han}|〇)+|(?:(?!\p{Script=Han}|〇)\S)+/gu) ?? []
  return runs.flatMap(run => (HAN.test(run) ? cut(run, has) : [run]))
}

/** Fewer words win, then fewer single characters, then the cut from the end, which errs less in Chinese. */
function cut(run: string, has: (word: string) => boolean): string[] {
  const characters = [...run]
  const forward = longestMatch(characters, has)
  const isKnownBackward = (word: string) => has([...word].reverse().join(''))
  const backward = longestMatch([...characters].reverse(), isKnownBackward)
    .map(word => [...word].reverse().join(''))
    .reverse()
  const cost = (words: string[]) => words.length * 1000 + words.filter(word => [...word].length === 1).length
  return cost(forward) < cost(backward) ? forward : backward
}

function longestMatch(characters: string[], has: (word: string) => boolean): string[] {
  const words: string[] = []
  for (let at = 0; at < characters.length; ) {
    let length = Math.min(LONGEST, characters.length - at)
    while (length > 1 && !has(characters.slice(at, at + length).join(''))) length--
    words.push(characters.slice(at, at + length).join(''))
    at += length
  }
  return words
}
