/** A thread that estimates: a graph of SDXL's size takes half a second to build, and the host must never wait. */
import { stat } from 'node:fs/promises'
import { answer } from '../channel/answer.ts'
import { ModelLoader } from '../weights/loader.ts'
import { readHeader } from '../weights/safetensors.ts'
import type { Model } from '../weights/types.ts'
import { planWidening } from '../weights/widen.ts'
import { neededBy, offersOf, type WeighedRung, weigh } from './admission.ts'
import type { EstimateCalls, EstimateFiles, WeighedProfile } from './estimator.ts'
import { factorsFrom } from './factors.ts'

const loader = new ModelLoader()
let opened: { key: string; model: Model } | null = null

async function open(files: EstimateFiles): Promise<Model> {
  const key = JSON.stringify(files)
  if (opened?.key === key) return opened.model
  const previous = opened
  opened = null
  await previous?.model.dispose()
  const { model, controlnet, vae } = files
  opened = { key, model: await loader.open({ model, controlnet, vae }) }
  return opened.model
}

/** Opening writes widened copies of quantised files, once: that is for the first picture to do, not for a look at its size. */
async function isQuantised({ model, controlnet, vae }: EstimateFiles): Promise<boolean> {
  for (const path of [model, controlnet, vae]) {
    if (path === null || !(await stat(path).catch(() => null))?.isFile()) continue
    if (planWidening(await readHeader(path)).bytes > 0) return true
  }
  return false
}

const viewOf = ({ profile, estimate, fits, options }: WeighedRung): WeighedProfile => ({
  profile,
  fits,
  total: estimate.total,
  needed: neededBy(estimate),
  weights: estimate.peak.weights,
  working: estimate.total - estimate.peak.weights,
  mapped: estimate.peak.mapped,
  stage: estimate.peak.stage,
  tiles: estimate.tiles,
  stays: options.ops?.weights === 'mapped',
})

answer<EstimateCalls>({
  estimate: async ({ files, shape, choice, room }) => {
    if (await isQuantised(files)) return null
    const model = await open(files)
    const factors = factorsFrom(choice.factors)
    const weighed: WeighedRung[] = []
    for (const rung of choice.ladder) {
      weighed.push(weigh(model, rung, shape, room, factors))
      // Smaller profiles are of interest where this one does not fit.
      if (weighed.at(-1)!.fits) break
    }
    const fits = choice.fixed ? weighed[0].fits : weighed.some(one => one.fits)
    const offers = fits ? [] : offersOf(model, weighed, shape, room, factors)
    return { profiles: weighed.map(viewOf), fits, offers, available: room.available }
  },
})
