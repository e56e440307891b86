import LineBreaker from 'linebreak'
import { clustersOf, isSpace } from './text.ts'

/** A piece of a line that stays whole; UTF-16 units of the line, end exclusive, without the space around it. */
export interface Piece {
  start: number
  end: number
}

/** Where each character of the line begins. */
function boundaries(line: string): Set<number> {
  let at = 0
  return new Set([0, ...clustersOf(line).map(cluster => (at += cluster.length))])
}

/** The pieces between the places where Unicode Standard Annex #14 lets a line end. */
export function unbreakable(line: string): Piece[] {
  const whole = boundaries(line)
  const breaker = new LineBreaker(line)
  const pieces: Piece[] = []
  let start = 0
  for (let next = breaker.nextBreak(); next; next = breaker.nextBreak()) {
    // The library's Unicode may be older than the engine's: an emoji of several code points is never parted.
    if (!whole.has(next.position)) continue
    const text = line.slice(start, next.position)
    const lead = text.length - text.trimStart().length
    if (!isSpace(text)) pieces.push({ start: start + lead, end: start + text.trimEnd().length })
    start = next.position
  }
  return pieces
}

/**
 * Every sensible way to set a line in 1, 2, 3 … lines: for each count the one whose longest line is shortest, earlier
 * lines filled first. `lengthOf` measures a piece.
 */
export function breakings(line: string, lengthOf: (text: string) => number): Piece[][] {
  const pieces = unbreakable(line)
  const n = pieces.length
  const ends = [0]
  for (const [i, { start, end }] of pieces.entries()) {
    const spaceBefore = i > 0 && start > pieces[i - 1].end
    ends.push(ends.at(-1)! + lengthOf(line.slice(start, end)) + (spaceBefore ? 0.25 : 0))
  }
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
    const lines: Piece[] = []
    let end = n
    for (let row = k; row >= 0; row--) {
      const start = cut[row][end]
      lines.unshift({ start: pieces[start].start, end: pieces[end - 1].end })
      end = start
    }
    return lines
  })
}
