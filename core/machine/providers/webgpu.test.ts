/**
 * WebGPU for real, on SwiftShader: the software Vulkan device that lies beside Chromium. It has no 16-bit numbers, as many
 * integrated cards, so that the provider must pass in its 32-bit form.
 */
import { afterEach, expect, it, vi } from 'vitest'
import { swiftShader } from '../../testing/swiftshader.ts'
import { tryProvider } from './trial.ts'

afterEach(() => vi.unstubAllEnvs())

it.skipIf(!swiftShader)(
  'computes attention, GroupNorm, convolution and the known step in 32 bits (needs Linux with Chromium’s SwiftShader)',
  { timeout: 400_000 },
  async () => {
    for (const [name, value] of Object.entries(swiftShader!)) vi.stubEnv(name, value)
    const report = await tryProvider('webgpu', { limitMs: 380_000 })
    expect(report).toMatchObject({ verdict: 'passed', ops: { compute: 'F32' }, backend: 'npm' })
    expect(report.difference).toBeLessThan(1e-4)
  },
)

it.skipIf(process.platform !== 'linux' || process.arch !== 'x64')(
  'is told to be unavailable where there is no adapter (needs Linux on x64)',
  async () => {
    vi.stubEnv('VK_ICD_FILENAMES', '/nowhere.json')
    vi.stubEnv('LD_LIBRARY_PATH', '/nowhere')
    expect(await tryProvider('webgpu')).toMatchObject({ verdict: 'unavailable' })
  },
)
