import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { fuzz } from '../library/testing-fuzz.ts'
import { FUZZ_KINDS } from './testing-fuzz-kinds.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zihua-kinds-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** How many of 40 are read at least, and refused at least. */
it.each([
  ['fonts', 1, 20],
  ['sets', 2, 20],
  ['styles', 10, 5],
  ['settings', 40, 0],
  ['databases', 40, 0],
])(
  'damaged %s are read or refused in one sentence (build/fuzz-files.ts reads thousands)',
  async (kind, read, refused) => {
    const own = await mkdtemp(join(folder, `${kind}-`))
    const report = await fuzz(await FUZZ_KINDS[kind](own), own, 40, 20261130)
    expect(report.wrong).toEqual([])
    expect(report.accepted).toBeGreaterThanOrEqual(read)
    expect(report.refused).toBeGreaterThanOrEqual(refused)
  },
)
