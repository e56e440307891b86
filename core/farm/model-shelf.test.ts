/** Models that are copied over the farm: resumed, verified, and only what was asked for. */
import { createHash } from 'node:crypto'
import { mkdir, readFile, stat, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Objm } from '@nats-io/obj'
import { describe, expect, it } from 'vitest'
import { INCOMPLETE } from '../files/durable.ts'
import { openHashes } from './hash-cache.ts'
import { fetchWeights, ModelShelf } from './model-shelf.ts'
import { MODELS } from './names.ts'
import { FarmStore } from './store.ts'
import { kindSchema, type TaskWeights } from './task.ts'
import { TestFarm } from './testing-farm.ts'
import { STUB_MADE } from './testing-painter.ts'
import { NATS_SERVER, NEEDS_SERVER } from './testing-server.ts'

describe.skipIf(!NATS_SERVER)(`models over the farm (${NEEDS_SERVER})`, () => {
  it('are copied in parts, resumed after an interruption, and refused where they are damaged', {
    timeout: 150_000,
  }, async () => {
    await using farm = await TestFarm.start()
    const model = farm.folder('model')
    await mkdir(join(model, 'unet'), { recursive: true })
    await writeFile(join(model, 'model_index.json'), '{}')
    const large = createHash('shake256', { outputLength: 33e6 }).update('weights').digest()
    await writeFile(join(model, 'unet', 'weights.safetensors'), large)
    const { hashes, database } = openHashes(farm.folder('hashes'))
    const tree = await hashes.tree(model)
    const weights: TaskWeights = { role: 'model', name: 'model', folder: true, ...tree }
    const kind = kindSchema.parse({
      ...{ zihuaKind: 1, set: 'abcdefabcdef', kind: '0'.repeat(16), name: 'set', engine: 'e', same: 'look' },
      ...{ made: STUB_MADE, weights: [weights], canary: null, shares: true },
    })
    const connection = await farm.server.connect()
    const store = new FarmStore(connection)
    await store.ensure()
    const stop = new AbortController()
    const shelf = new ModelShelf(store, () => [kind], hashes)
    const serving = shelf.serve(stop.signal)
    const target = farm.folder('copies')
    const place = join(target, tree.sha256, 'unet', 'weights.safetensors')

    const interrupted = new AbortController()
    const first = fetchWeights(weights, {
      ...{ store, folder: target, signal: interrupted.signal },
      onProgress: (_, bytes) => bytes > 15e6 && interrupted.abort(),
    })
    await expect(first).rejects.toThrow()
    expect((await stat(place + INCOMPLETE)).size).toBeGreaterThanOrEqual(16e6)
    // A torn part is not trusted.
    await truncate(place + INCOMPLETE, 16e6 + 5)
    const seen: number[] = []
    await fetchWeights(weights, {
      ...{ store, folder: target, signal: stop.signal },
      onProgress: (_, bytes) => seen.push(bytes),
    })
    expect(await readFile(place)).toEqual(large)
    // The part that was there has not come again.
    expect(Math.min(...seen.filter(bytes => bytes > 1000))).toBeGreaterThan(17e6)
    expect((await hashes.tree(join(target, tree.sha256))).sha256).toBe(tree.sha256)

    const objects = await new Objm(connection.js).open(MODELS)
    const file = weights.files.find(({ name }) => name.endsWith('.safetensors'))!
    await objects.putBlob({ name: `${file.sha256}.1` }, new Uint8Array(16e6))
    const again = farm.folder('again')
    const damaged = fetchWeights(weights, { store, folder: again, signal: stop.signal })
    await expect(damaged).rejects.toMatchObject({ key: 'farmModelWrong' })
    await expect(stat(join(again, tree.sha256, 'unet', 'weights.safetensors'))).rejects.toThrow()
    stop.abort()
    await serving
    await shelf.clear()
    database.close()
    await connection.nc.close()
  })
})
