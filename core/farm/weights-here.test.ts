/** What a worker has for tasks: also what the draft model was, for a producer whose studio is older. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { Library } from '../library/library.ts'
import { DRAFT } from '../machine/draft-folder.ts'
import { ModelRegistry } from '../machine/registry.ts'
import { WeightsHere } from './weights-here.ts'

it('has the present draft and all former ones, by hash', { timeout: 60_000 }, async () => {
  const root = await mkdtemp(join(tmpdir(), 'zihua-weights-'))
  const library = await Library.open(root)
  try {
    const registry = new ModelRegistry(root)
    const weights = new WeightsHere({
      registry,
      hashes: library.hashes,
      folders: [],
      modelsFolder: join(root, 'models'),
    })
    await weights.scan()
    const present = await library.hashes.tree(await registry.resolve(DRAFT, root))
    const former = await registry.former.hashes()
    expect(former.length).toBeGreaterThan(0)
    expect(former).not.toContain(present.sha256)
    for (const sha256 of [present.sha256, ...former]) {
      const path = await weights.pathOf(sha256)
      expect((await library.hashes.tree(path!)).sha256).toBe(sha256)
    }
  } finally {
    library.close()
    await rm(root, { recursive: true, force: true })
  }
})
