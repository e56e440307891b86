/**
 * npm run check:gpu: what a card does with the engine, in one report. Each item is a process of its own, so that its memory is
 * its own, and that one that dies takes no other along.
 *   equality: a picture of a random model on the provider beside the CPU's
 *   items:    seconds a stage, memory, equality, with one thing changed at a time (ITEMS)
 *   diffusers: the same work by build/bench-diffusers.py, where Python has it and --model names a model
 *
 *   npm run check:gpu [-- --provider cuda] [--size mid|draft|tiny] [--side 1024] [--steps 4] [--runs 2] [--out gpu-check.json]
 *                     [--model FOLDER --controlnet FOLDER] [--minutes 6] [--items NAME,NAME]
 *
 * Without --model the weights are random and made here. With `--provider cpu --size tiny --side 64` it rehearses anywhere.
 */
import { fork, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { availableParallelism, cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { LoadOptions } from '../core/engine/network.ts'
import { NetworkCache } from '../core/engine/network-cache.ts'
import { FUSIONS, OP_PROFILES, type OpProfile, type Provider } from '../core/graph/op-profiles.ts'
import { randomModel } from '../core/graph/random-model.ts'
import type { PipelineResult } from '../core/pipeline/job.ts'
import { MultiControlNetPipeline } from '../core/pipeline/multi-controlnet-pipeline.ts'
import { SDXL_PREVIEW } from '../core/pipeline/preview.ts'
import { ModelLoader } from '../core/weights/loader.ts'
import { sameKeys } from '../core/weights/network-keys.ts'
import { benchJob, SIZES } from './bench-job.ts'
import { median } from './paired.ts'

const { values } = parseArgs({
  options: {
    provider: { type: 'string', default: 'cuda' },
    size: { type: 'string', default: 'mid' },
    side: { type: 'string', default: '1024' },
    steps: { type: 'string', default: '4' },
    runs: { type: 'string', default: '2' },
    out: { type: 'string', default: 'gpu-check.json' },
    model: { type: 'string' },
    controlnet: { type: 'string' },
    minutes: { type: 'string', default: '6' },
    items: { type: 'string' },
    child: { type: 'string' },
  },
})
const provider = values.provider as Provider
if (!Object.hasOwn(OP_PROFILES, provider) || !SIZES[values.size]) {
  console.error(
    `--provider is one of ${Object.keys(OP_PROFILES).join(', ')}, --size of ${Object.keys(SIZES).join(', ')}.`,
  )
  process.exit(2)
}
const [side, steps, runs] = [Number(values.side), Number(values.steps), Number(values.runs)]

interface Item {
  what: string
  provider: Provider
  ops?: Partial<OpProfile>
  /** ZIHUA_ENGINE. */
  engine?: string
  cuda?: Record<string, string>
  /** Whether constant inputs stay on the device. */
  resident?: boolean
  /** Pictures that are denoised together; the seconds are those of one. */
  batch?: number
}

/** Channels last is of contributed ops on CUDA; elsewhere the stand-in, which proves the same graph. */
const last = provider === 'cuda' ? 'channels-last' : 'channels-last-plain'
const ITEMS: Readonly<Record<string, Item>> = {
  reference: { what: 'the CPU, 32 bits: what all others are compared with', provider: 'cpu' },
  profile: { what: "the provider's own row of OP_PROFILES", provider },
  'fused-step': { what: 'ControlNet, UNet and guidance in one graph', provider, ops: { step: 'fused' } },
  'channels-last': { what: 'maps channels last', provider, ops: { maps: last } },
  ...Object.fromEntries(
    FUSIONS.map(fusion => [
      `channels-last ${fusion}`,
      { what: `the same, and ${fusion} fused`, provider, ops: { maps: last, fusions: [fusion] } } satisfies Item,
    ]),
  ),
  'channels-last all-fused': { what: 'the same, and all of these', provider, ops: { maps: last, fusions: FUSIONS } },
  'channels-last fused-step': {
    what: 'channels last, and one graph a step',
    provider,
    ops: { maps: last, step: 'fused' },
  },
  'context-once': { what: "the text's keys and values once a picture", provider, ops: { contextOnce: true } },
  fp32: { what: '32-bit arithmetic', provider, ops: { compute: 'F32' } },
  'plain-attention': { what: 'attention of standard ops', provider, ops: { attention: 'plain' } },
  'batch of 4': { what: 'four pictures denoised together, seconds of one', provider, batch: 4 },
  'c-api': {
    what: 'through the C API: no TF32, conv search by heuristic, memory as requested, what stays the same kept on the card',
    provider,
    engine: 'c-api',
  },
  'c-api not-resident': {
    what: 'the same, and keys, values and control features sent to the card at every step',
    provider,
    engine: 'c-api',
    resident: false,
  },
  'c-api prefer-nhwc': {
    what: "the same, and the provider's own channels last",
    provider,
    engine: 'c-api',
    cuda: { prefer_nhwc: '1' },
  },
  'c-api conv-search': {
    what: 'the same, convolutions searched exhaustively',
    provider,
    engine: 'c-api',
    cuda: { cudnn_conv_algo_search: 'EXHAUSTIVE' },
  },
}

interface Measured {
  /** Seconds: load, and the medians of the warm runs. */
  seconds: Record<string, number>
  /** Largest resident memory of the process, GiB. */
  peakGiB: number
  /** Memory of the card that the process holds after its runs, MiB; null where nvidia-smi does not say. */
  cardMiB: number | null
  /** Of the first picture, before anything is rounded: the last latents, and the picture. */
  latents: Float32Array
  image: Float32Array
}

async function measure({ provider, ops = {}, cuda, resident, batch = 1 }: Item): Promise<Measured> {
  const { model: path, controlnet = null } = values
  const model = path ? await new ModelLoader().open({ model: path, controlnet }) : randomModel(SIZES[values.size])
  const options: LoadOptions = {
    ...{ provider, ops, threads: availableParallelism(), batch },
    ...(cuda && { cuda }),
    ...(resident !== undefined && { resident }),
  }
  const pipeline = new MultiControlNetPipeline(
    model,
    sameKeys('check'),
    new NetworkCache({ budgetBytes: 64e9 }),
    options,
    SDXL_PREVIEW,
  )
  const all: PipelineResult[] = []
  const whole: number[] = []
  for (let i = 0; i <= runs; i++) {
    const start = performance.now()
    all.push(await pipeline.run({ ...benchJob(side, steps, i), count: batch, trace: i === 0 }))
    whole.push((performance.now() - start) / 1000 / batch)
  }
  const stage = (name: string) => median(all.slice(1).map(({ timings }) => (timings[name] ?? 0) / 1000))
  const [first] = all
  const traced = (name: string) => first.pictures[0].trace![name].data
  return {
    seconds: {
      load: (first.timings['load'] ?? 0) / 1000,
      encode: (first.timings['encode'] ?? 0) / 1000,
      control: stage('control'),
      step: stage('step') / steps / batch,
      decode: stage('decode') / batch,
      picture: median(whole.slice(1)),
    },
    peakGiB: process.resourceUsage().maxRSS / 2 ** 20,
    cardMiB: cardMemory(),
    latents: traced(`latents_after_step.${steps - 1}`),
    image: traced('image'),
  }
}

function smi(...query: string[]): string | null {
  const { status, stdout } = spawnSync('nvidia-smi', [...query, '--format=csv,noheader,nounits'], {
    encoding: 'utf8',
    timeout: 5000,
  })
  return status === 0 ? stdout.trim() : null
}

function cardMemory(): number | null {
  const line = smi('--query-compute-apps=pid,used_memory')
    ?.split('\n')
    .find(each => each.startsWith(`${process.pid},`))
  return line ? Number(line.split(',')[1]) : null
}

type Entry = { what: string; failed?: string } & Partial<
  Omit<Measured, 'latents' | 'image'> & { latentsDiffer: number; imageDiffers: number }
>

function inChild(name: string, limitMs: number): Promise<Measured> {
  const { promise, resolve, reject } = Promise.withResolvers<Measured>()
  const engine = ITEMS[name].engine
  const child = fork(import.meta.filename, [...process.argv.slice(2), '--child', name], {
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
    env: { ...process.env, ...(engine && { ZIHUA_ENGINE: engine }) },
  })
  let complaint = ''
  child.stderr!.on('data', (bytes: Buffer) => {
    complaint = (complaint + bytes).slice(-4000)
  })
  const timer = setTimeout(() => child.kill('SIGKILL'), limitMs)
  child.on('message', measured => resolve(measured as Measured))
  child.on('exit', (code, signal) => {
    clearTimeout(timer)
    const said = complaint.split('\n').filter(line => /error|fail|message/i.test(line))[0] ?? ''
    reject(new Error(`ended with ${signal ?? code} ${said.trim().slice(0, 300)}`.trim()))
  })
  return promise
}

/** Root of the mean squared difference, relative to the reference's own; NaN where a number is not finite. */
function difference(values: Float32Array, reference: Float32Array): number {
  let [off, own] = [0, 0]
  for (let i = 0; i < values.length; i++) {
    off += (values[i] - reference[i]) ** 2
    own += reference[i] ** 2
  }
  return Math.sqrt(off / own)
}

function diffusers(): unknown {
  if (!values.model || !values.controlnet) return 'left out: it needs --model and --controlnet'
  const script = join(import.meta.dirname, 'bench-diffusers.py')
  const args = [script, values.model, values.controlnet, '--side', values.side, '--steps', values.steps]
  const { status, stdout, stderr, error } = spawnSync('python3', args, { encoding: 'utf8', timeout: 120_000 })
  if (error || status !== 0)
    return `left out: ${(error?.message ?? stderr.trim().split('\n').at(-1) ?? '').slice(0, 300)}`
  return stdout.trim().split('\n')
}

async function check(): Promise<void> {
  const start = performance.now()
  const end = start + Number(values.minutes) * 60_000
  const names = values.items
    ? ['reference', ...values.items.split(',').filter(name => name !== 'reference')]
    : Object.keys(ITEMS)
  const unknown = names.find(name => !Object.hasOwn(ITEMS, name))
  if (unknown) {
    console.error(`There is no item ${unknown}: ${Object.keys(ITEMS).join(', ')}.`)
    process.exit(2)
  }
  const items: Record<string, Entry> = {}
  let reference: Pick<Measured, 'latents' | 'image'> | null = null
  for (const name of names) {
    const { what } = ITEMS[name]
    const left = end - performance.now()
    try {
      if (left < 5000) throw new Error('left out: the time is up')
      const { latents, image, ...measured } = await inChild(name, left)
      if (name === 'reference') reference = { latents, image }
      const differences = reference && {
        latentsDiffer: difference(latents, reference.latents),
        imageDiffers: difference(image, reference.image),
      }
      items[name] = { what, ...measured, ...differences }
    } catch (error) {
      items[name] = { what, failed: (error as Error).message }
    }
    const { seconds, failed, latentsDiffer, imageDiffers } = items[name]
    console.log(
      failed
        ? `${name.padEnd(26)} ${failed}`
        : `${name.padEnd(26)} step ${seconds!['step'].toFixed(4)} s, decode ${seconds!['decode'].toFixed(3)} s, picture ${seconds!['picture'].toFixed(3)} s, latents off by ${latentsDiffer?.toExponential(1)}, picture by ${imageDiffers?.toExponential(1)}`,
    )
  }
  const report = {
    date: new Date().toISOString(),
    processor: `${cpus()[0]?.model.trim()}, ${availableParallelism()} threads, ${Math.round(totalmem() / 2 ** 30)} GiB`,
    card: smi('--query-gpu=name,driver_version,memory.total'),
    node: process.version,
    work: { provider, model: values.model ?? `random, ${values.size}`, side, steps, runs, controls: 4, guidance: true },
    seconds: 0,
    items,
    diffusers: performance.now() < end - 30_000 ? diffusers() : 'left out: the time is up',
    notMeasured: [
      'graph capture: it needs inputs and outputs that stay on the card, which the engine does not bind yet',
    ],
  }
  report.seconds = (performance.now() - start) / 1000
  writeFileSync(values.out, `${JSON.stringify(report, null, 2)}\n`)
  console.log(
    `${values.out}: ${Object.values(items).filter(({ failed }) => !failed).length} of ${names.length} items measured`,
  )
  process.exitCode = items['reference'].failed || Object.values(items).every(({ failed }) => failed) ? 1 : 0
}

if (values.child) {
  const measured = await measure(ITEMS[values.child])
  process.send!(measured, () => process.disconnect())
} else await check()
