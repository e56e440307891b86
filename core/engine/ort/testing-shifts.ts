/** A graph whose result is known without arithmetic, of any size and length. Tests and the leak bench. */
import { encodeModel } from '../../graph/onnx.ts'
import type { Bound } from './io-binding.ts'
import { NativeObject } from './native-object.ts'
import type { OrtRuntime, OrtSessionOptions } from './ort-session.ts'

export const SHIFTS_OPTIONS: OrtSessionOptions = { threads: 1, optimization: 99, config: {}, runConfig: {} }

/** y = x · w · w · …, with w moving every column by one: (side, side). */
export function shifts(side: number, times: number): Uint8Array {
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
export function arrays(side: number): { x: Bound; y: Bound } {
  const data = new Float32Array(side * side)
  data[0] = 1
  const shape = [side, side]
  return {
    x: { name: 'x', dtype: 'F32', shape, data },
    y: { name: 'y', dtype: 'F32', shape, data: new Float32Array(side * side) },
  }
}

export interface Leak {
  /** Growth of the resident memory, bytes, after a warm-up of a tenth. */
  bytes: number
  /** Native objects more than before. */
  objects: number
}

/** Loads a small graph `loads` times and runs it `runs` times each; every result is checked. */
export async function measureLeak(runtime: OrtRuntime, loads: number, runs: number): Promise<Leak> {
  const model = shifts(64, 4)
  const { x, y } = arrays(64)
  const objects = NativeObject.live
  const round = async (times: number) => {
    for (let i = 0; i < times; i++) {
      const session = await runtime.load(model, SHIFTS_OPTIONS)
      for (let j = 0; j < runs; j++) {
        y.data.fill(0 as never)
        await session.run([x], [y])
        if (y.data[4] !== 1) throw new Error(`load ${i}, run ${j}: a wrong result`)
      }
      await session.release()
    }
  }
  await round(Math.ceil(loads / 10))
  const before = process.memoryUsage().rss
  await round(loads)
  return { bytes: process.memoryUsage().rss - before, objects: NativeObject.live - objects }
}
