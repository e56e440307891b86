import { clustersOf, isIdeographic, isSpace } from './text.ts'

/** May not begin a line (closing marks, small kana, the long-vowel mark) or end one (opening marks): JIS X 4051, class 1 and 2. */
const NOT_FIRST = /^[\p{Pe}\p{Pf}、。，．：；！？!?,.:;…‥ー々ゝゞヽヾぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮ・％%]/u
const NOT_LAST = /^[\p{Ps}\p{Pi}]/u

/** The pieces of a line that stay whole: words between spaces, single ideographs with the marks that cling to them. */
export function unbreakable(line: string): { text: string; spaceBefore: boolean }[] {
  const pieces: { text: string; spaceBefore: boolean }[] = []
  let space = true
  let before: string | null = null
  for (const cluster of clustersOf(line)) {
    if (isSpace(cluster)) {
      space = true
      continue
    }
    const free =
      space || before === null
        ? true
        : (isIdeographic(before) || isIdeographic(cluster)) && !NOT_FIRST.test(cluster) && !NOT_LAST.test(before)
    if (free) pieces.push({ text: cluster, spaceBefore: space && pieces.length > 0 })
    else pieces[pieces.length - 1].text += cluster
    space = false
    before = cluster
  }
  return pieces
}

const join = (pieces: { text: string; spaceBefore: boolean }[]) =>
  pieces.map(({ text, spaceBefore }, i) => (i > 0 && spaceBefore ? ' ' : '') + text).join('')

/**
 * Every sensible way to set a line in 1, 2, 3 … lines: for each count the one whose longest line is shortest, earlier
 * lines filled first. `lengthOf` measures a piece.
 */
export function breakings(line: string, lengthOf: (text: string) => number): string[][] {
  const pieces = unbreakable(line)
  const n = pieces.length
  const ends = [0]
  for (const { text, spaceBefore } of pieces) ends.push(ends.at(-1)! + lengthOf(text) + (spaceBefore ? 0.25 : 0))
  // best[k][i]: the least possible longest line with the first i pieces in k lines; cut[k][i]: where its last line begins.
  const best: number[][] = [ends.map(v => v)]
  const cut: number[][] = [ends.map(() => 0)]
  for (let k = 1; k < n; k++) {
    best.push(new Array<number>(n + 1).fill(Infinity))
    cut.push(new Array<number>(n + 1).fill(0))
    for (let i = k + 1; i <= n; i++)
      for (let j = k; j < i; j++) {
        const longest = Math.max(best[k - 1][j], ends[i] - ends[j])
        if (longest <= best[k][i] + 1e-9) {
          best[k][i] = Math.min(longest, best[k][i])
          cut[k][i] = j
        }
      }
  }
  return best.map((_, k) => {
    const lines: string[] = []
    let end = n
    for (let row = k; row >= 0; row--) {
      const start = cut[row][end]
      lines.unshift(join(pieces.slice(start, end)))
      end = start
    }
    return lines
  })
}
