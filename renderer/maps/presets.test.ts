import { describe, expect, it } from 'vitest'
import { fusedOver } from './presets.ts'

describe('the fused strength', () => {
  it('is one sum where every map takes part all along', () => {
    const parts = [0.9, 0.5].map(weight => ({ weight, start: 0, end: 1 }))
    expect(fusedOver(parts)).toEqual([{ start: 0, end: 1, weights: [0.9, 0.5], sum: 1.4 }])
  })
  it('changes where a window begins or ends', () => {
    const pieces = fusedOver([
      { weight: 1, start: 0, end: 0.5 },
      { weight: 0.5, start: 0.25, end: 1 },
    ])
    expect(pieces.map(({ start, end, sum }) => [start, end, sum])).toEqual([
      [0, 0.25, 1],
      [0.25, 0.5, 1.5],
      [0.5, 1, 0.5],
    ])
  })
  it('an empty window weighs nothing', () => {
    expect(fusedOver([{ weight: 1, start: 0.5, end: 0.5 }]).every(({ sum }) => sum === 0)).toBe(true)
  })
})
