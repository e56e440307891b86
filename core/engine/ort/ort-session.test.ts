import { setImmediate as turn } from 'node:timers/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import { libraryPath, OrtError, openApi } from './api.ts'
import { NativeObject } from './native-object.ts'
import { OrtRuntime } from './ort-session.ts'
import { arrays, measureLeak, SHIFTS_OPTIONS as OPTIONS, shifts } from './testing-shifts.ts'

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

  it('binds a constant input once, and every other one for each run', async () => {
    const api = openApi(libraryPath()!)
    const bound: string[] = []
    const counted: OrtRuntime['api'] = {
      ...api,
      check(name, ...args) {
        if (name === 'BindInput') bound.push(args[1] as string)
        api.check(name, ...args)
      },
    }
    const counting = new OrtRuntime(counted)
    const before = NativeObject.live
    const session = await counting.load(shifts(64, 3), { ...OPTIONS, resident: true })
    const { x, y } = arrays(64)
    const constant = { ...x, constant: true }
    for (let run = 0; run < 3; run++) {
      const out = { ...y, data: new Float32Array(64 * 64) }
      await session.run([constant], [out])
      expect(out.data.indexOf(1)).toBe(3)
    }
    expect(bound).toHaveLength(1)
    // Another array is another input, and so is one that may have been written into.
    const moved = Float32Array.from(x.data as Float32Array)
    moved.copyWithin(1, 0)
    moved[0] = 0
    await session.run([{ ...constant, data: moved }], [y])
    expect(y.data.indexOf(1 as never)).toBe(4)
    for (let run = 0; run < 2; run++) await session.run([x], [y])
    expect(y.data.indexOf(1 as never)).toBe(3)
    await session.run([constant], [y])
    expect(bound).toHaveLength(5)
    await session.release()
    expect(NativeObject.live).toBe(before)
  })

  it('keeps what is resident through a run that was stopped, and through two at a time', async () => {
    const before = NativeObject.live
    const session = await runtime.load(shifts(512, 200), { ...OPTIONS, resident: true })
    const { x, y } = arrays(512)
    const constant = { ...x, constant: true }
    await session.run([constant], [y])
    const controller = new AbortController()
    const stopped = session.run([constant], [y], controller.signal)
    await turn()
    controller.abort()
    await expect(stopped).rejects.toThrow(OrtError)
    const outs = [0, 1].map(() => ({ ...y, data: new Float32Array(512 * 512) }))
    await Promise.all(outs.map(out => session.run([constant], [out])))
    expect(outs.map(({ data }) => data.indexOf(1))).toEqual([200, 200])
    await session.release()
    expect(NativeObject.live).toBe(before)
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
    // The full count is a command: npm run bench:leak.
    const { bytes, objects } = await measureLeak(runtime, 300, 10)
    expect(objects).toBe(0)
    // 300 sessions that stayed would be 30 MB at the least; what the allocator keeps varies by a few.
    expect(bytes).toBeLessThan(15e6)
  })

  it('what fails is given back too, and nothing is used after its release', async () => {
    const before = NativeObject.live
    await expect(runtime.load(new Uint8Array([1]), OPTIONS)).rejects.toThrow(OrtError)
    const session = await runtime.load(shifts(8, 2), OPTIONS)
    const { x, y } = arrays(8)
    await expect(session.run([{ ...x, shape: [4, 16] }], [y])).rejects.toThrow(OrtError)
    expect(NativeObject.live).toBe(before + 1)
    await session.release()
    expect(NativeObject.live).toBe(before)
    await expect(session.release()).rejects.toThrow('released')
    const object = NativeObject.make(runtime.api, 'CreateRunOptions')
    object[Symbol.dispose]()
    object[Symbol.dispose]()
    expect(() => object.pointer).toThrow('CreateRunOptions')
    expect(NativeObject.live).toBe(before)
  })

  it('reaches the options of CUDA: a wrong one is refused by name, and without a card loading says so', async () => {
    const before = NativeObject.live
    const load = (cuda: Record<string, string>) => runtime.load(shifts(8, 2), { ...OPTIONS, cuda })
    // Where no CUDA library is installed, even making the options is refused.
    await expect(load({ no_such_option: '1' })).rejects.toThrow(OrtError)
    await load({ prefer_nhwc: '1', use_tf32: '0' }).then(
      session => session.release(),
      error => expect(error).toBeInstanceOf(OrtError),
    )
    expect(NativeObject.live).toBe(before)
  })
})
