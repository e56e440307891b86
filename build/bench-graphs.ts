/**
 * npm run bench:graphs: what it takes to load a model's denoiser and decoder with their graphs optimised anew and as they were
 * kept (core/engine/optimised-graphs.ts), and what a step takes afterwards; in turns, processor time of all threads.
 *
 *   npm run bench:graphs [-- --model models/draft --controlnet models/draft/controlnet] [--side 512] [--rounds 7]
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { planDenoiser } from '../core/engine/denoiser.ts'
import type { LoadOptions } from '../core/engine/network.ts'
import { optimisedGraphs } from '../core/engine/optimised-graphs.ts'
import { VaeNetwork } from '../core/engine/vae-network.ts'
import { ModelLoader } from '../core/weights/loader.ts'
import { compare, inTurns, line } from './paired.ts'

const { values } = parseArgs({
  options: {
    model: { type: 'string', default: join(import.meta.dirname, '../models/draft') },
    controlnet: { type: 'string', default: join(import.meta.dirname, '../models/draft/controlnet') },
    side: { type: 'string', default: '512' },
    rounds: { type: 'string', default: '7' },
  },
})
const side = Number(values.side) / 8
const model = await new ModelLoader().open({ model: values.model, controlnet: values.controlnet })
const options: LoadOptions = { provider: 'cpu', threads: availableParallelism() }
const folder = await mkdtemp(join(tmpdir(), 'zihua-graphs-'))

async function seconds<T>(body: () => Promise<T>): Promise<[number, T]> {
  const before = process.cpuUsage()
  const result = await body()
  const { user, system } = process.cpuUsage(before)
  return [(user + system) / 1e6, result]
}

/** Processor seconds of loading, and of the second of two steps. */
async function measured(where: string): Promise<[load: number, step: number]> {
  process.env['ZIHUA_GRAPHS'] = where
  const size = { height: side, width: side, tokens: 77, guided: true }
  const denoiser = planDenoiser(model, options, size, true)
  const decoder = VaeNetwork.plan(model.vae, options, { height: side, width: side }, 'decoder')
  const [load, networks] = await seconds(async () => [await denoiser.load(), await decoder.load()] as const)
  const [first] = networks
  const { config, modes } = first.control!
  const inputs = {
    encoderHiddenStates: new Float32Array(2 * 77 * config.crossAttentionDim),
    textEmbeds: new Float32Array(2 * (config.additionInputDim - 6 * config.additionTimeEmbedDim)),
    timeIds: new Float32Array(12),
  }
  const prepared = await first.prepare(
    inputs,
    Array.from({ length: modes }, (_, mode) => mode),
  )
  const step = () =>
    first.predict({
      prepared,
      latents: new Float32Array(4 * side * side).fill(0.5),
      timestep: 500,
      control: null,
      guidanceScale: 5,
    })
  await step()
  const [one] = await seconds(step)
  for (const network of networks) await network.release()
  await optimisedGraphs()?.written()
  return [load, one]
}

try {
  console.log(
    `${cpus()[0]?.model.trim()}, ${availableParallelism()} threads, load ${loadavg()[0].toFixed(1)}; ${values.model}, ${values.side}², A: optimised anew, B: as kept`,
  )
  for (const where of ['', folder]) await measured(where)
  const [a, b] = await inTurns(Number(values.rounds), which => measured(which === 0 ? '' : folder))
  for (const [i, what] of ['load, processor', 'a step, processor'].entries())
    console.log(
      line(
        what,
        compare(
          a.map(each => each[i]),
          b.map(each => each[i]),
        ),
      ),
    )
} finally {
  await rm(folder, { recursive: true, force: true })
}
