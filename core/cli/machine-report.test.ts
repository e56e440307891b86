import { expect, it } from 'vitest'
import type { ProviderReport } from '../engine/self-test.ts'
import { memoryLine, providerLine, runtimeLine } from './machine-report.ts'

it('a provider’s line has its error as a part of the numbers, and the last step', () => {
  const report: ProviderReport = {
    ...{ provider: 'cpu', verdict: 'passed', detail: null, ops: {}, backend: 'c-api', backendReason: null },
    ...{ difference: 4.9e-7, milliseconds: 900 },
  }
  const state = {
    provider: 'cpu',
    report,
    card: null,
    chosen: true,
    says: { message: 'computes what it should' },
  } as const
  const step = { provider: 'cpu', model: '/m', width: 512, height: 512, seconds: 1.954, at: '' } as const
  expect(providerLine({ ...state, step })).toBe(
    'cpu: computes what it should (at most 0.00005 % off); the last step took 1.95 s at 512×512 — in use',
  )
  expect(providerLine({ ...state, report: null, step: null, chosen: false })).toBe('cpu: computes what it should')
})

it('memory and libraries are in gigabytes of 10⁹ bytes', () => {
  const status = { gpus: [], problems: [], processor: { name: 'x', threads: 2, utilisation: null } }
  expect(memoryLine({ ...status, memory: { total: 25.28e9, free: 15.6e9 } })).toBe('25.3 GB, 15.6 GB free')
  const runtime = { folder: '/f', library: '/f/l', preload: [], cuda: 13, isOwn: false, bytes: 2458505592 }
  expect(runtimeLine(runtime)).toBe('CUDA 13 in /f, 2.5 GB, a folder of your own')
})
