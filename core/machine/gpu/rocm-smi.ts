/** AMD's cards, as rocm-smi tells of them. */
import { phrase } from '../../faults/fault.ts'
import { runTool } from './run-tool.ts'
import { type GpuAnswer, type GpuStatus, NO_GPU } from './types.ts'

const LIMIT_MS = 2000
const ARGUMENTS = [
  '--showproductname',
  '--showdriverversion',
  '--showmeminfo',
  'vram',
  '--showuse',
  '--showtemp',
  '--showpower',
  '--json',
]

export async function askRocmSmi(file = 'rocm-smi', limitMs = LIMIT_MS): Promise<GpuAnswer> {
  const outcome = await runTool(file, ARGUMENTS, limitMs)
  if (outcome.kind === 'missing') return NO_GPU
  if (outcome.kind === 'hung') return { gpus: [], problem: phrase('rocmSmiHung') }
  if (outcome.kind === 'failed') return { gpus: [], problem: phrase('rocmSmiFailed', { reason: outcome.reason }) }
  const gpus = parseRocmJson(outcome.stdout)
  return gpus ? { gpus, problem: null } : { gpus: [], problem: phrase('rocmSmiFailed', { reason: 'no JSON' }) }
}

/** Its keys have changed from version to version: they are looked for by what they say. Returns null for what is no such answer. */
export function parseRocmJson(text: string): GpuStatus[] | null {
  // Warnings stand before it.
  const start = text.indexOf('{')
  let answer: Record<string, Record<string, unknown>>
  try {
    answer = JSON.parse(text.slice(Math.max(0, start)))
  } catch {
    return null
  }
  if (typeof answer !== 'object' || answer === null) return null
  const driver = field(answer['system'] ?? {}, /driver version/i)
  return Object.entries(answer)
    .filter(([key, card]) => /^card\d+$/.test(key) && typeof card === 'object' && card !== null)
    .map(([key, card]) => gpuOf(key, card, driver))
}

function gpuOf(key: string, card: Record<string, unknown>, driver: string | null): GpuStatus {
  const number = (pattern: RegExp): number | null => {
    const value = field(card, pattern)
    return value !== null && /^\d+(\.\d+)?$/.test(value) ? Number(value) : null
  }
  const [total, used] = [number(/^vram total memory/i), number(/^vram total used memory/i)]
  const utilisation = number(/^gpu use/i)
  const name = field(card, /^(device name|card series)$/i) ?? field(card, /^card model$/i) ?? key
  return {
    name: /^(amd|radeon)/i.test(name) ? name : `AMD ${name}`,
    vendor: 'amd',
    driver,
    memory: { total, used, free: total !== null && used !== null ? total - used : null },
    unified: false,
    utilisation: utilisation === null ? null : utilisation / 100,
    temperature: number(/^temperature \(sensor edge\)/i) ?? number(/^temperature/i),
    power: number(/power \(w\)$/i),
    mig: null,
    source: 'rocm-smi',
  }
}

function field(card: Record<string, unknown>, pattern: RegExp): string | null {
  const found = Object.entries(card).find(([name, value]) => pattern.test(name) && !/^n\/a$/i.test(String(value)))
  return found ? String(found[1]).trim() : null
}
