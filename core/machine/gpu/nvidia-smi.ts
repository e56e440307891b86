/** NVIDIA's cards, as nvidia-smi tells of them. The CUDA runtime is never asked: a context keeps 100–300 MB for ever. */
import { phrase } from '../../faults/fault.ts'
import { runTool, type ToolOutcome } from './run-tool.ts'
import { type GpuAnswer, type GpuStatus, NO_GPU } from './types.ts'

const NUMBERS = [
  'memory.total',
  'memory.used',
  'memory.free',
  'utilization.gpu',
  'temperature.gpu',
  'power.draw',
] as const
/** The name comes last: it may hold commas. */
const FIELDS = ['driver_version', ...NUMBERS, 'mig.mode.current', 'name'] as const
/** Drivers older than MIG refuse a query that names it. */
const OLDER_FIELDS = FIELDS.filter(field => field !== 'mig.mode.current')
type Field = (typeof FIELDS)[number]

const LIMIT_MS = 2000
const MIB = 2 ** 20

/**
 * @param file the program
 * @returns no cards and no problem where there is no such program
 */
export async function askNvidiaSmi(file = 'nvidia-smi', limitMs = LIMIT_MS): Promise<GpuAnswer> {
  const end = performance.now() + limitMs
  const ask = (args: readonly string[]) => runTool(file, args, Math.max(1, end - performance.now()))
  let fields: readonly Field[] = FIELDS
  let outcome = await ask(queryOf(fields))
  if (outcome.kind === 'failed' && /not a valid field/i.test(outcome.reason)) {
    fields = OLDER_FIELDS
    outcome = await ask(queryOf(fields))
  }
  if (outcome.kind === 'missing') return NO_GPU
  if (outcome.kind !== 'answered') return { gpus: [], problem: problemOf(outcome) }
  const cards = parseNvidiaCsv(outcome.stdout, fields)
  if (!cards) return { gpus: [], problem: phrase('nvidiaSmiGarbled') }
  if (!cards.some(({ divided }) => divided)) return { gpus: cards.map(({ gpu }) => gpu), problem: null }
  const list = await ask(['-L'])
  const slices = list.kind === 'answered' ? parseMigList(list.stdout) : []
  return {
    gpus: cards.flatMap(({ gpu, divided }, i) => (divided ? slicesOf(gpu, slices[i] ?? []) : [gpu])),
    problem: null,
  }
}

const queryOf = (fields: readonly Field[]) => [`--query-gpu=${fields.join()}`, '--format=csv,noheader,nounits']

function problemOf(outcome: Exclude<ToolOutcome, { kind: 'answered' | 'missing' }>): GpuAnswer['problem'] {
  if (outcome.kind === 'hung') return phrase('nvidiaSmiHung')
  // "No devices were found" is an answer.
  if (/no devices were found/i.test(outcome.reason)) return null
  return phrase('nvidiaSmiFailed', { reason: outcome.reason })
}

export interface NvidiaCard {
  gpu: GpuStatus
  /** Its memory is divided among MIG instances: it computes nothing as a whole. */
  divided: boolean
}

/**
 * One line a card, values without units. A value that the driver does not tell ("[N/A]", "[Not Supported]",
 * "[Insufficient Permissions]", "[Unknown Error]") is null.
 * @returns null for what is no such table
 */
export function parseNvidiaCsv(text: string, fields: readonly Field[] = FIELDS): NvidiaCard[] | null {
  const lines = text.split(/\r?\n/).filter(line => line.trim() !== '')
  const cards = lines.map(line => cardOf(line, fields))
  return cards.every(card => card !== null) ? cards : null
}

function cardOf(line: string, fields: readonly Field[]): NvidiaCard | null {
  const cells = line.split(',').map(cell => cell.trim())
  const last = fields.length - 1
  if (cells.length <= last) return null
  const name = line.split(',').slice(last).join(',').trim()
  const value = (field: Field) => cells[fields.indexOf(field)]
  const number = (field: Field) => numberOf(value(field))
  const bytes = (field: Field) => scaled(number(field), MIB)
  const total = bytes('memory.total')
  // A line that is cut, or of another program, has words where the numbers are.
  if (name === '' || NUMBERS.some(field => !isCell(value(field)))) return null
  const used = bytes('memory.used')
  const gpu: GpuStatus = {
    name,
    vendor: 'nvidia',
    driver: told(value('driver_version')),
    memory: { total, used, free: bytes('memory.free') ?? (total !== null && used !== null ? total - used : null) },
    // Jetson and Grace have one memory for both; nvidia-smi tells of none there.
    unified: total === null,
    utilisation: scaled(number('utilization.gpu'), 0.01),
    temperature: number('temperature.gpu'),
    power: number('power.draw'),
    mig: null,
    source: 'nvidia-smi',
  }
  return { gpu, divided: fields.includes('mig.mode.current') && /^enabled$/i.test(value('mig.mode.current')) }
}

const UNTOLD = /^(\[.*\]|n\/a|unknown error|not supported|insufficient permissions)$/i
const told = (cell: string): string | null => (cell === '' || UNTOLD.test(cell) ? null : cell)
const isCell = (cell: string): boolean => told(cell) === null || /^\d+(\.\d+)?$/.test(cell)
const numberOf = (cell: string): number | null => (told(cell) === null ? null : Number(cell))
const scaled = (value: number | null, factor: number): number | null => (value === null ? null : value * factor)

/** nvidia-smi -L: for each card the profiles of its MIG instances, "1g.10gb". */
export function parseMigList(text: string): string[][] {
  const cards: string[][] = []
  for (const line of text.split(/\r?\n/)) {
    if (/^GPU \d+:/.test(line)) cards.push([])
    const profile = /^\s+MIG (\S+)\s+Device\s+\d+:/.exec(line)?.[1]
    if (profile) cards.at(-1)?.push(profile)
  }
  return cards
}

/** Instances have what their profile's name says, rounded down; what is in use there nvidia-smi tells in no table. */
function slicesOf(card: GpuStatus, profiles: readonly string[]): GpuStatus[] {
  return profiles.map(profile => {
    const gigabytes = /\b(\d{1,5})gb/i.exec(profile)?.[1]
    const total = gigabytes === undefined ? null : Number(gigabytes) * 1e9
    return { ...card, mig: profile, memory: { total, used: null, free: total }, utilisation: null }
  })
}

/** The oldest drivers for CUDA of a version. Source: NVIDIA, CUDA compatibility, minimum driver versions. */
const CUDA_DRIVERS: readonly { cuda: number; linux: number; windows: number }[] = [
  { cuda: 13, linux: 580, windows: 580 },
  { cuda: 12, linux: 525.6, windows: 527.41 },
]

const leastOf = (row: (typeof CUDA_DRIVERS)[number], platform: NodeJS.Platform): number =>
  platform === 'win32' ? row.windows : row.linux

/** First number of the newest CUDA that a driver can run; null where it is too old for all. */
export function cudaOfDriver(driver: string, platform: NodeJS.Platform = process.platform): number | null {
  const version = Number.parseFloat(driver)
  return CUDA_DRIVERS.find(row => version >= leastOf(row, platform))?.cuda ?? null
}

/** The oldest driver that runs CUDA of a version, by its first number. A version that is not known needs the newest of the table. */
export function driverFor(cuda: number, platform: NodeJS.Platform = process.platform): string {
  return String(leastOf(CUDA_DRIVERS.find(row => row.cuda === cuda) ?? CUDA_DRIVERS[0], platform))
}
