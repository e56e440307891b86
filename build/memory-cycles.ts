/**
 * npm run bench:cycles: the draft model is loaded, paints, and is given back, many times over; what the host grows by, and what
 * the largest inference process was. Exit code 1 where the host grows by more than 5 % after its first tenth.
 *
 *   npm run bench:cycles [-- --cycles 200] [--side 256] [--model draft]
 */
import { tmpdir } from 'node:os'
import { parseArgs } from 'node:util'
import { runCycles } from '../core/generate/testing-cycles.ts'

const { values } = parseArgs({
  options: {
    cycles: { type: 'string', default: '200' },
    side: { type: 'string', default: '256' },
    model: { type: 'string', default: 'draft' },
  },
})
const report = await runCycles({
  cycles: Number(values.cycles),
  side: Number(values.side),
  model: values.model,
  folder: tmpdir(),
  onCycle: (cycle, { host, inference }) => {
    if (cycle % 10 === 0) console.log(`${cycle}: host ${mb(host)}, inference ${mb(inference)}`)
  },
})
const growth = report.after / report.before - 1
console.log(
  `host ${mb(report.before)} → ${mb(report.after)} (${(growth * 100).toFixed(1)} %), largest inference process ${mb(report.largest)}`,
)
if (growth > 0.05) process.exitCode = 1

function mb(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`
}
