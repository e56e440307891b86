/** The farm's kill story, small: npm run farm:kill has the whole one. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { farmKillTest } from './testing-kills.ts'
import { NATS_SERVER, NEEDS_SERVER } from './testing-server.ts'

let root = ''
afterAll(() => rm(root, { recursive: true, force: true }))

it.skipIf(!NATS_SERVER)(
  `kills of workers, inference processes, server and producer lose nothing and make nothing twice (${NEEDS_SERVER})`,
  { timeout: 300_000 },
  async () => {
    root = await mkdtemp(join(tmpdir(), 'zihua-farm-kills-'))
    const report = await farmKillTest({
      root,
      set: {
        words: ['学', 'love', 'мир', '水'],
        styles: ['comic', 'neon'],
        seeds: [1, 2],
        request: { width: 64, height: 64, steps: 2 },
      },
      workers: 2,
      kills: { worker: 2, inference: 2, server: 1, producer: 1, all: 1 },
      ...{ seed: 1, between: 4, ackWaitMs: 3000 },
    })
    expect(report.actual).toEqual(report.expected)
    expect(report.pictures).toBe(16)
    expect(report.verification).toMatchObject({ ok: true, missing: [], changed: [], extra: [] })
    expect(report.leftovers).toEqual([])
    expect(Object.values(report.left).filter(messages => messages > 0)).toEqual([])
    expect(report.killed).toEqual({ worker: 2, inference: 2, server: 1, producer: 1, all: 1 })
  },
)
