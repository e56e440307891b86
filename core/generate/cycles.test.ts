import { tmpdir } from 'node:os'
import { expect, it } from 'vitest'
import { fixture } from '../testing/fixtures.ts'
import { runCycles } from './testing-cycles.ts'

const model = fixture('sdxl/pipeline')

it.skipIf(!model)(
  '10 cycles of load, paint and give back: the host does not grow (needs the golden set sdxl)',
  async () => {
    const inference: number[] = []
    const report = await runCycles({
      ...{ cycles: 10, side: 128, model: model!, folder: tmpdir() },
      onCycle: (_, bytes) => inference.push(bytes.inference),
    })
    // A kept picture, job or process of each cycle would be more; what the allocator keeps is a few megabytes.
    expect(report.after - report.before).toBeLessThan(30e6)
    // Each process begins anew. One may load its networks side by side with more than another, a fifth at most seen: halves are compared.
    const middle = (bytes: readonly number[]) => bytes.toSorted((a, b) => a - b)[Math.floor(bytes.length / 2)]
    expect(middle(inference.slice(5)) / middle(inference.slice(0, 5))).toBeLessThan(1.1)
  },
)
