/**
 * Downloads under attack: a server with faults, and a process that is killed in the middle, from a seed. Used by the tests
 * with a few rounds and by build/attack-downloads.ts with many.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { seeded } from '../testing/random.ts'
import { Journal, PART } from './journal.ts'
import { type BadServer, type Behaviour, seededBytes, startBadServer } from './testing.ts'
import type { ChildJob } from './testing-child.ts'

const BLOCK = 128 << 10
const RANGES = 4
const FAULTS: readonly Behaviour[] = [
  'drop',
  'stall',
  'ignore-range',
  'lie',
  'lie-total',
  'html',
  'shift',
  'flip',
  'busy',
  'too-many',
  'gone',
  'gzip',
]

export interface Round {
  seed: number
  /** Interruptions: kills and faults that were met. */
  kills: number
  faults: number
  /** How often the process was started. */
  runs: number
  /** The most blocks that had been begun and were not whole when the process was killed: what the next one fetches again. */
  lost: number
  /** What was not as it should be. */
  complaints: string[]
}

/** @param seed decides everything: size, faults, moments of the kills */
export async function attack(seed: number): Promise<Round> {
  const random = seeded(seed).next
  const bytes = seededBytes(`attack-${seed}`, BLOCK * (8 + Math.floor(random() * 40)) + Math.floor(random() * BLOCK))
  const folder = await mkdtemp(join(tmpdir(), 'zihua-attack-'))
  await using server = await startBadServer(bytes)
  const file = join(folder, 'model.bin')
  // A third of the rounds has kills alone, so that what they cost can be counted.
  const share = seed % 3 === 0 ? 0 : random() * 0.4
  let met = 0
  server.behave = () => {
    const isFault = random() < share
    if (isFault) met++
    return isFault ? FAULTS[Math.floor(random() * FAULTS.length)] : 'well'
  }
  const round: Round = { seed, kills: 0, faults: 0, runs: 0, lost: 0, complaints: [] }
  const kills = 1 + Math.floor(random() * 3)
  for (; round.runs < 60 && !existsSync(file); round.runs++) {
    const at = round.kills < kills ? server.sent + Math.floor(random() * bytes.length * 0.6) : null
    const job = { url: server.url, file, size: bytes.length, sha256: server.sha256, blockBytes: BLOCK, ranges: RANGES }
    const asked = server.requests.length
    const whole = (await Journal.find(file))?.done ?? new Uint8Array()
    if (await run({ ...job, stallMs: 400, most: 30 }, server, at)) round.kills++
    for (const { range } of server.requests.slice(asked))
      if (coversWhole(range, whole)) round.complaints.push(`${range} was fetched again`)
    const { lost, complaints } = await lookAt(file, bytes, met === 0)
    round.lost = Math.max(round.lost, lost)
    round.complaints.push(...complaints)
  }
  if (!existsSync(file)) round.complaints.push('it never ended')
  round.faults = met
  await rm(folder, { recursive: true })
  return round
}

/** Blocks that one kill may cost: one a range. */
export const MOST_LOST = RANGES

/** Whether a request asks for a block that was whole before. */
function coversWhole(range: string | undefined, whole: Uint8Array): boolean {
  const match = /^bytes=(\d+)-(\d+)$/.exec(range ?? '')
  return match !== null && whole.subarray(Number(match[1]) / BLOCK, (Number(match[2]) + 1) / BLOCK).includes(1)
}

/** Starts the process, kills it when the server has sent so much. @returns whether it was killed */
async function run(job: ChildJob, server: BadServer, killAt: number | null): Promise<boolean> {
  const script = fileURLToPath(new URL('./testing-child.ts', import.meta.url))
  const child = spawn(process.execPath, [script, JSON.stringify(job)], { stdio: ['ignore', 'ignore', 'inherit'] })
  let killed = false
  server.onSent = sent => {
    if (killAt !== null && sent >= killAt) killed = child.kill('SIGKILL') || killed
  }
  await once(child, 'exit')
  server.onSent = () => {}
  return killed && child.signalCode === 'SIGKILL'
}

/**
 * No wrong file has its name, and no block is called whole that is not.
 * @param exact the server has sent nothing wrong, so that whole blocks have the right bytes
 */
async function lookAt(file: string, bytes: Buffer, exact: boolean): Promise<Pick<Round, 'lost' | 'complaints'>> {
  const complaints: string[] = []
  if (existsSync(file)) {
    if (!(await readFile(file)).equals(bytes)) complaints.push('a corrupt file has its name')
    if (existsSync(file + PART) || existsSync(`${file}${PART}.jsonl`)) complaints.push('its part was left behind')
    return { lost: 0, complaints }
  }
  const found = await Journal.find(file)
  if (!found) return { lost: 0, complaints }
  const part = await readFile(file + PART)
  let lost = 0
  for (const [block, whole] of found.done.entries()) {
    const span = part.subarray(block * BLOCK, (block + 1) * BLOCK)
    const isRight = span.equals(bytes.subarray(block * BLOCK, (block + 1) * BLOCK))
    if (whole && exact && !isRight) complaints.push(`block ${block} is not whole`)
    if (!whole && span.some(byte => byte !== 0)) lost++
  }
  return { lost, complaints }
}
