import { describe, expect, it } from 'vitest'
import type { Gray } from './raster.ts'
import { traceSkeleton } from './trace.ts'

/** '#' is ink. */
function drawing(...rows: string[]): Gray {
  const data = Uint8Array.from(rows.join(''), char => (char === '#' ? 255 : 0))
  return { width: rows[0].length, height: rows.length, channels: 1, data }
}
/** Every ink pixel is on a line, and no line leaves the ink. */
function expectCovered(skeleton: Gray): void {
  const seen = new Uint8Array(skeleton.data.length)
  for (const [x, y] of traceSkeleton(skeleton).flat()) seen[y * skeleton.width + x] = 255
  expect(seen).toEqual(skeleton.data)
}

describe('traceSkeleton', () => {
  it('a bar is one line from end to end', () => {
    const [line, ...more] = traceSkeleton(drawing('.......', '.#####.', '.......'))
    expect(more).toEqual([])
    expect(line).toEqual([
      [1, 1],
      [2, 1],
      [3, 1],
      [4, 1],
      [5, 1],
    ])
  })
  it('a lone pixel is a line of one point', () => {
    expect(traceSkeleton(drawing('...', '.#.', '...'))).toEqual([[[1, 1]]])
  })
  it('a ring is one line', () => {
    const ring = drawing('.###.', '#...#', '#...#', '.###.')
    expect(traceSkeleton(ring)).toHaveLength(1)
    expectCovered(ring)
  })
  it('a cross is lines that meet in its middle', () => {
    const cross = drawing('...#...', '...#...', '...#...', '#######', '...#...', '...#...', '...#...')
    expectCovered(cross)
    const through = traceSkeleton(cross).filter(line => line.some(([x, y]) => x === 3 && y === 3))
    expect(through.length).toBeGreaterThanOrEqual(3)
  })
  it('nothing is no line', () => expect(traceSkeleton(drawing('....'))).toEqual([]))
})
