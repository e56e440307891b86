/** What each execution provider computes best with: one table, measured with ONNX Runtime 1.30 (ARCHITECTURE.md). */
import type { PROVIDER_NAMES } from '../contract/vocabulary.ts'

export interface OpProfile {
  /** The dtype of activations. CPU has no fp16 kernels: it would cast around every node. */
  readonly compute: 'F32' | 'F16'
  /** "fused": com.microsoft.MultiHeadAttention. "plain": MatMul, Softmax, MatMul, for providers whose fused one fails its self-test. */
  readonly attention: 'fused' | 'plain'
  /** "fused": com.microsoft QuickGelu and Gelu; "plain": Sigmoid, Erf and arithmetic. */
  readonly activation: 'fused' | 'plain'
  /**
   * How 16-bit weights reach a 32-bit provider. "folded": cast once at load, RAM = 2 × file. "mapped": cast at every
   * run from the mapped file, each beside its layer: a tenth of the RAM, loads ten times sooner, a step is a tenth slower.
   */
  readonly weights: 'folded' | 'mapped'
  /** The text's keys and values are computed once a picture and fed in; else inside every step (a GPU would copy them each step). */
  readonly contextOnce: boolean
  /**
   * ControlNet, UNet and guidance as one graph a step, or as two. One keeps 215 MB a step (SDXL, 1024²) from passing
   * through the host's memory, and holds both networks in one session. Measured on the CPU only so far; elsewhere two.
   */
  readonly step: 'fused' | 'split'
  /**
   * How feature maps lie. "channels-last": com.microsoft NhwcConv and GroupNorm with its SiLU, and tokens are a map without
   * being turned; only CUDA has them, and it is measured by build/gpu-check.ts. "channels-last-plain": the same graph of
   * standard ops, for proving it where there is no such provider. Default: channels first.
   */
  readonly maps?: 'channels-first' | 'channels-last' | 'channels-last-plain'
  /** Fused ops (fusions.ts) that graphs with maps channels last use beside; default none, until a card has measured each. */
  readonly fusions?: readonly Fusion[]
  /**
   * A table of which a few rows are read. "stored": in its own dtype, the rows are cast. "cast": whole, once at load, for
   * devices that have no 16-bit numbers, where reading a 16-bit row fails. Default: stored.
   */
  readonly tables?: 'stored' | 'cast'
}

export const FUSIONS = ['skip-group-norm', 'bias-split-gelu', 'packed-qkv'] as const
export type Fusion = (typeof FUSIONS)[number]

export type Provider = (typeof PROVIDER_NAMES)[number]

export const OP_PROFILES: Readonly<Record<Provider, OpProfile>> = {
  cpu: { compute: 'F32', attention: 'fused', activation: 'fused', weights: 'folded', contextOnce: true, step: 'fused' },
  // A software WebGPU gave wrong numbers from the fused attention, silently: plain until a self-test says otherwise.
  webgpu: {
    compute: 'F16',
    attention: 'plain',
    activation: 'plain',
    weights: 'folded',
    contextOnce: false,
    step: 'split',
  },
  cuda: {
    compute: 'F16',
    attention: 'fused',
    activation: 'fused',
    weights: 'folded',
    contextOnce: false,
    step: 'split',
  },
  dml: {
    compute: 'F16',
    attention: 'plain',
    activation: 'plain',
    weights: 'folded',
    contextOnce: false,
    step: 'split',
  },
  coreml: {
    compute: 'F32',
    attention: 'plain',
    activation: 'plain',
    weights: 'folded',
    contextOnce: false,
    step: 'split',
  },
}
