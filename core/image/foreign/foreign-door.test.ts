import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { HOSTILE, HOSTILE_TEXTS } from '../../pictures/testing-hostile.ts'
import { foreignOf } from './foreign-door.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zihua-foreign-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

it.each(Object.entries({ ...HOSTILE, ...HOSTILE_TEXTS }))(
  '%s: nothing to take over, soon',
  { timeout: 20_000 },
  async (_, make) => {
    const file = join(folder, 'x.png')
    await writeFile(file, make())
    const start = performance.now()
    const found = await foreignOf(file).catch(error => error)
    expect(performance.now() - start).toBeLessThan(4000)
    if (found instanceof Error) expect(found).toMatchObject({ name: 'StudioError', code: 'bad-image' })
  },
)
