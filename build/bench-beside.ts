/**
 * npm run bench:beside: our engine beside diffusers on PyTorch, on this machine's CPU, with the same random weights, in turns,
 * each in a process of its own: seconds by stage and for a whole picture, peak memory, and what may be concluded.
 *
 *   npm run bench:beside -- --python PYTHON [--size draft|mid] [--side 512] [--steps 8] [--rounds 5] [--dtype float32|bfloat16]
 *
 * PYTHON has torch and diffusers (models/draft/training/requirements.txt). PyTorch's convolutions are quicker in one layout of the
 * maps or the other, by size: both are run. Ours is always in 32 bits.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { parseArgs } from 'node:util'
import { SIZES } from './bench-job.ts'
import { compare, line } from './paired.ts'
import { writeRandomModel } from './random-model-folder.ts'

const { values } = parseArgs({
  options: {
    python: { type: 'string' },
    size: { type: 'string', multiple: true, default: ['draft', 'mid'] },
    side: { type: 'string', default: '512' },
    steps: { type: 'string', default: '8' },
    rounds: { type: 'string', default: '5' },
    dtype: { type: 'string', default: 'float32' },
  },
})
const unknown = values.size.find(size => !Object.hasOwn(SIZES, size))
if (values.python === undefined || unknown !== undefined) {
  console.error(
    unknown === undefined
      ? 'Give --python: a Python with torch and diffusers.'
      : `--size ${unknown}: it is one of ${Object.keys(SIZES).join(', ')}.`,
  )
  process.exit(2)
}
const rounds = Number(values.rounds)

interface Measured {
  seconds: Record<string, number>
  peakGiB: number
}

async function run(program: string, args: string[]): Promise<Measured> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const [out, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')])
  if (code !== 0) throw new Error(`${program} ${args[0]} ended with code ${code}`)
  const found = JSON.parse(out) as Measured | Measured[]
  return Array.isArray(found) ? found[0]! : found
}

const common = ['--side', values.side, '--steps', values.steps, '--runs', '2', '--json']
const contenders = {
  ours: (model: string, controlnet: string) =>
    run(process.execPath, [
      join(import.meta.dirname, 'bench.ts'),
      '--model',
      model,
      '--controlnet',
      controlnet,
      ...common,
    ]),
  ...Object.fromEntries(
    ['contiguous', 'channels_last'].map(layout => [
      layout,
      (model: string, controlnet: string) =>
        run(values.python!, [
          join(import.meta.dirname, 'bench-diffusers.py'),
          ...[model, controlnet, '--dtype', values.dtype, '--layout', layout, ...common],
        ]),
    ]),
  ),
}

const scratch = await mkdtemp(join(tmpdir(), 'zihua-beside-'))
try {
  console.log(
    `${cpus()[0]?.model.trim()}, ${availableParallelism()} threads, load ${loadavg()[0].toFixed(1)}; ${values.side}², ${values.steps} steps, ` +
      `guidance, four controls; A ours, B diffusers in ${values.dtype}; ${rounds} rounds in turns`,
  )
  for (const size of values.size) {
    const model = await writeRandomModel(join(scratch, size), SIZES[size]!)
    const results = new Map(Object.keys(contenders).map(name => [name, [] as Measured[]]))
    for (let round = 0; round < rounds; round++) {
      const order = Object.entries(contenders)
      for (const [name, measure] of round % 2 === 0 ? order : order.reverse())
        results.get(name)!.push(await measure(model, join(model, 'controlnet')))
    }
    const ours = results.get('ours')!
    for (const [name, theirs] of results) {
      if (name === 'ours') continue
      for (const stage of Object.keys(theirs[0]!.seconds)) {
        const of = (all: Measured[]) => all.map(({ seconds }) => seconds[stage]!)
        console.log(line(`${size}, ${name}: ${stage}`, compare(of(ours), of(theirs))))
      }
      const peak = (all: Measured[]) => all.map(({ peakGiB }) => peakGiB)
      console.log(line(`${size}, ${name}: peak memory`, compare(peak(ours), peak(theirs)), 'GiB'))
    }
  }
} finally {
  await rm(scratch, { recursive: true, force: true })
}
