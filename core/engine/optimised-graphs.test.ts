import { copyFile, cp, mkdtemp, readdir, readFile, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Graph } from '../graph/builder.ts'
import { OP_PROFILES } from '../graph/op-profiles.ts'
import { randomModel, TINY_SIZE } from '../graph/random-model.ts'
import { buildUNet } from '../graph/unet.ts'
import { createNoise } from '../sampler/noise.ts'
import { ownFixtures } from '../testing/fixtures.ts'
import { openNetwork } from '../weights/folder.ts'
import { toComponent } from '../weights/network.ts'
import { OptimisedGraphs, optimisedGraphs } from './optimised-graphs.ts'
import { libraryPath } from './ort/api.ts'
import { Session } from './session.ts'
import { floats } from './tensor.ts'

let root: string
let folder: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'zihua-optimised-'))
  folder = join(root, 'graphs')
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await rm(root, { recursive: true, force: true })
})

const size = { batch: 2, height: 16, width: 16, tokens: 77, guided: true }
const published = join(ownFixtures, 'sdxl/pipeline')

/** The step of a UNet whose 16-bit weights lie in a file. */
async function fromFile(path = published, ops = OP_PROFILES.cpu): Promise<Graph> {
  const unet = toComponent(await openNetwork('unet', join(path, 'unet'), { variant: null }))
  return buildUNet(unet, ops, size, false).step
}
/** The same of a random one, whose weights are in the graph. */
const inMemory = () => buildUNet(randomModel(TINY_SIZE).unet, OP_PROFILES.cpu, size, false).step

/** What a fresh session of the graph makes of inputs that are always the same. `where`: ZIHUA_GRAPHS. */
async function result(graph: Graph, where = folder): Promise<Float32Array> {
  vi.stubEnv('ZIHUA_GRAPHS', where)
  const session = await Session.load(graph, { provider: 'cpu', threads: 1 })
  const noise = createNoise(5, 0)
  const inputs = graph.inputs.map(({ name, dtype, shape }) => {
    const length = shape.reduce((a, b) => a * b)
    const data = dtype === 'F64' ? Float64Array.of(5) : noise.next(length)
    return [name, { ...floats(new Float32Array(), ...shape), data }] as const
  })
  const { noise_pred } = await session.run(Object.fromEntries(inputs))
  await session.release()
  await optimisedGraphs()?.written()
  return noise_pred.data as Float32Array
}

/** Names of whole entries, and how many are left over that are not. */
async function entries(): Promise<{ whole: string[]; others: number }> {
  const names = await readdir(folder)
  const whole = names.filter(name => /^[0-9a-f]{40}$/.test(name))
  return { whole, others: names.length - whole.length }
}

/** Was the entry read by what `body` does? */
async function used(body: () => Promise<unknown>): Promise<boolean> {
  const entry = join(folder, (await entries()).whole[0], 'entry.json')
  await utimes(entry, 1, 1)
  await body()
  return (await stat(entry)).mtimeMs > 1000
}

describe.skipIf(libraryPath() === null)('optimised graphs (need the C API)', () => {
  it.each([
    ['weights in a file', fromFile],
    ['weights in the graph', inMemory],
  ])('%s: the same numbers to the bit without, while it is kept, and from what was kept', async (_, build) => {
    const plain = await result(await build(), '')
    expect(await result(await build())).toEqual(plain)
    expect(await entries()).toEqual({ whole: [expect.any(String)], others: 0 })
    let kept: unknown
    expect(
      await used(async () => {
        kept = await result(await build())
      }),
    ).toBe(true)
    expect(kept).toEqual(plain)
    expect(await entries()).toEqual({ whole: [expect.any(String)], others: 0 })
  })

  it.each<[string, (entry: string) => Promise<void>]>([
    ['weights cut short', entry => truncate(join(entry, 'weights.bin'), 100)],
    ['a number changed', entry => flip(join(entry, 'weights.bin'))],
    ['the graph changed', entry => flip(join(entry, 'graph.onnx'))],
    ['no graph', entry => rm(join(entry, 'graph.onnx'))],
    ['nonsense beside it', entry => writeFile(join(entry, 'entry.json'), '{"graph.onnx":7')],
    ['nothing beside it', entry => rm(join(entry, 'entry.json'))],
  ])('%s: as if it was not there, and written again', async (_, damage) => {
    const graph = await fromFile()
    const plain = await result(graph)
    const [name] = (await entries()).whole
    await damage(join(folder, name))
    expect(await result(graph)).toEqual(plain)
    expect(await entries()).toEqual({ whole: [name], others: 0 })
    expect(await used(() => result(graph))).toBe(true)
  })

  it('whole files that ONNX Runtime refuses are removed too', async () => {
    const graph = await fromFile()
    const plain = await result(graph)
    const [name] = (await entries()).whole
    const forged = new OptimisedGraphs(folder)
    await forged.remove(name)
    const pending = await forged.begin(name)
    await writeFile(pending!.model, 'not a graph')
    await pending!.finish()
    expect(await result(graph)).toEqual(plain)
    expect(await used(() => result(graph))).toBe(true)
  })

  it('other weights under the same name are another entry', async () => {
    const unet = join(root, 'unet')
    await cp(join(published, 'unet'), unet, { recursive: true })
    const before = await result(await fromFile(root))
    const file = (await readdir(unet)).find(name => name.endsWith('.safetensors'))!
    const bytes = await readFile(join(unet, file))
    // The low byte of some of the last tensor's numbers: finite, and others.
    for (let i = bytes.length - 200; i < bytes.length; i += 2) bytes[i] ^= 0x3c
    await writeFile(join(unet, file), bytes)
    const after = await result(await fromFile(root))
    expect(after).toEqual(await result(await fromFile(root), ''))
    expect(after).not.toEqual(before)
  })

  it('two processes at once leave one entry', async () => {
    const graph = inMemory()
    await result(graph)
    const [name] = (await entries()).whole
    const [a, b] = [new OptimisedGraphs(folder), new OptimisedGraphs(folder)]
    const pending = await Promise.all([a, b].map(graphs => graphs.begin('f'.repeat(40))))
    for (const each of pending) await copyFile(join(folder, name, 'graph.onnx'), each!.model)
    await Promise.all(pending.map(each => each!.finish()))
    expect(await entries()).toEqual({ whole: expect.arrayContaining([name, 'f'.repeat(40)]), others: 0 })
    expect(await a.find('f'.repeat(40))).not.toBeNull()
  })

  it('what was used longest ago goes, and what was left half-written for an hour', async () => {
    const graphs = new OptimisedGraphs(folder, { mostBytes: 2500 })
    for (const [i, key] of ['a', 'b', 'c'].entries()) {
      const pending = await graphs.begin(key.repeat(40))
      await writeFile(pending!.model, Buffer.alloc(1000, i))
      if (key === 'c') {
        const left = await graphs.begin('d'.repeat(40))
        const unfinished = join(left!.model, '..')
        await utimes(unfinished, 1, 1)
        expect(await graphs.find('a'.repeat(40))).not.toBeNull()
      }
      await pending!.finish()
      // Used at different times, whatever the file system's clock can tell apart.
      if (key !== 'c') await utimes(join(folder, key.repeat(40), 'entry.json'), i + 1, i + 1)
    }
    expect(await entries()).toEqual({ whole: ['a'.repeat(40), 'c'.repeat(40)], others: 0 })
  })

  it('a folder that cannot be written, mapped weights and scratch files: loaded as ever, nothing is kept', async () => {
    const graph = await fromFile()
    const plain = await result(graph, '')
    await writeFile(folder, 'a file')
    expect(await result(graph)).toEqual(plain)
    const graphs = new OptimisedGraphs(join(root, 'others'))
    expect(await graphs.keyOf(await fromFile(published, { ...OP_PROFILES.cpu, weights: 'mapped' }), [])).toBeNull()
    expect(await graphs.keyOf({ ...graph, files: [join(root, 'zihua-merged-1-x/unet.safetensors')] }, [])).toBeNull()
    expect(await graphs.keyOf({ ...graph, weightBytes: 1e9 }, [])).toBeNull()
    expect(await graphs.keyOf(graph, [1])).not.toBe(await graphs.keyOf(graph, [2]))
  })

  it('a graph that cannot be loaded is said to be so as without', async () => {
    const graph = await fromFile()
    const wrong = { ...graph, onnx: graph.onnx.slice(0, 5000) }
    await expect(result(wrong, '')).rejects.toMatchObject({ code: 'bad-weights' })
    await expect(result(wrong)).rejects.toMatchObject({ code: 'bad-weights' })
    expect(await entries()).toEqual({ whole: [], others: 0 })
  })
})

it('lie beside the compiled scripts, or nowhere', () => {
  vi.stubEnv('ZIHUA_GRAPHS', undefined)
  vi.stubEnv('NODE_COMPILE_CACHE', undefined)
  expect(optimisedGraphs()).toBeNull()
  vi.stubEnv('NODE_COMPILE_CACHE', join(root, 'cache', 'compiled'))
  expect(optimisedGraphs()).not.toBeNull()
  vi.stubEnv('ZIHUA_GRAPHS', '')
  expect(optimisedGraphs()).toBeNull()
})

async function flip(file: string): Promise<void> {
  const bytes = await readFile(file)
  bytes[bytes.length - 3] ^= 1
  await writeFile(file, bytes)
}
