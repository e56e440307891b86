import { setImmediate as turn } from 'node:timers/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import { encodeModel } from '../../graph/onnx.ts'
import { libraryPath, OrtError, openApi } from './api.ts'
import { type Bound, OrtRuntime, type OrtSessionOptions } from './ort-session.ts'

const OPTIONS: OrtSessionOptions = { threads: 1, optimization: 99, config: {}, runConfig: {} }

/** y = x · w · w · …, with w moving every column by one: (side, side). */
function shifts(side: number, times: number): Uint8Array {
  const w = new Float32Array(side * side)
  for (let i = 0; i < side; i++) w[i * side + ((i + 1) % side)] = 1
  const shape = [side, side]
  return encodeModel({
    name: 'shifts',
    nodes: Array.from({ length: times }, (_, i) => ({
      name: `shift${i}`,
      type: 'MatMul',
      domain: '',
      inputs: [i === 0 ? 'x' : `x${i}`, 'w'],
      outputs: [i === times - 1 ? 'y' : `x${i + 1}`],
      attributes: {},
    })),
    initializers: [{ name: 'w', dtype: 'F32', shape, data: new Uint8Array(w.buffer) }],
    inputs: [{ name: 'x', dtype: 'F32', shape }],
    outputs: [{ name: 'y', dtype: 'F32', shape }],
  })
}

/** x with a one in column 0 of row 0, and room for y. */
function arrays(side: number): { x: Bound; y: Bound } {
  const data = new Float32Array(side * side)
  data[0] = 1
  const shape = [side, side]
  return {
    x: { name: 'x', dtype: 'F32', shape, data },
    y: { name: 'y', dtype: 'F32', shape, data: new Float32Array(side * side) },
  }
}

describe.skipIf(libraryPath() === null)('ONNX Runtime through its C API', () => {
  let runtime: OrtRuntime
  beforeAll(() => {
    runtime = new OrtRuntime(openApi(libraryPath()!))
  })

  it('knows its version and providers', () => {
    expect(runtime.api.version).toMatch(/^1\.\d+\.\d+$/)
    expect(runtime.providers()).toContain('CPUExecutionProvider')
  })

  it('computes into the arrays that it is given, while the event loop goes on', async () => {
    const session = await runtime.load(shifts(256, 100), OPTIONS)
    const { x, y } = arrays(256)
    let turns = 0
    let done = false
    const run = session.run([x], [y]).finally(() => {
      done = true
    })
    while (!done) {
      await turn()
      turns++
    }
    await run
    expect(turns).toBeGreaterThan(10)
    expect(y.data.indexOf(1 as never)).toBe(100)
    expect(session.statistics()['MaxInUse']).toBeGreaterThan(256 * 256 * 4)
    await session.release()
  })

  it('stops in the middle of a run, and runs on afterwards', async () => {
    const session = await runtime.load(shifts(512, 400), OPTIONS)
    const { x, y } = arrays(512)
    const controller = new AbortController()
    const run = session.run([x], [y], controller.signal)
    await turn()
    controller.abort()
    await expect(run).rejects.toThrow(OrtError)
    expect(y.data.every(value => value === 0)).toBe(true)
    await session.run([x], [y])
    expect(y.data.indexOf(1 as never)).toBe(400)
    await expect(session.run([x], [y], AbortSignal.abort())).rejects.toThrow(/terminate/)
    await session.release()
  })

  it('what ONNX Runtime refuses is an error in its words', async () => {
    await expect(runtime.load(new Uint8Array([1, 2, 3]), OPTIONS)).rejects.toThrow(/ModelProto|protobuf/i)
    const session = await runtime.load(shifts(8, 2), OPTIONS)
    const { x, y } = arrays(8)
    await expect(session.run([{ ...x, name: 'z' }], [y])).rejects.toThrow(OrtError)
    await expect(session.run([{ ...x, shape: [4, 16] }], [y])).rejects.toThrow(/dimension/i)
    await session.release()
    await expect(session.run([x], [y])).rejects.toThrow('released')
  })

  it('a release waits for the run that is under way', async () => {
    const session = await runtime.load(shifts(256, 100), OPTIONS)
    const { x, y } = arrays(256)
    const run = session.run([x], [y])
    await session.release()
    await run
    expect(y.data.indexOf(1 as never)).toBe(100)
  })

  it('loads and runs leave nothing behind', async () => {
    const model = shifts(64, 4)
    const { x, y } = arrays(64)
    const round = async (loads: number, runs: number) => {
      for (let i = 0; i < loads; i++) {
        const session = await runtime.load(model, OPTIONS)
        for (let j = 0; j < runs; j++) await session.run([x], [y])
        await session.release()
      }
    }
    await round(50, 10)
    const before = process.memoryUsage().rss
    await round(300, 10)
    // 300 sessions that stayed would be 30 MB at the least; what the allocator keeps varies by a few.
    expect(process.memoryUsage().rss - before).toBeLessThan(15e6)
  })
})
