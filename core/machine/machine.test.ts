/** Which provider and profile a machine chooses, on cards that a real program tells of, with trials in real processes. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { EngineRuntime } from '../engine/backend.ts'
import type { ProviderReport } from '../engine/self-test.ts'
import type { Provider } from '../graph/op-profiles.ts'
import { temporaryFolder } from '../weights/testing.ts'
import { factorsFrom } from './factors.ts'
import { GPUManager } from './gpu/gpu-manager.ts'
import { type TestingCard, testingCard, writeNvidiaSmi } from './gpu/testing-nvidia-smi.ts'
import { Machine, type MachineOptions } from './machine.ts'
import { tryProvider } from './providers/trial.ts'

const passed = (provider: Provider, ops: ProviderReport['ops'] = {}): ProviderReport => ({
  ...{
    provider,
    verdict: 'passed',
    detail: null,
    ops,
    backend: 'npm',
    backendReason: null,
    difference: 1e-3,
    milliseconds: 5,
  },
})

interface Setup {
  cards: TestingCard[]
  /** What the trial of each provider says; cards are tried in their order. */
  verdicts: Partial<Record<Provider, ProviderReport>>
}

async function machineOf({ cards, verdicts }: Setup) {
  const folder = await temporaryFolder()
  const file = folder.at('nvidia-smi')
  await writeNvidiaSmi(file, { cards })
  const tried: Provider[] = []
  const runtimes: (EngineRuntime | undefined)[] = []
  const open = () => {
    const gpus = new GPUManager({
      nvidiaSmi: file,
      sysfs: '/nowhere',
      rocmSmi: '/nowhere',
      nvml: null,
      platform: 'linux',
    })
    const tryProvider: MachineOptions['tryProvider'] = async (provider, { runtime }) => {
      tried.push(provider)
      runtimes.push(runtime)
      return verdicts[provider] ?? { ...passed(provider), verdict: 'unavailable' as const, detail: 'no library' }
    }
    return new Machine(folder.path, { gpus, tryProvider, platform: 'linux', arch: 'x64' })
  }
  const change = (other: TestingCard[]) => writeNvidiaSmi(file, { cards: other })
  return { open, tried, runtimes, change, folder, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() }
}

describe.skipIf(process.platform === 'win32')('a machine chooses (needs Linux or macOS)', () => {
  afterEach(() => vi.unstubAllEnvs())
  const card = (mebibytes: number) => [testingCard('NVIDIA X', mebibytes)]

  it.each([
    [143771, 'ultra'],
    [24564, 'high'],
    [12288, 'medium'],
    [8188, 'minimal'],
  ] as const)('a card of %i MiB: CUDA with the profile %s', async (mebibytes, profile) => {
    await using at = await machineOf({ cards: card(mebibytes), verdicts: { cuda: passed('cuda') } })
    const { provider, ladder, cardFree, fixed } = await at.open().choose()
    expect([provider, ladder[0].profile, fixed]).toEqual(['cuda', profile, false])
    expect(cardFree).toBe((mebibytes - 512) * 2 ** 20)
    expect(ladder[0].settings.retention.budgetBytes).toBeCloseTo(mebibytes * 2 ** 20 * 0.85, -3)
  })

  it('one that cannot be loaded, computes wrongly or hangs is passed over for the next', async () => {
    for (const verdict of ['unavailable', 'wrong', 'hung', 'crashed', 'failed'] as const) {
      const verdicts = {
        cuda: { ...passed('cuda'), verdict, detail: 'attention' },
        webgpu: passed('webgpu', { compute: 'F32' }),
      }
      await using at = await machineOf({ cards: card(12288), verdicts })
      const machine = at.open()
      const { provider, ladder } = await machine.choose()
      expect(provider).toBe('webgpu')
      // At the dtype that its self-test passed with.
      expect(ladder[0].settings.load.ops).toMatchObject({ compute: 'F32' })
      const states = await machine.providers()
      expect(states.map(state => [state.provider, state.report?.verdict, state.chosen])).toEqual([
        ['cuda', verdict, false],
        ['webgpu', 'passed', true],
        ['cpu', undefined, false],
      ])
      expect(states[0].says.message).not.toContain('undefined')
    }
  })

  it('a verdict is remembered until the driver changes', async () => {
    await using at = await machineOf({ cards: card(12288), verdicts: { cuda: passed('cuda') } })
    await at.open().choose()
    await at.open().choose()
    expect(at.tried).toEqual(['cuda'])
    await at.change([{ ...testingCard('NVIDIA X', 12288), driver_version: '590.1' }])
    await at.open().choose()
    expect(at.tried).toEqual(['cuda', 'cuda'])
    await writeFile(at.folder.at('machine.json'), '{"version": 1, "verdicts": 7')
    expect((await at.open().choose()).provider).toBe('cuda')
  })

  it('a CUDA runtime that is there is what CUDA is tried and paints with, from then on and until it is gone', async () => {
    await using at = await machineOf({ cards: card(12288), verdicts: { cuda: passed('cuda') } })
    const machine = at.open()
    expect((await machine.choose()).ladder[0].settings.load.runtime).toBeUndefined()
    const folder = at.folder.at('cuda')
    const use = (where: string) => writeFile(at.folder.at('runtimes/cuda.json'), JSON.stringify({ folder: where }))
    await mkdir(folder)
    await mkdir(at.folder.at('runtimes'))
    for (const name of [
      'libonnxruntime.so.1.30.0',
      'libonnxruntime_providers_cuda.so',
      'libcublas.so.13',
      'libcudart.so.13',
    ])
      await writeFile(join(folder, name), name)
    await use(folder)
    const runtime = {
      library: join(folder, 'libonnxruntime.so.1.30.0'),
      preload: [join(folder, 'libcudart.so.13'), join(folder, 'libcublas.so.13')],
    }
    expect((await machine.choose()).ladder[0].settings.load).toMatchObject({ provider: 'cuda', runtime })
    expect(at.runtimes).toEqual([undefined, runtime])
    // Remembered, in another start too.
    await at.open().choose()
    expect(at.runtimes).toHaveLength(2)
    await writeFile(join(folder, 'libcublas.so.13'), 'another that is longer')
    await machine.choose()
    expect(at.runtimes).toHaveLength(3)
    machine.wishes = { provider: 'cpu', profile: 'auto' }
    expect((await machine.choose()).ladder[0].settings.load.runtime).toBeUndefined()
    await use(at.folder.at('nowhere'))
    machine.wishes = { provider: 'auto', profile: 'auto' }
    expect((await machine.choose()).ladder[0].settings.load.runtime).toBeUndefined()
  })

  it('a CUDA runtime that cannot be loaded is told with its reason and what helps', async () => {
    const reason = (detail: string) => ({ cuda: { ...passed('cuda'), verdict: 'unavailable' as const, detail } })
    for (const [detail, key] of [
      ['libcublas.so.13: cannot open shared object file', 'cudaNotLoaded'],
      ['libcuda.so.1: cannot open shared object file', 'providerUnavailable'],
      ['CUDA failure 35: CUDA driver version is insufficient for CUDA runtime version', 'providerUnavailable'],
    ]) {
      await using at = await machineOf({ cards: card(12288), verdicts: reason(detail) })
      await mkdir(at.folder.at('runtimes/cuda'), { recursive: true })
      for (const name of ['libonnxruntime.so.1.30.0', 'libonnxruntime_providers_cuda.so'])
        await writeFile(at.folder.at(`runtimes/cuda/${name}`), name)
      await writeFile(at.folder.at('runtimes/cuda.json'), JSON.stringify({ folder: at.folder.at('runtimes/cuda') }))
      const [{ says }] = await at.open().providers()
      expect(says.key).toBe(key)
      expect(says.message).toContain(key === 'cudaNotLoaded' ? 'zihua models remove cuda-runtime' : 'no NVIDIA driver')
    }
  })

  it('a driver that is too old for CUDA 13 is told with the version that is needed, and CUDA is not tried', async () => {
    const old = [{ ...testingCard('NVIDIA X', 12288), driver_version: '550.54.15' }]
    await using at = await machineOf({ cards: old, verdicts: { cuda: passed('cuda'), webgpu: passed('webgpu') } })
    const machine = at.open()
    machine.wishes = { provider: 'cuda', profile: 'auto' }
    const { provider, notices } = await machine.choose()
    expect(provider).toBe('webgpu')
    expect(at.tried).toEqual(['webgpu'])
    const says =
      'the NVIDIA driver 550.54.15 is too old for CUDA 13: install driver 580 or newer, or fetch the runtime for CUDA 12, which this one runs (zihua models download cuda12-runtime)'
    expect(notices[0].message).toContain(says)
    expect((await machine.tryAll())[0]).toMatchObject({
      report: null,
      says: { message: expect.stringContaining(says) },
    })
    expect(at.tried).not.toContain('cuda')
  })

  it('without a card nothing is tried', async () => {
    await using at = await machineOf({ cards: [], verdicts: { webgpu: passed('webgpu') } })
    const { provider, ladder, notices } = await at.open().choose()
    expect([provider, ladder[0].profile, notices]).toEqual(['cpu', 'cpu', []])
    expect(at.tried).toEqual([])
  })

  it('the user’s word comes before the order, and is told where it cannot be followed', async () => {
    await using at = await machineOf({
      cards: card(12288),
      verdicts: { cuda: passed('cuda'), webgpu: passed('webgpu') },
    })
    const machine = at.open()
    machine.wishes = { provider: 'webgpu', profile: 'minimal' }
    expect(await machine.choose()).toMatchObject({ provider: 'webgpu', fixed: true, ladder: [{ profile: 'minimal' }] })
    machine.wishes = { provider: 'cpu', profile: 'auto' }
    expect(await machine.choose()).toMatchObject({ provider: 'cpu', fixed: false })
    machine.wishes = { provider: 'dml', profile: 'auto' }
    const { provider, notices } = await machine.choose()
    expect(provider).toBe('cuda')
    expect(notices).toMatchObject([{ key: 'providerNotUsed', values: { provider: 'dml' } }])
    vi.stubEnv('ZIHUA_PROVIDER', 'cpu')
    vi.stubEnv('ZIHUA_PROFILE', 'cpu-small')
    expect(await at.open().choose()).toMatchObject({ provider: 'cpu', fixed: true, ladder: [{ profile: 'cpu-small' }] })
    // A request's own comes before all.
    expect((await at.open().choose('cpu')).ladder[0].profile).toBe('cpu')
  })
})

describe('a machine learns', () => {
  it('its own factors, a part of the way and within bounds, and keeps them', async () => {
    await using folder = await temporaryFolder()
    const machine = new Machine(folder.path, { platform: 'linux', arch: 'arm64' })
    const given = factorsFrom().of('cpu', 'decode')
    await machine.noteFactors([{ provider: 'cpu', stage: 'decode', factor: 1.2 * given }])
    const once = factorsFrom((await machine.choose()).factors)
    expect(once.of('cpu', 'decode')).toBeCloseTo(1.1 * given)
    expect([once.of('cpu', 'denoise'), once.of('cuda', 'decode')]).toEqual([factorsFrom().of('cpu', 'denoise'), given])
    // Nonsense moves it to the bounds at most, however often it is measured.
    for (let i = 0; i < 40; i++) await machine.noteFactors([{ provider: 'cpu', stage: 'decode', factor: 500 }])
    const again = new Machine(folder.path, { platform: 'linux', arch: 'arm64' })
    expect(factorsFrom((await again.choose()).factors).of('cpu', 'decode')).toBeCloseTo(2 * given)
    for (let i = 0; i < 80; i++) await again.noteFactors([{ provider: 'cpu', stage: 'decode', factor: 0.001 }])
    expect(factorsFrom((await again.choose()).factors).of('cpu', 'decode')).toBeCloseTo(0.5 * given)
  })

  it.skipIf(process.platform === 'win32')(
    'that a driver of Windows uses the processor’s memory, from a step’s time at a full card (needs Linux or macOS)',
    async () => {
      await using folder = await temporaryFolder()
      const file = folder.at('nvidia-smi')
      await writeNvidiaSmi(file, { cards: [testingCard('NVIDIA X', 8188)] })
      const open = (platform: NodeJS.Platform) => {
        const sources = {
          nvidiaSmi: file,
          sysfs: '/nowhere',
          rocmSmi: '/nowhere',
          nvml: null,
          platform: 'linux',
        } as const
        return new Machine(folder.path, { gpus: new GPUManager(sources), platform, arch: 'x64' })
      }
      const step = (seconds: number) => ({ provider: 'cuda' as const, model: '/m', width: 1024, height: 1024, seconds })
      const windows = open('win32')
      const full = 8100 * 2 ** 20
      expect(await windows.spilled(step(9), full)).toBeNull()
      await windows.noteStep(step(0.9))
      expect(await windows.spilled(step(9), full)).toBeCloseTo(10)
      expect(await windows.spilled({ ...step(9), width: 512 }, full)).toBeNull()
      expect(await windows.spilled(step(9), 4000 * 2 ** 20)).toBeNull()
      expect(await windows.spilled(step(9), null)).toBeNull()
      expect(await open('linux').spilled(step(9), full)).toBeNull()
    },
  )
})

describe('a trial', () => {
  it('of the processor passes, by attention, GroupNorm, convolution and a known step', async () => {
    const report = await tryProvider('cpu')
    expect(report).toMatchObject({ provider: 'cpu', verdict: 'passed', ops: {} })
    expect(report.difference).toBeLessThan(1e-4)
  })

  it('of a provider whose library is not there says so', async () => {
    const report = await tryProvider(process.platform === 'linux' ? 'dml' : 'cuda')
    expect(['unavailable', 'failed']).toContain(report.verdict)
    expect(report.detail).toBeTruthy()
  })

  it.each([
    ['hung', 'for (;;);'],
    ['crashed', "process.kill(process.pid, 'SIGSEGV')"],
  ] as const)('that does not end by itself is %s', async (verdict, body) => {
    await using folder = await temporaryFolder()
    const script = folder.at('trial.mjs')
    await writeFile(script, body)
    const report = await tryProvider('webgpu', { script: pathToFileURL(script), limitMs: 3000 })
    expect(report).toMatchObject({ provider: 'webgpu', verdict, difference: null })
    expect(report.detail).toMatch(verdict === 'hung' ? '3 s' : 'SIGSEGV')
  })
})
