/** Compositions on a farm, painted by the draft model: the set is what one machine makes of them. */
import { describe, expect, it } from 'vitest'
import type { RequestInput } from '../contract/request.ts'
import type { SetInput } from '../sets/definition.ts'
import { contentsOf } from '../sets/testing-contents.ts'
import { verifySet } from '../sets/verify.ts'
import { TestFarm } from './testing-farm.ts'
import { NATS_SERVER, NEEDS_SERVER } from './testing-server.ts'

const at = (x: number, y: number, side: number) => ({ x, y, scale: [side, side], rotation: 0 })
const cat = { kind: 'motif', source: { emoji: '🐱' }, transform: at(0.5, 0.3, 0.4) }
const words = {
  blocks: [
    cat,
    { kind: 'word', source: { text: null }, transform: at(0.3, 0.75, 0.5) },
    { kind: 'word', source: { text: 'love', writing: { font: 'pacifico' } }, transform: at(0.75, 0.75, 0.4) },
  ],
}

describe.skipIf(!NATS_SERVER)(`compositions on a farm (${NEEDS_SERVER})`, () => {
  it('words of several fonts beside a motif, and a motif alone: files and judgements are those of one machine', {
    timeout: 240_000,
  }, async () => {
    await using farm = await TestFarm.start()
    await farm.studio.inference.settle()
    await farm.worker('w', null)
    for (const [name, composition] of Object.entries({ words, motif: { blocks: [cat] } })) {
      const set = {
        ...{ words: ['学', '习'], styles: ['comic'], maps: ['canny', 'depth'], sheet: false },
        request: { width: 128, height: 128, steps: 2, composition } as unknown as RequestInput,
      } satisfies SetInput
      const painting = farm.painting
      const report = await farm.makeSet(set, name, { ...painting, same: 'exact' })
      expect(report).toMatchObject({ complete: true, made: 2, failures: [] })
      await farm.makeAlone(set, `${name}-alone`, painting.generator)
      expect(await contentsOf(farm.folder(name))).toEqual(await contentsOf(farm.folder(`${name}-alone`)))
      expect(await verifySet(farm.folder(name))).toMatchObject({ ok: true, extra: [] })
    }
    expect(farm.problems).toEqual([])
  })
})
