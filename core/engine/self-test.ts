/**
 * Does a provider compute what it should? Single layers beside their definitions, and one step of a tiny UNet beside numbers
 * that are known (self-test-known.json), in the dtype and with the ops that pictures will use. Each in a process of its own
 * (core/machine/providers): a driver may hang or crash.
 */
import { reasonOf } from '../faults/fault.ts'
import { OP_PROFILES, type OpProfile, type Provider } from '../graph/op-profiles.ts'
import { randomModel, TINY_SIZE } from '../graph/random-model.ts'
import { createNoise } from '../sampler/noise.ts'
import type { EngineRuntime } from './backend.ts'
import { chooseBackend } from './backends.ts'
import { type LoadOptions, profileOf } from './network.ts'
import known from './self-test-known.json' with { type: 'json' }
import { opCases } from './self-test-ops.ts'
import { Session } from './session.ts'
import { UNetNetwork } from './unet-network.ts'

export interface ProviderReport {
  provider: Provider
  /**
   * "unavailable": it cannot be loaded on this machine. "wrong": it computes wrong numbers. "failed": it refuses what pictures
   * need. "hung" and "crashed" are said by whoever waited for the test.
   */
  verdict: 'passed' | 'unavailable' | 'wrong' | 'failed' | 'hung' | 'crashed'
  /** What is wrong, or what ONNX Runtime said; null where it passed. */
  detail: string | null
  /** What differs from the provider's row in OP_PROFILES for it to pass. */
  ops: Partial<OpProfile>
  /** The way into ONNX Runtime that it took; null where nothing could be loaded. */
  backend: 'c-api' | 'npm' | null
  /** Why that is not the C API, in the library's or our words; null where it is. */
  backendReason: string | null
  /** Largest difference from the known numbers, relative to the largest of them. */
  difference: number | null
  /** Of the test, loading included. */
  milliseconds: number | null
}

/** 16-bit arithmetic stays below this; a wrong kernel is off by the size of the values themselves. */
const TOLERANCE = { F16: 0.03, F32: 1e-3 } as const

const UNAVAILABLE =
  /shared library|failed to load|no supported adapters|webgpu adapter|CUDA-capable device|driver version is insufficient|not (?:enabled|available|supported)|no such (?:device|provider)/i

/** Tried in this order: as pictures would use it, then with what some hardware or driver lacks or computes wrongly left out. */
function formsOf(provider: Provider): Partial<OpProfile>[] {
  const { compute, attention } = OP_PROFILES[provider]
  const plain = { attention: 'plain', activation: 'plain' } as const
  const forms: Partial<OpProfile>[] = [{}]
  // Adapters without 16-bit numbers: many integrated GPUs, and software.
  if (compute === 'F16') forms.push({ compute: 'F32' })
  if (attention === 'fused') forms.push(plain)
  if (compute === 'F16' && attention === 'fused') forms.push({ ...plain, compute: 'F32' })
  return forms
}

/** @param runtime what computes on CUDA in place of npm's build */
export async function selfTest(provider: Provider, runtime?: EngineRuntime): Promise<ProviderReport> {
  const start = performance.now()
  let first: ProviderReport | null = null
  for (const ops of formsOf(provider)) {
    const outcome = await tryForm({ provider, ops, threads: 1, ...(runtime && { runtime }) })
    const report = { provider, ops, ...outcome, milliseconds: performance.now() - start }
    if (outcome.verdict === 'passed' || outcome.verdict === 'unavailable') return report
    first ??= report
  }
  return first!
}

type Outcome = Pick<ProviderReport, 'verdict' | 'detail' | 'difference' | 'backend' | 'backendReason'>

async function tryForm(options: LoadOptions): Promise<Outcome> {
  const way: Pick<Outcome, 'backend' | 'backendReason'> = { backend: null, backendReason: null }
  try {
    way.backendReason = chooseBackend(options).reason
    const profile = profileOf(options)
    const tolerance = TOLERANCE[profile.compute]
    for (const { name, graph, input, expected } of opCases(profile)) {
      const session = await Session.load(graph, options)
      way.backend = session.backend
      const { y } = await session.run({ [input.name]: input }).finally(() => session.release())
      const difference = relativeDifference(y.data as Float32Array, expected)
      if (!(difference < tolerance)) return { verdict: 'wrong', detail: name, difference, ...way }
    }
    const difference = relativeDifference(await predict(options), knownStep())
    if (!(difference < tolerance)) return { verdict: 'wrong', detail: 'UNet', difference, ...way }
    return { verdict: 'passed', detail: null, difference, ...way }
  } catch (error) {
    const detail = reasonOf(error)
    return { verdict: UNAVAILABLE.test(detail) ? 'unavailable' : 'failed', detail, difference: null, ...way }
  }
}

/** NaN where any value is. */
function relativeDifference(values: Float32Array, expected: Float32Array): number {
  const largest = expected.reduce((max, value) => Math.max(max, Math.abs(value)), 0)
  return values.reduce((max, value, i) => Math.max(max, Math.abs(value - expected[i])), 0) / largest
}

const SIZE = { batch: 2, height: 16, width: 16, tokens: 77 }

function knownStep(): Float32Array {
  const bytes = Buffer.from(known.noisePred, 'base64')
  return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4)
}

/** One step of the tiny UNet on fixed noise: (2, 4, 16, 16). */
export async function predict(options: LoadOptions): Promise<Float32Array> {
  const network = await UNetNetwork.plan(randomModel(TINY_SIZE).unet, options, SIZE, false).load()
  try {
    const noise = createNoise(1, 0)
    const context = await network.prepare({
      encoderHiddenStates: noise.next(2 * 77 * 64),
      textEmbeds: noise.next(2 * 32),
      timeIds: Float32Array.of(128, 128, 0, 0, 128, 128, 128, 128, 0, 0, 128, 128),
    })
    return await network.predict(context, noise.next(2 * 4 * 16 * 16), 500, null)
  } finally {
    await network.release()
  }
}
