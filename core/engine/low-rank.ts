/**
 * W + up @ down on ONNX Runtime's matrix kernels, which are some fifty times as fast as a loop of JavaScript; fp16 numbers
 * are widened and rounded there too. Rows are taken a block at a time, so that the float32 copies stay in the processor's
 * cache, and everything is read and written where it lies.
 */
import * as ort from 'onnxruntime-node'
import { encodeModel } from '../graph/onnx.ts'
import type { AddLowRank } from '../weights/low-rank.ts'
import { fromFloat32, toFloat32 } from '../weights/numbers.ts'

/** BF16 has no tensors in JavaScript: it is widened and rounded here, and computed as F32. */
type KernelDtype = 'F32' | 'F16'

/** Numbers of a block: 1 MB as float32. */
const BLOCK = 1 << 18

/** The product packs `down` once a block: too few rows, and that is most of its work. */
const LEAST_ROWS = 32

/** A kernel for ModelLoader. dispose() releases its sessions; the next add() loads them again. */
export function createLowRankKernel(threads = 0): { add: AddLowRank; dispose(): Promise<void> } {
  const sessions = new Map<KernelDtype, Promise<ort.InferenceSession>>()
  const session = (dtype: KernelDtype) => {
    const known = sessions.get(dtype) ?? load(dtype, threads)
    sessions.set(dtype, known)
    return known
  }
  const add: AddLowRank = async (dtype, weights, change, merged) => {
    if (dtype === 'BF16') {
      const sum = new Float32Array(change.rows * change.columns)
      const bytes = (values: Float32Array) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
      await add('F32', bytes(toFloat32(dtype, weights)), change, bytes(sum))
      merged.set(fromFloat32(dtype, sum))
      return
    }
    const { rows, columns, rank } = change
    const [base, out] = [numbersOf(dtype, weights), numbersOf(dtype, merged)]
    const down = new ort.Tensor('float32', change.down, [rank, columns])
    const step = Math.max(LEAST_ROWS, Math.floor(BLOCK / columns))
    for (let row = 0; row < rows; row += step) {
      const end = Math.min(row + step, rows)
      const block = (values: typeof base) =>
        tensorOf(values.subarray(row * columns, end * columns), [end - row, columns])
      const up = new ort.Tensor('float32', change.up.subarray(row * rank, end * rank), [end - row, rank])
      await (await session(dtype)).run({ base: block(base), up, down }, { merged: block(out) })
    }
  }
  return {
    add,
    async dispose() {
      const all = [...sessions.values()]
      sessions.clear()
      for (const each of all) await (await each).release()
    },
  }
}

function numbersOf(dtype: KernelDtype, bytes: Uint8Array): Float32Array | Uint16Array {
  const [Numbers, size] = dtype === 'F32' ? ([Float32Array, 4] as const) : ([Uint16Array, 2] as const)
  return new Numbers(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength / size)
}

/** Node 24's Float16Array, which the package makes of any float16 tensor, is one that its own binding reads as empty. */
function tensorOf(values: Float32Array | Uint16Array, shape: number[]): ort.Tensor {
  if (values instanceof Float32Array) return new ort.Tensor('float32', values, shape)
  return Object.defineProperty(new ort.Tensor('uint16', values, shape), 'type', { value: 'float16' })
}

/** base (rows, columns), up (rows, rank), down (rank, columns) → merged (rows, columns), in base's dtype. */
function load(dtype: KernelDtype, threads: number): Promise<ort.InferenceSession> {
  const info = (name: string, type: KernelDtype, ...shape: string[]) => ({ name, dtype: type, shape })
  const node = (type: string, inputs: string[], output: string, attributes = {}) => ({
    ...{ name: output, type, domain: '', inputs, outputs: [output], attributes },
  })
  const gemm = (base: string, output: string) => node('Gemm', ['up', 'down', base], output)
  const onnx = encodeModel({
    name: 'low-rank',
    nodes:
      dtype === 'F32'
        ? [gemm('base', 'merged')]
        : [node('Cast', ['base'], 'wide', { to: 1 }), gemm('wide', 'sum'), node('Cast', ['sum'], 'merged', { to: 10 })],
    initializers: [],
    inputs: [
      info('base', dtype, 'rows', 'columns'),
      info('up', 'F32', 'rows', 'rank'),
      info('down', 'F32', 'rank', 'columns'),
    ],
    outputs: [info('merged', dtype, 'rows', 'columns')],
  })
  return ort.InferenceSession.create(onnx, {
    executionProviders: ['cpu'],
    intraOpNumThreads: threads,
    logSeverityLevel: 3,
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  })
}
