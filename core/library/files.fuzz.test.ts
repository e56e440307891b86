import { expect, it } from 'vitest'
import { temporaryFolder } from '../weights/testing.ts'
import { fuzzFiles } from './testing-fuzz.ts'

it('damaged files are taken or refused in one sentence (build/fuzz-files.ts reads thousands)', async () => {
  await using folder = await temporaryFolder()
  const { wrong, files, accepted, refused } = await fuzzFiles(folder.path, 160, 20261129)
  expect(wrong).toEqual([])
  expect(files).toBe(160)
  // Neither all nor none: the changes reach beyond the first check.
  expect(accepted).toBeGreaterThan(10)
  expect(refused).toBeGreaterThan(40)
})
