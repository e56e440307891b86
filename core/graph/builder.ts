import type { Tensor, Weights } from '../weights/types.ts'
import { peakActivationBytes } from './activation-memory.ts'
import {
  type Attribute,
  DATA_TYPES,
  type DataType,
  encodeModel,
  type OnnxNode,
  type OnnxTensor,
  type OnnxValueInfo,
} from './onnx.ts'
import type { OpProfile } from './op-profiles.ts'

/** A value that flows between nodes. Shapes are static: one graph a picture size (symbolic ones load ten times slower: ARCHITECTURE.md). */
export interface Value {
  readonly name: string
  readonly dtype: DataType
  readonly shape: readonly number[]
  /** How a feature map lies in memory, where it is not (batch, channels, height, width): layout.ts. */
  readonly layout?: 'channels-last'
}

/** A finished graph: ONNX bytes, and what goes in and out. */
export interface Graph {
  readonly name: string
  readonly onnx: Uint8Array
  readonly inputs: readonly OnnxValueInfo[]
  readonly outputs: readonly OnnxValueInfo[]
  readonly nodes: number
  /** Memory that the weights take once loaded, bytes: their numbers in the compute dtype, without those that stay in their file. */
  readonly weightBytes: number
  /** Of the files that weights are read from, the part that this graph maps into memory, bytes: the system may take it back. */
  readonly fileBytes: number
  /** The files that weights are read from, absolute. */
  readonly files: readonly string[]
  /** Memory that the values between the layers take while it runs, bytes (activation-memory.ts). */
  readonly activationBytes: number
  /** The weights stay in their files: the session must not make copies of its own of them. */
  readonly mapped: boolean
}

const BYTES: Readonly<Record<DataType, number>> = { F32: 4, I64: 8, BOOL: 1, F16: 2, F64: 8, BF16: 2 }

const count = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1)

/**
 * From this many numbers on, a 16-bit weight of a "mapped" graph stays in its file. Norms, biases and other small ones are
 * cast once at load: all of a network's together are a few megabytes.
 */
const MAPPED_FROM = 16_384

const filesOf = (tensors: Iterable<OnnxTensor>): string[] => [
  ...new Set([...tensors].flatMap(({ data }) => (data instanceof Uint8Array ? [] : [data.file]))),
]

/** What all parts of one graph write into. */
class Sheet {
  readonly nodes: OnnxNode[] = []
  readonly initializers = new Map<string, OnnxTensor>()
  /** Weights as they are computed with, by initializer and dimensions. */
  readonly ready = new Map<string, Value>()
  readonly inputs: OnnxValueInfo[] = []
  readonly outputs: OnnxValueInfo[] = []
  /** Bytes of each computed value; not of what is cast once at load. */
  readonly valueBytes = new Map<string, number>()
  weightBytes = 0
  fileBytes = 0
  /** The value computed last: a mapped weight waits for it. */
  latest: Value | null = null
  readonly #names = new Map<string, number>()

  unique(name: string): string {
    const seen = this.#names.get(name) ?? 0
    this.#names.set(name, seen + 1)
    return seen ? `${name}_${seen}` : name
  }
}

/**
 * Collects nodes under path-like names: inside scope('down_blocks.0', …) scope('resnets.0', …) a convolution is called
 * "/unet/down_blocks.0/resnets.0/conv1/Conv" and its output ".../Conv/output_0". Weights keep their diffusers names.
 */
export class GraphBuilder {
  readonly name: string
  readonly ops: OpProfile
  /** Before the names of a part's inputs and weights, which another part may have too; empty for a graph of one network. */
  readonly prefix: string
  readonly #root: string
  readonly weights: Weights
  readonly #sheet: Sheet
  readonly #path: string[] = []

  constructor(
    name: string,
    weights: Weights,
    ops: OpProfile,
    part: { sheet: Sheet; root: string; prefix: string } = { sheet: new Sheet(), root: `/${name}`, prefix: '' },
  ) {
    this.name = name
    this.ops = ops
    this.prefix = part.prefix
    this.#root = part.root
    this.weights = weights
    this.#sheet = part.sheet
  }

  /** A builder for another network in the same graph: its nodes, inputs and weights are named below `name`. */
  part(name: string, weights: Weights): GraphBuilder {
    const part = { sheet: this.#sheet, root: `${this.#root}/${name}`, prefix: `${this.prefix}${name}/` }
    return new GraphBuilder(this.name, weights, this.ops, part)
  }

  /** The open scope below the graph's own name: "down_blocks.1.attentions.0". */
  get path(): string {
    return this.#path.join('.')
  }

  /** Runs body with names, of nodes and of weights, below the given path: "resnets.0". */
  scope<T>(path: string, body: () => T): T {
    this.#path.push(path)
    try {
      return body()
    } finally {
      this.#path.pop()
    }
  }

  input(name: string, shape: readonly number[], dtype: DataType = 'F32'): Value {
    const value = this.edgeInput(name, shape, dtype)
    // Graphs speak float32 at their edges whatever they compute in, so that callers never see 16-bit numbers.
    return dtype === 'F32' ? this.cast(value, this.ops.compute) : value
  }

  /** An input in its own dtype: for what is computed in more bits than the rest. */
  edgeInput(name: string, shape: readonly number[], dtype: DataType = 'F32'): Value {
    const value: Value = { name: `${this.prefix}${name}`, dtype, shape }
    this.#sheet.inputs.push(value)
    this.#sheet.latest ??= value
    return value
  }

  output(name: string, value: Value): void {
    if (value.layout) throw new Error(`${name} leaves the graph channels last`)
    const edge = value.dtype === 'F16' || value.dtype === 'F64' ? this.cast(value, 'F32') : value
    this.#sheet.nodes.push({
      name: `${this.#root}/${name}/Identity`,
      type: 'Identity',
      domain: '',
      inputs: [edge.name],
      outputs: [name],
      attributes: {},
    })
    this.#sheet.outputs.push({ name, dtype: edge.dtype, shape: edge.shape })
  }

  /** One node with one output of the given shape, in the dtype of its first input unless told. */
  node(
    type: string,
    inputs: readonly (Value | null)[],
    shape: readonly number[],
    attributes: Record<string, Attribute> = {},
    { domain = '', dtype = inputs[0]!.dtype }: { domain?: string; dtype?: DataType } = {},
  ): Value {
    const name = this.#sheet.unique([this.#root, ...this.#path, type].join('/'))
    const output = `${name}/output_0`
    // An optional input left out is an empty name.
    this.#sheet.nodes.push({
      name,
      type,
      domain,
      inputs: inputs.map(input => input?.name ?? ''),
      outputs: [output],
      attributes,
    })
    this.#sheet.valueBytes.set(output, count(shape) * BYTES[dtype])
    this.#sheet.latest = { name: output, dtype, shape }
    return this.#sheet.latest
  }

  has(parameter: string): boolean {
    return this.weights.has(this.#parameter(parameter))
  }

  /** A parameter of the current scope in the compute dtype. `view` gives it other dimensions over the same numbers. */
  weight(parameter: string, shape: readonly number[], view: readonly number[] = shape): Value {
    return this.parameter(this.weights.take(this.#parameter(parameter), shape), view)
  }

  /** A parameter of which a few rows are read: as published, in its own dtype, where the device can (OpProfile.tables). */
  table(parameter: string, shape: readonly number[]): Value {
    if (this.ops.tables === 'cast') return this.weight(parameter, shape)
    return this.#initializer(this.weights.take(this.#parameter(parameter), shape), shape)
  }

  /** Any tensor as an initializer, cast to the compute dtype. */
  parameter(tensor: Tensor, view: readonly number[] = tensor.shape): Value {
    const sheet = this.#sheet
    const key = `${this.prefix}${tensor.name}:${view.join()}`
    const known = sheet.ready.get(key)
    if (known) return known
    const stored = this.#initializer(tensor, view)
    const before = sheet.latest
    const mapped = this.ops.weights === 'mapped'
    const waits = mapped && stored.dtype !== this.ops.compute && count(view) >= MAPPED_FROM
    const value = this.cast(waits ? this.#after(before!, stored) : stored, this.ops.compute)
    const inFile = waits || (mapped && value === stored && !(tensor.data instanceof Uint8Array))
    if (!(tensor.data instanceof Uint8Array)) sheet.fileBytes += count(view) * BYTES[stored.dtype]
    if (!inFile) sheet.weightBytes += count(view) * BYTES[value.dtype]
    if (!waits) sheet.valueBytes.delete(value.name)
    sheet.latest = before
    sheet.ready.set(key, value)
    return value
  }

  #initializer(tensor: Tensor, view: readonly number[]): Value {
    const { dtype, data } = tensor
    const published = `${this.prefix}${tensor.name}`
    const name = this.#sheet.initializers.has(published) ? this.#sheet.unique(`${published}/view`) : published
    this.#sheet.initializers.set(name, { name, dtype, shape: view, data })
    return { name, dtype, shape: view }
  }

  /**
   * The weight, but not before `value` is computed: a Reshape to its own shape plus a zero that is read from `value` (the
   * index of the largest of one number). ONNX Runtime cannot fold that, so the 16-bit numbers stay in the mapped file; and
   * because it runs casts as early as it can, a weight that waited for nothing would be cast with all others before the
   * first layer, and all 32-bit copies would be in memory at once.
   */
  #after(value: Value, weight: Value): Value {
    const flat = this.node('Reshape', [value, this.ints([-1])], [count(value.shape)])
    const first = this.node('Slice', [flat, this.ints([0]), this.ints([1])], [1])
    const zero = this.node('ArgMax', [first], [1], { axis: 0, keepdims: 1 }, { dtype: 'I64' })
    const shape = this.node('Add', [this.ints(weight.shape), zero], [weight.shape.length])
    return this.node('Reshape', [weight, shape], weight.shape)
  }

  cast(value: Value, dtype: DataType): Value {
    if (value.dtype === dtype) return value
    return this.node('Cast', [value], value.shape, { to: DATA_TYPES[dtype] }, { dtype })
  }

  /** An int64 constant, shared by content. */
  ints(values: readonly number[]): Value {
    const name = `ints(${values.join()})`
    const { initializers } = this.#sheet
    if (!initializers.has(name)) {
      const data = new Uint8Array(BigInt64Array.from(values, BigInt).buffer)
      initializers.set(name, { name, dtype: 'I64', shape: [values.length], data })
    }
    return { name, dtype: 'I64', shape: [values.length] }
  }

  /** A float constant in the compute dtype, shared by content. An empty shape is a scalar. */
  floats(values: readonly number[], shape: readonly number[] = [values.length]): Value {
    const name = `floats(${values.length > 16 ? `${values[0]}×${values.length}` : values.join()})[${shape.join()}]`
    if (values.length > 16 && values.some(value => value !== values[0])) throw new Error('only uniform long constants')
    const dtype = this.ops.compute
    const { initializers } = this.#sheet
    if (!initializers.has(name)) {
      const data = dtype === 'F16' ? new Float16Array(values) : new Float32Array(values)
      initializers.set(name, { name, dtype, shape, data: new Uint8Array(data.buffer) })
    }
    return { name, dtype, shape }
  }

  /** Serialises. That every weight was there and used is for the caller to check, once all graphs over them are built. */
  finish(): Graph {
    const { nodes, initializers, inputs, outputs, valueBytes, weightBytes, fileBytes } = this.#sheet
    const onnx = encodeModel({ name: this.name, nodes, initializers: [...initializers.values()], inputs, outputs })
    const kept = outputs.map(({ name }) => name)
    return {
      name: this.name,
      onnx,
      inputs,
      outputs,
      nodes: nodes.length,
      weightBytes,
      fileBytes,
      files: filesOf(initializers.values()),
      activationBytes: peakActivationBytes(nodes, valueBytes, kept),
      mapped: this.ops.weights === 'mapped',
    }
  }

  #parameter(name: string): string {
    return [...this.#path, name].join('.')
  }
}
