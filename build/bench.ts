/**
 * npm run bench: seconds and peak memory per stage and for a whole picture, on random models of SDXL's classes, or on a
 * model of one's own. Each runs in a process of its own, so that its memory is its own. Later work has these numbers to beat.
 *
 *   npm run bench [-- --size tiny|mid|draft] [--model PATH --controlnet PATH] [--provider cpu|webgpu|cuda|…]
 *                 [--runs 3] [--side 512] [--steps 8] [--guidance 5] [--json]
 *                 [--weights folded|mapped] [--step fused|split] [--passes 1|2]
 */
import { fork } from 'node:child_process'
import { availableParallelism, cpus } from 'node:os'
import { parseArgs } from 'node:util'
import type { LoadOptions } from '../core/engine/network.ts'
import { NetworkCache } from '../core/engine/network-cache.ts'
import { OP_PROFILES, type OpProfile, type Provider } from '../core/graph/op-profiles.ts'
import { randomModel } from '../core/graph/random-model.ts'
import { buildUNet } from '../core/graph/unet.ts'
import type { PipelineResult } from '../core/pipeline/job.ts'
import { MultiControlNetPipeline } from '../core/pipeline/multi-controlnet-pipeline.ts'
import { SDXL_PREVIEW } from '../core/pipeline/preview.ts'
import { ModelLoader } from '../core/weights/loader.ts'
import { sameKeys } from '../core/weights/network-keys.ts'
import { benchJob, SIZES } from './bench-job.ts'

const { values } = parseArgs({
  options: {
    size: { type: 'string', multiple: true, default: ['tiny', 'draft', 'mid'] },
    model: { type: 'string' },
    controlnet: { type: 'string' },
    provider: { type: 'string', default: 'cpu' },
    runs: { type: 'string', default: '3' },
    side: { type: 'string', default: '512' },
    steps: { type: 'string', default: '8' },
    guidance: { type: 'string' },
    json: { type: 'boolean', default: false },
    weights: { type: 'string' },
    step: { type: 'string' },
    passes: { type: 'string' },
    child: { type: 'string' },
  },
})
const [runs, side, steps] = [Number(values.runs), Number(values.side), Number(values.steps)]
const provider = values.provider as Provider
for (const [option, chosen, known] of [
  ['provider', [provider], OP_PROFILES],
  ['size', values.size, SIZES],
] as const) {
  const wrong = chosen.find(one => !Object.hasOwn(known, one))
  if (!wrong) continue
  console.error(`--${option} ${wrong}: it is one of ${Object.keys(known).join(', ')}.`)
  process.exit(2)
}

interface Measured {
  what: string
  /** Seconds by stage, the median of the warm runs; load is the first run's. */
  seconds: Record<string, number>
  peakGiB: number
}

/** what: one of SIZES, or the path of a model. */
async function measure(what: string): Promise<Measured> {
  const controlnet = values.controlnet ?? null
  const model = SIZES[what] ? randomModel(SIZES[what]) : await new ModelLoader().open({ model: what, controlnet })
  const builds = await repeat(runs, async () => {
    const start = performance.now()
    buildUNet(model.unet, OP_PROFILES[provider], { batch: 2, height: side / 8, width: side / 8, tokens: 77 }, true)
    return (performance.now() - start) / 1000
  })
  const pipeline = new MultiControlNetPipeline(
    model,
    sameKeys(what),
    new NetworkCache({ budgetBytes: 16e9 }),
    loadOptions(),
    SDXL_PREVIEW,
  )
  const first = await timed(pipeline)
  const warm = await repeat(runs, () => timed(pipeline))
  const stage = (name: string, per = 1) => median(warm.map(({ result }) => (result.timings[name] ?? 0) / 1000 / per))
  return {
    what,
    seconds: {
      'build UNet graph': median(builds),
      'load (first picture)': (first.result.timings['load'] ?? 0) / 1000,
      'encode text': stage('encode'),
      'read 4 control pictures': stage('control'),
      'ControlNet and UNet, a step': stage('step', steps),
      decode: stage('decode'),
      'whole picture, first': first.seconds,
      'whole picture, warm': median(warm.map(({ seconds }) => seconds)),
      // Of all threads: what other programs take from the cores changes it little.
      'of the processor, warm': median(warm.map(({ cpu }) => cpu)),
    },
    peakGiB: warm.at(-1)!.result.peakMemory / 2 ** 30,
  }
}

function loadOptions(): LoadOptions {
  const { weights, step } = values as { weights?: OpProfile['weights']; step?: OpProfile['step'] }
  return {
    provider,
    threads: availableParallelism(),
    passes: values.passes === '2' ? 2 : 1,
    ops: { ...(weights ? { weights } : {}), ...(step ? { step } : {}) },
  }
}

let pictures = 0

async function timed(
  pipeline: MultiControlNetPipeline,
): Promise<{ seconds: number; cpu: number; result: PipelineResult }> {
  const job = benchJob(side, steps, pictures++)
  const given = values.guidance === undefined ? job : { ...job, guidanceScale: Number(values.guidance) }
  const start = performance.now()
  const before = process.cpuUsage()
  const result = await pipeline.run(given)
  const { user, system } = process.cpuUsage(before)
  return { seconds: (performance.now() - start) / 1000, cpu: (user + system) / 1e6, result }
}

async function repeat<T>(times: number, body: () => Promise<T>): Promise<T[]> {
  const all: T[] = []
  for (let i = 0; i < times; i++) all.push(await body())
  return all
}

const median = (numbers: number[]) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]

function measureInChild(what: string): Promise<Measured> {
  return new Promise((resolve, reject) => {
    const child = fork(import.meta.filename, [...process.argv.slice(2), '--child', what])
    child.on('message', measured => resolve(measured as Measured))
    child.on('exit', code => code && reject(new Error(`${what}: the process ended with code ${code}`)))
  })
}

if (values.child) {
  process.send!(await measure(values.child))
  process.disconnect()
} else {
  if (!values.json)
    console.log(
      `${cpus()[0]?.model.trim()}, ${availableParallelism()} threads, ${provider}; ${side}×${side}, ${steps} steps, guidance, four controls, medians of ${runs} warm runs`,
    )
  const all: Measured[] = []
  for (const what of values.model ? [values.model] : values.size) {
    const measured = await measureInChild(what)
    all.push(measured)
    if (values.json) continue
    console.log(`\n${what}${SIZES[what] ? `: ${SIZES[what].doc}` : ''}`)
    for (const [name, value] of Object.entries(measured.seconds))
      console.log(`  ${name.padEnd(26)} ${value.toFixed(3)} s`)
    console.log(`  ${'peak memory'.padEnd(26)} ${measured.peakGiB.toFixed(2)} GiB`)
  }
  if (values.json) console.log(JSON.stringify(all))
}
