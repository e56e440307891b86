/** Maps that a network draws: a task names it by hash, and no worker draws them with another one. */
import { copyFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { contentsOf } from '../sets/testing-contents.ts'
import { fixture } from '../testing/fixtures.ts'
import { TestFarm } from './testing-farm.ts'
import { NATS_SERVER, NEEDS_SERVER } from './testing-server.ts'

const MIDAS = fixture('preprocessors/midas_small_tiny.onnx')
const DEPTH_ANYTHING = fixture('preprocessors/depth_anything_tiny.onnx')

const install = async (dataFolder: string, id: string, file: string | null) => {
  const folder = join(dataFolder, 'models', id)
  await mkdir(folder, { recursive: true })
  await copyFile(file!, join(folder, 'model.onnx'))
}

const set = {
  ...{ words: ['学', '习'], styles: ['comic'], maps: ['depth' as const], sheet: false },
  request: {
    ...{ width: 64, height: 64, steps: 2 },
    controls: { depth: { method: 'ai_depth_estimation' } },
  },
}
const LONG = { timeout: 180_000 }

describe.skipIf(!NATS_SERVER || !MIDAS)(`networks of maps on a farm (${NEEDS_SERVER}, and ZIHUA_FIXTURES)`, () => {
  it('a task waits for a worker that has its network, and both sides say so', LONG, async () => {
    await using farm = await TestFarm.start()
    await install(farm.studio.dataFolder, 'midas-small', MIDAS)
    await farm.studio.inference.settle()
    // It would be taken by default, as it is the first of the list.
    await install(farm.folder('without'), 'depth-anything-v2-small', DEPTH_ANYTHING)
    await farm.worker('without', null)
    const making = farm.makeSet(set, 'out', { ...farm.painting, same: 'exact' })
    expect((await farm.problem('farmLacksModel')).message).toContain('midas-small (')
    expect((await farm.problem('farmNobodyHasModel')).message).toContain('midas-small (')
    await install(farm.folder('with'), 'depth-anything-v2-small', DEPTH_ANYTHING)
    await install(farm.folder('with'), 'midas-small', MIDAS)
    await farm.worker('with', null)
    expect(await making).toMatchObject({ complete: true, failures: [] })
    await farm.makeAlone(set, 'alone', farm.painting.generator)
    expect(await contentsOf(farm.folder('out'))).toEqual(await contentsOf(farm.folder('alone')))
  })

  it('copies it from the producer on the word of both', LONG, async () => {
    await using farm = await TestFarm.start()
    await install(farm.studio.dataFolder, 'midas-small', MIDAS)
    await farm.studio.inference.settle()
    await farm.worker('copies', null, { fetchModels: true })
    const report = await farm.makeSet(set, 'out', { ...farm.painting, same: 'exact', shares: true })
    expect(report).toMatchObject({ complete: true, failures: [] })
    expect(farm.problems).toEqual([])
  })
})
