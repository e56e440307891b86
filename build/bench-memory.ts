/**
 * npm run bench:memory: what pictures take of memory beside what was estimated before, on the processor: three sizes of model
 * by three sizes of picture, each in a process of its own. The factors of core/machine/factors.ts come from here.
 * Of weights that stay in their files the system decides how much is resident: there the process's own memory (RssAnon) is
 * compared with the estimate, which leaves the files out.
 *
 *   npm run bench:memory [-- --side 256 --side 512 --side 768] [--model PATH [--controlnet PATH]] [--profile P] [--steps 2] [--json]
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { PROFILE_NAMES } from '../core/contract/vocabulary.ts'
import { Studio } from '../core/generate/studio.ts'
import { ownBytesOf } from '../core/machine/admission.ts'
import { DRAFT } from '../core/machine/draft-folder.ts'
import { fixture } from '../core/testing/fixtures.ts'
import { SIZES } from './bench-job.ts'
import { writeRandomModel } from './random-model-folder.ts'

const { values } = parseArgs({
  options: {
    side: { type: 'string', multiple: true, default: ['256', '512', '768'] },
    model: { type: 'string', multiple: true },
    controlnet: { type: 'string' },
    profile: { type: 'string' },
    steps: { type: 'string', default: '2' },
    json: { type: 'boolean', default: false },
  },
})
const profile = PROFILE_NAMES.find(name => name === values.profile)

const MB = 1e6
const scratch = await mkdtemp(join(tmpdir(), 'zihua-bench-memory-'))
const rows: object[] = []
try {
  const golden = fixture('sdxl/pipeline')
  const models: [name: string, path: string][] = values.model?.map(path => [path, path]) ?? [
    ...(golden ? ([['tiny', golden]] as [string, string][]) : []),
    ['draft', DRAFT],
    ['mid', await writeRandomModel(join(scratch, 'mid'), SIZES['mid']!)],
  ]
  for (const [name, path] of models) for (const side of values.side) rows.push(await measure(name, path, Number(side)))
} finally {
  await rm(scratch, { recursive: true, force: true })
}
if (values.json) console.log(JSON.stringify(rows))

async function measure(name: string, model: string, side: number): Promise<object> {
  await using studio = new Studio({ dataFolder: scratch })
  const base = process.cwd()
  const given = { word: '学', model, width: side, height: side, steps: Number(values.steps), guidanceScale: 5 }
  const chosen = values.controlnet ? { controlnet: values.controlnet } : {}
  // The golden pipeline has no control network of its own.
  const input = {
    ...given,
    ...chosen,
    ...(name === 'tiny' && !values.controlnet && { controls: null, prompt: 'a cat' }),
  }
  const request = await studio.generator.complete(input, base)
  const wishes = profile ? { profile } : {}
  const estimate = await studio.machine.estimate(await studio.generator.sizing(request, base), wishes)
  const own = watchOwn(studio)
  const [made] = await studio.generator.generate(request, { base, ...wishes, force: true })
  const peaks = Object.entries(Object.groupBy(made.memory, ({ operation }) => operation)).map(
    ([operation, records]) => [operation, Math.max(...records!.map(({ host }) => host.peak))],
  )
  const used = estimate!.profiles.find(each => each.profile === made.engine?.profile) ?? estimate!.profiles[0]
  const anonymous = own()
  const resident = Math.max(...peaks.map(([, peak]) => Number(peak)))
  const measured = used.stays && anonymous > 0 ? anonymous : resident
  const expected = used.total
  const row = {
    ...{ model: name, side, profile: made.engine?.profile, expected, measured, off: expected / measured - 1 },
    ...{ stage: used.stage, tiles: used.tiles, weights: used.weights, working: used.working, mapped: used.mapped },
    resident,
    peaks: Object.fromEntries(peaks),
  }
  if (!values.json) {
    const mb = (bytes: number) => `${Math.round(bytes / MB)} MB`
    const off = `${row.off >= 0 ? '+' : ''}${(row.off * 100).toFixed(1)} %`
    console.log(
      `${name.padEnd(6)} ${side}²  expected ${mb(expected)}, measured ${mb(measured)}${used.stays ? ` of its own, ${mb(resident)} with files` : ''} (${off}); most in ${used.stage}; ` +
        peaks.map(([operation, peak]) => `${operation} ${mb(Number(peak))}`).join(', '),
    )
  }
  return row
}

/** Looks at the inference process every tenth of a second. @returns ends that and gives the most it had of its own, bytes */
function watchOwn(studio: Studio): () => number {
  let most = 0
  const timer = setInterval(() => {
    for (const pid of studio.inference.pids) most = Math.max(most, ownBytesOf(pid) ?? 0)
  }, 100)
  return () => {
    clearInterval(timer)
    return most
  }
}
