/**
 * npm run bench:cancel: how long a picture that is cancelled in the middle of a step keeps its process, and whether the model
 * stays loaded. Each round aborts at a moment of its own within a step, then asks the process to prepare the same picture
 * again: it answers once it is free, in milliseconds where text and networks are still there, in seconds where they are not.
 *
 *   npm run bench:cancel [-- --model PATH] [--controlnet PATH] [--side 512] [--times 20] [--profile P] [--json]
 *
 * Exit code 1 where the 95th percentile is more than 100 ms, or a process was replaced.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { PROFILE_NAMES } from '../core/contract/vocabulary.ts'
import { preparationOf } from '../core/generate/prepare-job.ts'
import { Studio } from '../core/generate/studio.ts'
import { DRAFT } from '../core/machine/draft-folder.ts'
import { median } from './paired.ts'

/** Milliseconds that a cancelled step may keep its process. */
const LIMIT = 100

const { values } = parseArgs({
  options: {
    model: { type: 'string', default: DRAFT },
    controlnet: { type: 'string' },
    side: { type: 'string', default: '512' },
    times: { type: 'string', default: '20' },
    profile: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
})
const profile = PROFILE_NAMES.find(name => name === values.profile)
const [side, times] = [Number(values.side), Number(values.times)]
const base = process.cwd()
const dataFolder = await mkdtemp(join(tmpdir(), 'zihua-bench-cancel-'))
const report: { step: number; free: number[]; replaced: number } = { step: 0, free: [], replaced: 0 }
try {
  await using studio = new Studio({ dataFolder })
  const { generator, inference } = studio
  const wishes = { force: true, ...(profile && { profile }) }
  const input = { word: '学习', model: values.model, width: side, height: side, steps: 4, guidanceScale: 5 }
  const chosen = values.controlnet === undefined ? {} : { controlnet: values.controlnet }
  const request = await generator.complete({ ...input, ...chosen }, base)
  const { files, prompts } = await generator.describe(request, base)
  const preparation = preparationOf(request, files, prompts)

  /** Paints until the second step begins, which ends `until`; → what to abort with, and the picture that never comes. */
  const begin = () => {
    const until = Promise.withResolvers<number>()
    const abort = new AbortController()
    let began = 0
    const picture = generator.generate(request, {
      ...{ base, ...wishes, signal: abort.signal },
      onProgress: ({ kind, ...progress }) => {
        if (kind === 'stage' && 'stage' in progress && progress.stage === 'control') began = performance.now()
        if (kind === 'step') until.resolve(performance.now() - began)
      },
    })
    picture.catch(until.reject)
    return { abort, picture, until: until.promise }
  }
  // The first step with what is read once; the second is as long as any other.
  const first = begin()
  report.step = await first.until
  first.abort.abort()
  await first.picture.catch(() => undefined)
  await inference.prepare(preparation, wishes)
  const [pid] = inference.pids
  for (let time = 0; time < times; time++) {
    const { abort, picture, until } = begin()
    await until
    // A quasi-random moment: the golden ratio's multiples leave no part of the step out.
    await sleep(report.step * (0.1 + 0.8 * ((time * 0.618034) % 1)))
    const began = performance.now()
    abort.abort()
    await picture.catch(() => undefined)
    await inference.prepare(preparation, wishes)
    report.free.push(performance.now() - began)
    if (inference.pids[0] !== pid) report.replaced++
    if (!values.json) console.error(`${report.free.at(-1)!.toFixed(0)} ms`)
  }
} finally {
  await rm(dataFolder, { recursive: true, force: true })
}
const sorted = report.free.toSorted((a, b) => a - b)
const p95 = sorted[Math.ceil(0.95 * sorted.length) - 1]
if (values.json) console.log(JSON.stringify({ ...report, median: median(sorted), p95, longest: sorted.at(-1) }))
else
  console.log(
    `${cpus()[0]?.model.trim()}, ${availableParallelism()} threads, load ${loadavg()[0].toFixed(1)}; a step of ${(report.step / 1000).toFixed(2)} s, ${times} times: ` +
      `free after ${median(sorted).toFixed(0)} ms, 95th percentile ${p95.toFixed(0)} ms, longest ${sorted.at(-1)!.toFixed(0)} ms; ${report.replaced} processes replaced`,
  )
if (p95 > LIMIT || report.replaced > 0) process.exitCode = 1
