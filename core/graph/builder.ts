import type { Tensor, Weights } from '../weights/types.ts'
import {
  type Attribute,
  type DataType,
  encodeModel,
  type OnnxNode,
  type OnnxTensor,
  type OnnxValueInfo,
} from './onnx.ts'
import type { OpProfile } from './profile.ts'

/** A value that flows between nodes. Shapes are static: one graph a picture size (symbolic ones load ten times slower: ARCHITECTURE.md). */
export interface Value {
  readonly name: string
  readonly dtype: DataType
  readonly shape: readonly number[]
}

/** A finished graph: ONNX bytes, and what goes in and out. */
export interface Graph {
  readonly name: string
  readonly onnx: Uint8Array
  readonly inputs: readonly OnnxValueInfo[]
  readonly outputs: readonly OnnxValueInfo[]
  readonly nodes: number
  /** Memory that the weights take once loaded: their numbers in the compute dtype. */
  readonly weightBytes: number
}

/** Name of the int64[1] input that is always 0 and keeps mapped weights from being folded into memory. */
export const ZERO_INPUT = 'zero'

/**
 * Collects nodes under path-like names: inside scope('down_blocks.0', …) scope('resnets.0', …) a convolution is called
 * "/unet/down_blocks.0/resnets.0/conv1/Conv" and its output ".../Conv/output_0". Weights keep their diffusers names.
 */
export class GraphBuilder {
  readonly name: string
  readonly profile: OpProfile
  readonly #weights: Weights
  readonly #nodes: OnnxNode[] = []
  readonly #initializers = new Map<string, OnnxTensor>()
  readonly #cast = new Map<string, Value>()
  readonly #inputs: OnnxValueInfo[] = []
  readonly #outputs: OnnxValueInfo[] = []
  readonly #names = new Map<string, number>()
  #path: string[]
  #weightBytes = 0

  constructor(name: string, weights: Weights, profile: OpProfile) {
    this.name = name
    this.profile = profile
    this.#weights = weights
    this.#path = [name]
  }

  /** The open scope below the graph's own name: "down_blocks.1.attentions.0". */
  get path(): string {
    return this.#path.slice(1).join('.')
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
    this.#inputs.push({ name, dtype, shape })
    const value: Value = { name, dtype, shape }
    // Graphs speak float32 at their edges whatever they compute in, so that callers never see 16-bit numbers.
    return dtype === 'F32' && this.profile.compute !== 'F32' ? this.cast(value, this.profile.compute) : value
  }

  output(name: string, value: Value): void {
    const edge = value.dtype === 'F16' ? this.cast(value, 'F32') : value
    this.#nodes.push({
      name: `/${this.name}/${name}/Identity`,
      type: 'Identity',
      domain: '',
      inputs: [edge.name],
      outputs: [name],
      attributes: {},
    })
    this.#outputs.push({ name, dtype: edge.dtype, shape: edge.shape })
  }

  /** One node with one output of the given shape, in the dtype of its first input unless told. */
  node(
    type: string,
    inputs: readonly (Value | null)[],
    shape: readonly number[],
    attributes: Record<string, Attribute> = {},
    { domain = '', dtype = inputs[0]!.dtype }: { domain?: string; dtype?: DataType } = {},
  ): Value {
    const name = this.#unique(`/${this.#path.join('/')}/${type}`)
    const output = `${name}/output_0`
    // An optional input left out is an empty name.
    this.#nodes.push({
      name,
      type,
      domain,
      inputs: inputs.map(input => input?.name ?? ''),
      outputs: [output],
      attributes,
    })
    return { name: output, dtype, shape }
  }

  has(parameter: string): boolean {
    return this.#weights.has(this.#parameter(parameter))
  }

  /** A parameter of the current scope in the compute dtype. `view` gives it other dimensions over the same numbers. */
  weight(parameter: string, shape: readonly number[], view: readonly number[] = shape): Value {
    return this.parameter(this.#weights.take(this.#parameter(parameter), shape), view)
  }

  /** Any tensor as an initializer, cast to the compute dtype. */
  parameter(tensor: Tensor, view: readonly number[] = tensor.shape): Value {
    const known = this.#cast.get(`${tensor.name}:${view.join()}`)
    if (known) return known
    const name = this.#initializers.has(tensor.name) ? this.#unique(`${tensor.name}/view`) : tensor.name
    this.#initializers.set(name, { name, dtype: tensor.dtype, shape: view, data: tensor.data })
    this.#weightBytes += view.reduce((a, b) => a * b, 1) * (this.profile.compute === 'F32' ? 4 : 2)
    let value: Value = { name, dtype: tensor.dtype, shape: view }
    const compute = this.profile.compute
    if (value.dtype !== compute) {
      // A Reshape whose target is only known at run time stops constant folding, so the 16-bit weights stay in the mapped file.
      if (this.profile.weights === 'mapped') value = this.node('Reshape', [value, this.#runtimeShape(view)], view)
      value = this.cast(value, compute)
    }
    this.#cast.set(`${tensor.name}:${view.join()}`, value)
    return value
  }

  cast(value: Value, dtype: DataType): Value {
    if (value.dtype === dtype) return value
    const to = { F32: 1, I64: 7, BOOL: 9, F16: 10, BF16: 16 }[dtype]
    return this.node('Cast', [value], value.shape, { to }, { dtype })
  }

  /** An int64 constant, shared by content. */
  ints(values: readonly number[]): Value {
    const name = `ints(${values.join()})`
    if (!this.#initializers.has(name)) {
      const data = new Uint8Array(BigInt64Array.from(values, BigInt).buffer)
      this.#initializers.set(name, { name, dtype: 'I64', shape: [values.length], data })
    }
    return { name, dtype: 'I64', shape: [values.length] }
  }

  /** A float constant in the compute dtype, shared by content. An empty shape is a scalar. */
  floats(values: readonly number[], shape: readonly number[] = [values.length]): Value {
    const name = `floats(${values.length > 16 ? `${values[0]}×${values.length}` : values.join()})[${shape.join()}]`
    if (values.length > 16 && values.some(value => value !== values[0])) throw new Error('only uniform long constants')
    const dtype = this.profile.compute
    if (!this.#initializers.has(name)) {
      const data = dtype === 'F16' ? new Float16Array(values) : new Float32Array(values)
      this.#initializers.set(name, { name, dtype, shape, data: new Uint8Array(data.buffer) })
    }
    return { name, dtype, shape }
  }

  /** Serialises. That every weight was there and used is for the caller to check, once all graphs over them are built. */
  finish(): Graph {
    const onnx = encodeModel({
      name: this.name,
      nodes: this.#nodes,
      initializers: [...this.#initializers.values()],
      inputs: this.#inputs,
      outputs: this.#outputs,
    })
    return {
      name: this.name,
      onnx,
      inputs: this.#inputs,
      outputs: this.#outputs,
      nodes: this.#nodes.length,
      weightBytes: this.#weightBytes,
    }
  }

  #parameter(name: string): string {
    return [...this.#path.slice(1), name].join('.')
  }

  #unique(name: string): string {
    const seen = this.#names.get(name) ?? 0
    this.#names.set(name, seen + 1)
    return seen ? `${name}_${seen}` : name
  }

  #runtimeShape(shape: readonly number[]): Value {
    const key = `shape(${shape.join()})`
    const known = this.#cast.get(key)
    if (known) return known
    if (!this.#inputs.some(input => input.name === ZERO_INPUT))
      this.#inputs.push({ name: ZERO_INPUT, dtype: 'I64', shape: [1] })
    const zero: Value = { name: ZERO_INPUT, dtype: 'I64', shape: [1] }
    const sum = this.node('Add', [this.ints(shape), zero], [shape.length])
    this.#cast.set(key, sum)
    return sum
  }
}
