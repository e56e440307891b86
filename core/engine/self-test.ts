/** Does a provider compute what it should? A tiny UNet with its own choice of ops beside the plainest ops on the CPU. */
import type { Provider } from '../graph/op-profiles.ts'
import { randomModel, TINY_SIZE } from '../graph/random-model.ts'
import { createNoise } from '../sampler/noise.ts'
import { chooseBackend } from './backends.ts'
import { UNetNetwork } from './unet-network.ts'

export interface ProviderReport {
  provider: Provider
  /** "passed", or one sentence of what went wrong. */
  result: string
  /** Largest difference from the plain ops, relative to the largest value. */
  difference: number | null
  milliseconds: number | null
  /** What runs it: "c-api", "npm". */
  backend: string
  /** Why it is not the C API; null where it is. */
  backendReason: string | null
}

/** 16-bit arithmetic stays below this; a wrong kernel is off by the size of the values themselves. */
const TOLERANCE = 0.03

export async function selfTest(): Promise<ProviderReport[]> {
  // Loaded only here: beside the C API it is a second owner of the same library.
  const ort = await import('onnxruntime-node')
  const known: Provider[] = ['cpu', 'webgpu', 'cuda', 'dml', 'coreml']
  const there = ort.listSupportedBackends().map(({ name }) => name)
  const reference = await predict('cpu', true)
  const reports: ProviderReport[] = []
  for (const provider of known.filter(name => there.includes(name))) {
    const start = performance.now()
    const { backend, reason: backendReason } = chooseBackend(provider)
    const by = { backend: backend.name, backendReason }
    try {
      const values = await predict(provider, false)
      const largest = reference.reduce((max, value) => Math.max(max, Math.abs(value)), 0)
      const difference = values.reduce((max, value, i) => Math.max(max, Math.abs(value - reference[i])), 0) / largest
      const result = difference < TOLERANCE ? 'passed' : 'computes wrong numbers'
      reports.push({ provider, result, difference, milliseconds: performance.now() - start, ...by })
    } catch (error) {
      const result = (error as Error).message.split('\n')[0]
      reports.push({ provider, result, difference: null, milliseconds: null, ...by })
    }
  }
  return reports
}

async function predict(provider: Provider, plain: boolean): Promise<Float32Array> {
  const size = { batch: 2, height: 16, width: 16, tokens: 77 }
  const ops = plain ? ({ attention: 'plain', activation: 'plain', contextOnce: false, compute: 'F32' } as const) : {}
  const network = await UNetNetwork.plan(randomModel(TINY_SIZE).unet, { provider, ops, threads: 1 }, size, false).load()
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
