/** The messages of ONNX that a graph needs, written by hand. Source: onnx/onnx.proto, IR version 10. */
import type { TensorData } from '../weights/types.ts'
import { ProtoWriter } from './protobuf.ts'

/** TensorProto.DataType. */
export const DATA_TYPES = { F32: 1, I64: 7, BOOL: 9, F16: 10, F64: 11, BF16: 16 } as const
export type DataType = keyof typeof DATA_TYPES

export type Attribute = number | string | readonly number[] | { float: number }

export interface OnnxNode {
  readonly name: string
  readonly type: string
  readonly domain: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes: Readonly<Record<string, Attribute>>
}

export interface OnnxTensor {
  readonly name: string
  readonly dtype: DataType
  readonly shape: readonly number[]
  /** A file's span is referenced in place, its path relative to the root of the file system; memory is copied in. */
  readonly data: TensorData
}

export interface OnnxValueInfo<Dimension extends number | string = number> {
  readonly name: string
  readonly dtype: DataType
  readonly shape: readonly Dimension[]
}

export interface OnnxGraph {
  readonly name: string
  readonly nodes: readonly OnnxNode[]
  readonly initializers: readonly OnnxTensor[]
  /** A dimension that is a name may differ from run to run: for graphs of a few nodes, where that costs nothing. */
  readonly inputs: readonly OnnxValueInfo<number | string>[]
  readonly outputs: readonly OnnxValueInfo<number | string>[]
}

// Opset 21 and IR 10 are what ONNX Runtime 1.30 takes with every operator we use; newer ones (27) it refuses.
const IR_VERSION = 10
const OPSET = 21
const ATTRIBUTE = { FLOAT: 1, INT: 2, STRING: 3, INTS: 7 } as const
const EXTERNAL = 1

/** Serialises a graph to a ModelProto. */
export function encodeModel(graph: OnnxGraph): Uint8Array {
  return new ProtoWriter()
    .int(1, IR_VERSION)
    .string(2, 'zihua-studio')
    .message(7, writer => writeGraph(writer, graph))
    .message(8, opset => opset.string(1, '').int(2, OPSET))
    .message(8, opset => opset.string(1, 'com.microsoft').int(2, 1))
    .finish()
}

function writeGraph(writer: ProtoWriter, graph: OnnxGraph): void {
  for (const node of graph.nodes) writer.message(1, inner => writeNode(inner, node))
  writer.string(2, graph.name)
  for (const tensor of graph.initializers) writer.message(5, inner => writeTensor(inner, tensor))
  for (const input of graph.inputs) writer.message(11, inner => writeValueInfo(inner, input))
  for (const output of graph.outputs) writer.message(12, inner => writeValueInfo(inner, output))
}

function writeNode(writer: ProtoWriter, node: OnnxNode): void {
  for (const input of node.inputs) writer.string(1, input)
  for (const output of node.outputs) writer.string(2, output)
  writer.string(3, node.name).string(4, node.type)
  for (const [name, value] of Object.entries(node.attributes)) {
    writer.message(5, attribute => {
      attribute.string(1, name)
      if (typeof value === 'number') attribute.int(3, value).int(20, ATTRIBUTE.INT)
      else if (typeof value === 'string') attribute.string(4, value).int(20, ATTRIBUTE.STRING)
      else if ('float' in value) attribute.float(2, value.float).int(20, ATTRIBUTE.FLOAT)
      else {
        for (const item of value) attribute.int(8, item)
        attribute.int(20, ATTRIBUTE.INTS)
      }
    })
  }
  writer.string(7, node.domain)
}

function writeTensor(writer: ProtoWriter, { name, dtype, shape, data }: OnnxTensor): void {
  for (const dim of shape) writer.int(1, dim)
  writer.int(2, DATA_TYPES[dtype]).string(8, name)
  if (data instanceof Uint8Array) {
    writer.bytes(9, data)
    return
  }
  const entry = (key: string, value: string) => writer.message(13, inner => inner.string(1, key).string(2, value))
  entry('location', belowRoot(data.file))
  entry('offset', String(data.offset))
  entry('length', String(data.length))
  writer.int(14, EXTERNAL)
}

/** "/models/unet.safetensors" → "models/unet.safetensors", "C:\\m\\u" → "m/u": sessions resolve it from the root. */
function belowRoot(file: string): string {
  return file
    .replace(/^[A-Za-z]:/, '')
    .replaceAll('\\', '/')
    .replace(/^\/+/, '')
}

function writeValueInfo(writer: ProtoWriter, { name, dtype, shape }: OnnxValueInfo<number | string>): void {
  writer.string(1, name).message(2, type =>
    type.message(1, tensor =>
      tensor.int(1, DATA_TYPES[dtype]).message(2, dims => {
        for (const dim of shape)
          dims.message(1, inner => (typeof dim === 'number' ? inner.int(1, dim) : inner.string(2, dim)))
      }),
    ),
  )
}
