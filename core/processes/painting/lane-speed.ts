/** Are lanes worth it? What a step takes alone, with all cores, beside what it takes in one of several lanes that share them. */
import type { MemoryRecord } from '../../machine/memory-monitor.ts'
import type { PipelineJob } from '../../pipeline/job.ts'

/** Pictures of each way before they are compared, and kept of each. */
const LEAST = 3
const KEPT = 15
/** Lanes are given up where they are slower by more than measurements of one thing differ. */
const MARGIN = 1.05
/** Kinds of picture that are remembered. */
const MOST_KINDS = 100

interface Measured {
  /** Milliseconds a step, one entry a picture. */
  alone: number[]
  together: number[]
}

export class LaneSpeed {
  readonly #kinds = new Map<string, Measured>()

  /**
   * A picture was painted: alone in all its time, or together with as many others as there are lanes.
   * @param memory of its operations; the first step, which may warm what later ones have, is left out
   */
  note(kind: string, way: keyof Measured, memory: readonly Pick<MemoryRecord, 'operation' | 'milliseconds'>[]): void {
    const steps = memory.filter(({ operation }) => operation === 'step').slice(1)
    if (steps.length === 0) return
    const measured = this.#kinds.get(kind) ?? { alone: [], together: [] }
    measured[way].push(steps.reduce((sum, { milliseconds }) => sum + milliseconds, 0) / steps.length)
    measured[way].splice(0, measured[way].length - KEPT)
    this.#kinds.delete(kind)
    this.#kinds.set(kind, measured)
    if (this.#kinds.size > MOST_KINDS) this.#kinds.delete(this.#kinds.keys().next().value!)
  }

  /** No only where enough was measured of both ways, and so many lanes made fewer steps in a second than one process alone. */
  worthwhile(kind: string, lanes: number): boolean {
    const { alone, together } = this.#kinds.get(kind) ?? { alone: [], together: [] }
    if (alone.length < LEAST || together.length < LEAST) return true
    return median(together) / lanes <= median(alone) * MARGIN
  }
}

/** Pictures of one kind take the same work a step. */
export const kindOf = ({ files, width, height }: Pick<PipelineJob, 'files' | 'width' | 'height'>): string =>
  JSON.stringify([files.model, files.controlnet, width, height])

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]
