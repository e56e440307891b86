/**
 * W + up @ down on ONNX Runtime's matrix kernels, which are some fifty times as fast as a loop of JavaScript; the 16-bit
 * numbers are widened and rounded there too. One small session for each shape, released with the kernel.
 */
import * as ort from 'onnxruntime-node'
import { encodeModel } from '../graph/onnx.ts'
import type { AddLowRank, LowRank } from '../weights/low-rank.ts'
import type { WeightDtype } from '../weights/types.ts'

/** BF16 has no tensors in JavaScript: those weights take the plain way. */
type KernelDtype = Exclude<WeightDtype, 'BF16'>

/** A kernel for ModelLoader. dispose() releases its sessions. */
export function createLowRankKernel(threads = 0): { add: AddLowRank; dispose(): Promise<void> } {
  const sessions = new Map<string, Promise<ort.InferenceSession>>()
  const session = (dtype: KernelDtype, change: LowRank) => {
    const key = [dtype, change.rows, change.columns, change.rank].join()
    const known = sessions.get(key) ?? load(dtype, change, threads)
    sessions.set(key, known)
    return known
  }
  return {
    async add(dtype, weights, change) {
      if (dtype === 'BF16') return null
      const { rows, columns, rank, up, down } = change
      const numbers = (bytes: Uint8Array) => bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)
      const whole = weights.byteOffset === 0 && weights.byteLength === weights.buffer.byteLength
      const buffer = (whole ? weights.buffer : numbers(weights)) as ArrayBuffer
      const base =
        dtype === 'F16'
          ? halfTensor(new Uint16Array(buffer), [rows, columns])
          : new ort.Tensor('float32', new Float32Array(buffer), [rows, columns])
      const { merged } = await (await session(dtype, change)).run({
        base,
        up: new ort.Tensor('float32', up, [rows, rank]),
        down: new ort.Tensor('float32', down, [rank, columns]),
      })
      const { buffer: bytes, byteOffset, byteLength } = merged.data as Float32Array
      return new Uint8Array(bytes as ArrayBuffer, byteOffset, byteLength)
    },
    async dispose() {
      const all = [...sessions.values()]
      sessions.clear()
      for (const each of all) await (await each).release()
    },
  }
}

/** Node 24's Float16Array, which the package makes of any float16 tensor, is one that its own binding reads as empty. */
function halfTensor(bits: Uint16Array, shape: number[]): ort.Tensor {
  return Object.defineProperty(new ort.Tensor('uint16', bits, shape), 'type', { value: 'float16' })
}

/** base (rows, columns), up (rows, rank), down (rank, columns) → merged (rows, columns), in base's dtype. */
function load(dtype: KernelDtype, { rows, columns, rank }: LowRank, threads: number): Promise<ort.InferenceSession> {
  const info = (name: string, type: KernelDtype, ...shape: number[]) => ({ name, dtype: type, shape })
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
    inputs: [info('base', dtype, rows, columns), info('up', 'F32', rows, rank), info('down', 'F32', rank, columns)],
    outputs: [info('merged', dtype, rows, columns)],
  })
  return ort.InferenceSession.create(onnx, {
    executionProviders: ['cpu'],
    intraOpNumThreads: threads,
    logSeverityLevel: 3,
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  })
}
