/** Graphics cards of a Windows machine, from the registry's class of display adapters. */
import { runTool } from './run-tool.ts'
import type { GpuStatus, GpuVendor } from './types.ts'

const LIMIT_MS = 2000
const CLASS = 'HKLM\\SYSTEM\\CurrentControlSet\\Control\\Class\\{4d36e968-e325-11ce-bfc1-08002be10318}'

export async function askWindows(file = 'reg'): Promise<GpuStatus[]> {
  const outcome = await runTool(file, ['query', CLASS, '/s'], LIMIT_MS)
  return outcome.kind === 'answered' ? parseRegistry(outcome.stdout) : []
}

/** Keys of four digits are adapters. Win32_VideoController is not asked: it gives no more than 4 GB. */
export function parseRegistry(text: string): GpuStatus[] {
  const gpus: GpuStatus[] = []
  for (const part of text.split(/\r?\n(?=HKEY_)/)) {
    const [key, ...lines] = part.split(/\r?\n/)
    if (!/\\\d{4}$/.test(key.trim())) continue
    const value = (name: string) =>
      lines
        .map(line => line.trim().split(/\s{2,}|\t/))
        .find(([found]) => found === name)
        ?.at(2)
    const name = value('DriverDesc')
    const vendor = name === undefined ? null : vendorOf(name)
    if (name === undefined || vendor === null) continue
    const size = value('HardwareInformation.qwMemorySize')
    const total = size && /^0x[0-9a-f]+$/i.test(size) ? Number(size) : null
    gpus.push({
      name,
      vendor,
      driver: value('DriverVersion') ?? null,
      memory: { total, used: null, free: null },
      unified: vendor === 'intel' && total === null,
      utilisation: null,
      temperature: null,
      power: null,
      mig: null,
      source: 'registry',
    })
  }
  return gpus
}

/** null for what is no card: a remote desktop's adapter, a virtual display. */
function vendorOf(name: string): GpuVendor | null {
  if (/nvidia/i.test(name)) return 'nvidia'
  if (/amd|radeon/i.test(name)) return 'amd'
  return /intel/i.test(name) ? 'intel' : null
}
