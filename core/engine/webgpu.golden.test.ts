/**
 * Every network on WebGPU, beside diffusers and transformers. SwiftShader has no 16-bit numbers, as many integrated cards, so
 * that this is the provider's 32-bit form. It takes seconds of the processor for a text encoder, most of a minute for a decoder.
 */
import { afterEach, expect, it, vi } from 'vitest'
import { Channel } from '../channel/channel.ts'
import { startChild } from '../channel/endpoint.ts'
import { fault } from '../faults/fault.ts'
import { swiftShader } from '../testing/swiftshader.ts'
import type { GoldenCalls, GoldenNetwork } from './testing-golden-process.ts'
import { sets } from './testing-goldens.ts'

afterEach(() => vi.unstubAllEnvs())

const networks = Object.entries({
  text_encoder: sets.clip,
  text_encoder_2: sets.clip,
  unet: sets.unet,
  controlnet: sets.controlnet_union,
  vae: sets.vae,
}) as [GoldenNetwork, string | null][]

for (const [network, set] of networks) {
  it.skipIf(!swiftShader || !set)(
    `${network} on WebGPU equals its golden set within 1e-3 (needs Linux with Chromium’s SwiftShader, and the set)`,
    { timeout: 600_000 },
    async () => {
      // The loader reads its folders when a process starts, so that the device needs one of its own.
      for (const [name, value] of Object.entries(swiftShader!)) vi.stubEnv(name, value)
      const child = new Channel<GoldenCalls>(
        startChild(new URL('./testing-golden-process.ts', import.meta.url), [], 'ignore'),
        { died: ({ how }) => fault('inferenceEnded', { how }) },
      )
      try {
        const options = { provider: 'webgpu', ops: { compute: 'F32' }, threads: 1 } as const
        const differences = await child.call('compare', { network, options }).reply
        expect(Object.keys(differences).length).toBeGreaterThan(1)
        for (const [output, difference] of Object.entries(differences)) expect(difference, output).toBeLessThan(1e-3)
      } finally {
        await child.kill()
      }
    },
  )
}
