import { describe, expect, it } from 'vitest'
import { PROFILE_NAMES } from '../contract/vocabulary.ts'
import { ladderFrom, loadOptionsOf, PROFILES, profileFor, profileOn } from './profiles.ts'

describe('the profile of a card', () => {
  it.each([
    [141e9, 'ultra'],
    [81559 * 2 ** 20, 'ultra'],
    [80e9, 'ultra'],
    [80e9 - 1, 'high'],
    [48e9, 'high'],
    // An "RTX 4090 24 GB", an A10 with its error correction on.
    [24564 * 2 ** 20, 'high'],
    [23028 * 2 ** 20, 'high'],
    [24e9, 'high'],
    [24e9 - 1, 'medium'],
    [16376 * 2 ** 20, 'medium'],
    // An "RTX 3080 10 GB".
    [10240 * 2 ** 20, 'medium'],
    [10e9, 'medium'],
    [10e9 - 1, 'minimal'],
    [8188 * 2 ** 20, 'minimal'],
    [6144 * 2 ** 20, 'minimal'],
    [0, 'minimal'],
    [null, 'minimal'],
  ] as const)('of %s bytes is %s', (memory, profile) => {
    expect(profileFor('cuda', memory)).toBe(profile)
    expect(profileFor('dml', memory)).toBe(profile)
    expect(profileFor('cpu', memory)).toBe('cpu')
  })
})

it('each is followed by smaller ones of its own kind, down to one that takes the least', () => {
  expect(ladderFrom('ultra')).toEqual(['ultra', 'high', 'medium', 'minimal'])
  expect(ladderFrom('cpu')).toEqual(['cpu', 'cpu-small'])
  for (const name of PROFILE_NAMES) {
    const last = PROFILES[ladderFrom(name).at(-1)!]
    expect(last).toMatchObject({ step: 'split', passes: 2, keep: 'nothing' })
    expect(ladderFrom(name).map(each => PROFILES[each].from === null)).not.toContain(PROFILES[name].from !== null)
  }
})

it('one that was asked for means the same on another provider', () => {
  expect(profileOn('cpu', 'ultra')).toBe('cpu')
  expect(profileOn('cpu', 'minimal')).toBe('cpu-small')
  expect(profileOn('cuda', 'cpu-small')).toBe('minimal')
  expect(profileOn('cuda', 'high')).toBe('high')
})

it('changes how networks are loaded, and leaves what the self-test has settled', () => {
  const given = { provider: 'cuda', threads: 4, ops: { compute: 'F32' } } as const
  expect(loadOptionsOf('medium', given)).toEqual({
    ...given,
    passes: 1,
    ops: { compute: 'F32', step: 'fused' },
    workingBytes: 3e9,
  })
  expect(loadOptionsOf('minimal', given)).toMatchObject({ passes: 2, ops: { step: 'split' }, workingBytes: 1e9 })
  expect(loadOptionsOf('cpu-small', { provider: 'cpu' })).toMatchObject({ ops: { weights: 'mapped' } })
  // A card's weights are in its own memory.
  expect(loadOptionsOf('minimal', given).ops).not.toHaveProperty('weights')
  expect(loadOptionsOf('ultra', given)).not.toHaveProperty('workingBytes')
})
