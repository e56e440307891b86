import { expect, it } from 'vitest'
import { sidesAt } from './larger.ts'

it('a larger picture keeps its shape, also beyond the longest side there is', () => {
  expect(sidesAt({ width: 512, height: 256 }, 2048)).toEqual({ width: 2048, height: 1024 })
  expect(sidesAt({ width: 512, height: 256 }, 8192)).toEqual({ width: 4096, height: 2048 })
  expect(sidesAt({ width: 256, height: 512 }, 8192)).toEqual({ width: 2048, height: 4096 })
})
