import { expect, it } from 'vitest'
import { randomModel, TINY_SIZE } from '../graph/random-model.ts'
import { ClipNetwork } from './clip-network.ts'
import { NetworkCache } from './network-cache.ts'

const model = randomModel(TINY_SIZE)
let loads = 0
const plan = () => {
  loads++
  return ClipNetwork.plan('text_encoder', model.textEncoder, { provider: 'cpu', threads: 1 })
}
const { bytes } = plan()

it('keeps what fits, gives back what was used longest ago, never what is in use', async () => {
  const cache = new NetworkCache({ budgetBytes: 2 * bytes })
  loads = 0
  await using first = await cache.acquire('a', 'a', plan)
  const second = await cache.acquire('b', 'b', plan)
  await second[Symbol.asyncDispose]()
  await using _third = await cache.acquire('c', 'c', plan)
  expect({ loads, held: cache.heldBytes }).toEqual({ loads: 3, held: 2 * bytes })
  // a is in use and still works; b had to go.
  const ids = new Array<number>(77).fill(1)
  expect((await first.network.encode(ids)).pooled.length).toBe(32)
  await using again = await cache.acquire('a', 'a', plan)
  expect(again.network).toBe(first.network)
  expect(loads).toBe(3)
})

it('holds a network at one size only', async () => {
  const cache = new NetworkCache({ budgetBytes: 10 * bytes })
  await (await cache.acquire('unet', 'unet 64', plan))[Symbol.asyncDispose]()
  await (await cache.acquire('unet', 'unet 96', plan))[Symbol.asyncDispose]()
  expect(cache.heldBytes).toBe(bytes)
  await cache.clear()
  expect(cache.heldBytes).toBe(0)
})

it('what exceeds the budget alone works and is given back', async () => {
  const cache = new NetworkCache({ budgetBytes: bytes / 2 })
  const lease = await cache.acquire('a', 'a', plan)
  expect(cache.heldBytes).toBe(bytes)
  await lease[Symbol.asyncDispose]()
  expect(cache.heldBytes).toBe(0)
})
