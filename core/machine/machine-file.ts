/** machine.json of the data folder: what was found out about this machine and need not be found out again. */
import { join } from 'node:path'
import { z } from 'zod'
import { PROVIDER_NAMES } from '../contract/vocabulary.ts'
import { readJson, writeDurably } from '../files/durable.ts'
import { SerialQueue } from '../files/serial-queue.ts'

const verdictSchema = z.object({
  /** What the verdict holds for: versions of the engine and of the driver, and where drivers are looked for. */
  on: z.string(),
  at: z.string(),
  report: z.object({
    provider: z.enum(PROVIDER_NAMES),
    verdict: z.enum(['passed', 'unavailable', 'wrong', 'failed', 'hung', 'crashed']),
    detail: z.string().nullable(),
    ops: z.object({
      compute: z.enum(['F32', 'F16']).exactOptional(),
      attention: z.enum(['fused', 'plain']).exactOptional(),
      activation: z.enum(['fused', 'plain']).exactOptional(),
    }),
    backend: z.enum(['c-api', 'npm']).nullable(),
    backendReason: z.string().nullable().default(null),
    difference: z.number().nullable(),
    milliseconds: z.number().nullable(),
  }),
})

const stepSchema = z.object({
  provider: z.enum(PROVIDER_NAMES),
  model: z.string(),
  width: z.number(),
  height: z.number(),
  /** Of one step. */
  seconds: z.number(),
  at: z.string(),
})
/** A measured step: what a provider brings with a model. */
export type MeasuredStep = z.infer<typeof stepSchema>

const fileSchema = z.object({
  version: z.literal(1),
  verdicts: z.partialRecord(z.enum(PROVIDER_NAMES), verdictSchema),
  steps: z.array(stepSchema),
  /** What a run's memory was measured to be, in parts of what its graph's shapes add up to; by provider and operation. */
  factors: z.record(z.string(), z.number().min(0.1).max(20)),
})
export type MachineFacts = z.infer<typeof fileSchema>

const EMPTY: MachineFacts = { version: 1, verdicts: {}, steps: [], factors: {} }
const MOST_STEPS = 50

export class MachineFile {
  readonly #file: string
  readonly #writing = new SerialQueue()
  #facts: Promise<MachineFacts> | null = null

  constructor(dataFolder: string) {
    this.#file = join(dataFolder, 'machine.json')
  }

  /** A damaged file, or another version's, is empty: everything in it can be found out again. */
  read(): Promise<MachineFacts> {
    this.#facts ??= readJson(this.#file)
      .catch(() => null)
      .then(found => {
        const parsed = fileSchema.safeParse(found)
        return parsed.success ? parsed.data : structuredClone(EMPTY)
      })
    return this.#facts
  }

  /** @throws StudioError 'cannot-write' */
  async change(change: (facts: MachineFacts) => void): Promise<void> {
    const facts = await this.read()
    change(facts)
    facts.steps = facts.steps.slice(-MOST_STEPS)
    await this.#writing.run(() => writeDurably(this.#file, `${JSON.stringify(facts, null, 2)}\n`))
  }
}
