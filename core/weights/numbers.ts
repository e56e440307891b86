/** Little-endian tensor bytes to numbers and back. */
import { fault } from '../faults/fault.ts'
import { float8Table } from './float8.ts'
import { type Dtype, dtypeBytes } from './safetensors.ts'
import type { WeightDtype } from './types.ts'

/** True for the dtypes that graphs read in place. */
export function isWeightDtype(dtype: Dtype): dtype is WeightDtype {
  return dtype === 'F32' || dtype === 'F16' || dtype === 'BF16'
}

/**
 * The numbers of a tensor as float32. F64 is rounded, integers and BOOL become the nearest float32.
 * @throws StudioError 'bad-weights' for F8_E8M0, which holds scales only
 */
export function toFloat32(dtype: Dtype, bytes: Uint8Array): Float32Array {
  const data = aligned(bytes)
  const count = data.byteLength / dtypeBytes(dtype)
  switch (dtype) {
    case 'F32':
      return new Float32Array(data, 0, count)
    case 'F16':
      return new Float32Array(new Float16Array(data))
    case 'BF16':
      return bfloat16ToFloat32(new Uint16Array(data))
    case 'F64':
      return new Float32Array(new Float64Array(data))
    case 'I64':
      return Float32Array.from(new BigInt64Array(data), Number)
    case 'U64':
      return Float32Array.from(new BigUint64Array(data), Number)
    case 'I32':
      return new Float32Array(new Int32Array(data))
    case 'U32':
      return new Float32Array(new Uint32Array(data))
    case 'I16':
      return new Float32Array(new Int16Array(data))
    case 'U16':
      return new Float32Array(new Uint16Array(data))
    case 'I8':
      return new Float32Array(new Int8Array(data))
    case 'F8_E4M3':
    case 'F8_E5M2': {
      const table = float8Table(dtype)
      return Float32Array.from(bytes, byte => table[byte])
    }
    case 'U8':
    case 'BOOL':
      return new Float32Array(new Uint8Array(data))
    default:
      throw fault('numbersNotRead', { dtype })
  }
}

/** Float32 numbers as the bytes of a weight dtype, rounded to nearest, ties to even. */
export function fromFloat32(dtype: WeightDtype, values: Float32Array): Uint8Array {
  switch (dtype) {
    case 'F32':
      return new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
    case 'F16':
      return new Uint8Array(new Float16Array(values).buffer)
    case 'BF16':
      return new Uint8Array(float32ToBfloat16(values).buffer)
  }
}

/** bfloat16 is the upper half of a float32. */
function bfloat16ToFloat32(halves: Uint16Array): Float32Array {
  const bits = new Uint32Array(halves.length)
  for (let i = 0; i < halves.length; i++) bits[i] = halves[i] << 16
  return new Float32Array(bits.buffer)
}

function float32ToBfloat16(values: Float32Array): Uint16Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length)
  const halves = new Uint16Array(values.length)
  for (let i = 0; i < halves.length; i++) {
    const word = bits[i]
    const notANumber = (word & 0x7fffffff) > 0x7f800000
    // Half a unit of the kept part, one less where that part is even: ties go to even. A NaN must not be rounded to infinity.
    halves[i] = notANumber ? (word >>> 16) | 0x40 : (word + 0x7fff + ((word >>> 16) & 1)) >>> 16
  }
  return halves
}

/** A typed array needs its own alignment, which the bytes of a file span do not promise. */
function aligned(bytes: Uint8Array): ArrayBuffer {
  const whole = bytes.byteOffset === 0 && bytes.byteLength === bytes.buffer.byteLength
  return whole && bytes.buffer instanceof ArrayBuffer ? bytes.buffer : new Uint8Array(bytes).buffer
}
