/** A Mac's graphics, as system_profiler tells of it. */
import { runTool } from './run-tool.ts'
import type { GpuStatus } from './types.ts'

const LIMIT_MS = 2000

/** @param memory of the machine, bytes: an Apple chip has one memory for both */
export async function askApple(memory: number, file = 'system_profiler'): Promise<GpuStatus[]> {
  const outcome = await runTool(file, ['SPDisplaysDataType', '-json'], LIMIT_MS)
  return outcome.kind === 'answered' ? parseAppleJson(outcome.stdout, memory) : []
}

export function parseAppleJson(text: string, memory: number): GpuStatus[] {
  let cards: Record<string, unknown>[]
  try {
    const answer = JSON.parse(text) as { SPDisplaysDataType?: Record<string, unknown>[] }
    cards = Array.isArray(answer.SPDisplaysDataType) ? answer.SPDisplaysDataType : []
  } catch {
    return []
  }
  return cards.map(card => {
    const name = String(card['sppci_model'] ?? card['_name'] ?? 'GPU')
    const unified = /^apple/i.test(name)
    const own = unified ? memory : bytesOf(card['spdisplays_vram'] ?? card['_spdisplays_vram'])
    const vendor = /amd|radeon/i.test(name) ? 'amd' : /intel/i.test(name) ? 'intel' : 'apple'
    return {
      name,
      vendor,
      driver: typeof card['spdisplays_metal'] === 'string' ? String(card['spdisplays_metal']) : null,
      memory: { total: own, used: null, free: null },
      unified,
      utilisation: null,
      temperature: null,
      power: null,
      mig: null,
      source: 'system_profiler',
    }
  })
}

/** "8 GB" or "1536 MB". */
function bytesOf(text: unknown): number | null {
  const found = /^(\d+(?:\.\d+)?)\s*([MG])B$/i.exec(String(text ?? ''))
  return found ? Number(found[1]) * (found[2].toUpperCase() === 'G' ? 2 ** 30 : 2 ** 20) : null
}
