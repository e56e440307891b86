import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { fixture } from '../testing/fixtures.ts'
import { killTest } from './testing-kills.ts'

const model = fixture('sdxl/pipeline')
let root = ''
afterAll(() => rm(root, { recursive: true, force: true }))

it.skipIf(!model)(
  '10 seeded kills of host, inference process or both change nothing (needs ZIHUA_FIXTURES)',
  { timeout: 300_000 },
  async () => {
    root = await mkdtemp(join(tmpdir(), 'zihua-kills-'))
    const request = { model: model!, width: 64, height: 64, steps: 1 }
    const set = { words: ['学', 'love', 'мир', '水'], styles: ['comic', 'neon'], request, files: '{index}-{word}' }
    const report = await killTest({ root, model: model!, set, kills: 10, seed: 1 })
    expect(report.actual).toEqual(report.expected)
    expect(Object.keys(report.actual)).toHaveLength(8 + 4)
    expect(report.seeds).toEqual([1, 2, 3])
    expect([report.keptOfSet, report.distinctOfSet]).toEqual([8, 8])
    expect(report.leftovers).toEqual([])
    expect(report.integrity).toEqual(['ok', 'ok'])
    expect(report.states).toEqual(['done', 'done'])
  },
)
