import { expect, it } from 'vitest'
import { attack, MOST_LOST } from './attack.ts'

/** npm run attack:downloads does 200 and more. */
const ROUNDS = 20

it(`${ROUNDS} seeded rounds of faults and SIGKILLs: never a wrong file, never more than a block a range again`, async () => {
  const rounds = await Promise.all(
    [0, 1].map(async lane => {
      const own = []
      for (let seed = lane; seed < ROUNDS; seed += 2) own.push(await attack(seed))
      return own
    }),
  )
  const all = rounds.flat()
  expect(all.filter(({ complaints }) => complaints.length > 0)).toEqual([])
  expect(all.reduce((sum, { kills }) => sum + kills, 0)).toBeGreaterThan(ROUNDS / 2)
  expect(all.reduce((sum, { faults }) => sum + faults, 0)).toBeGreaterThan(ROUNDS)
  expect(Math.max(...all.map(({ lost }) => lost))).toBeLessThanOrEqual(MOST_LOST)
}, 240_000)
