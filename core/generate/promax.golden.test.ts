/**
 * ControlNet-Union ProMax's own kinds of control picture, for repainting a part and for painting larger, against diffusers'
 * pipelines: fixtures/sdxl/promax/make.py.
 */
import { readFileSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { RequestInput } from '../contract/request.ts'
import { ModelRegistry } from '../machine/registry.ts'
import { InferenceClient } from '../processes/painting/client.ts'
import { builtInStyle } from '../prompt/styles.ts'
import { ownFixtures } from '../testing/fixtures.ts'
import { toFloat32 } from '../weights/numbers.ts'
import { readHeader, readTensor } from '../weights/safetensors.ts'
import { temporaryFolder, writeTensors } from '../weights/testing.ts'
import { AIImageGenerator } from './ai-image-generator.ts'

const golden = join(ownFixtures, 'sdxl/promax')
const model = join(ownFixtures, 'sdxl/pipeline')
const tensors = join(golden, 'tensors.safetensors')
const about = JSON.parse(readFileSync(join(golden, 'inputs.json'), 'utf8')) as {
  prompt: string
  negative_prompt: string
  guidance_scale: number
  runs: Record<string, { strength: number; num_inference_steps: number; controls: [string, number][] }>
}
const client = new InferenceClient({
  settings: { load: { provider: 'cpu', threads: 1 }, retention: { budgetBytes: 1e9 } },
})
const generator = new AIImageGenerator({
  inference: client,
  registry: new ModelRegistry(join(tmpdir(), 'zihua-no-models')),
  style: async id => builtInStyle(id)!,
  buildPrompts: async ({ prompt, negativePrompt }) => ({ prompt: prompt!, negativePrompt }),
  maps: { draw: () => Promise.reject(new Error('these runs bring their own control pictures')) },
})
let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeAll(async () => {
  folder = await temporaryFolder()
  await writeProMax(folder.path)
})
afterAll(async () => {
  await client.stop()
  await folder[Symbol.asyncDispose]()
})

/** The tiny model's ControlNet with eight kinds: the two tensors that say so are the golden's. */
async function writeProMax(to: string): Promise<void> {
  const own = join(model, 'controlnet/diffusion_pytorch_model.fp16.safetensors')
  const parts = new Map<string, { dtype: 'F16'; shape: number[]; data: Uint8Array }>()
  for (const [file, prefix] of [
    [own, ''],
    [tensors, 'controlnet.'],
  ]) {
    for (const name of [...(await readHeader(file)).tensors.keys()].filter(name => name.startsWith(prefix))) {
      const { shape, data } = await readTensor(file, name)
      parts.set(name.slice(prefix.length), { dtype: 'F16', shape: [...shape], data })
    }
  }
  await writeTensors(join(to, 'diffusion_pytorch_model.safetensors'), parts)
  const config = JSON.parse(await readFile(join(model, 'controlnet/config.json'), 'utf8'))
  await writeFile(join(to, 'config.json'), JSON.stringify({ ...config, num_control_type: 8 }))
}

const PART = {
  strokes: [],
  radical: false,
  blocks: [],
  ground: false,
  mask: join(golden, 'mask.png'),
  grow: 0,
  feather: 0,
}

/** The picture for repainting, or for tiles, is the studio's own doing: no request names it. */
const requestOf = (name: string): RequestInput => {
  const { controls, strength, num_inference_steps: steps } = about.runs[name]
  const given = controls.filter(([kind]) => kind !== 'repaint' && kind !== 'tile')
  return {
    ...{ model, controlnet: folder.path, prompt: about.prompt, negativePrompt: about.negative_prompt },
    ...{ width: 128, height: 128, sampler: 'euler', guidanceScale: about.guidance_scale, steps, strength },
    ...{ initImage: join(model, 'init_image.png'), noise: `${tensors}#${name}.noise` },
    ...(given.length > 0 && {
      controlImages: given.map(([type, weight]) => {
        return { type: type as 'depth', weight, image: join(model, `controls/${type}.png`) }
      }),
    }),
    ...(name.startsWith('tile') ? { upscale: { method: 'tiled', tile: 128 } } : { repaint: PART }),
  }
}

const most = (a: ArrayLike<number>, b: ArrayLike<number>) => {
  let away = 0
  for (let i = 0; i < a.length; i++) away = Math.max(away, Math.abs(a[i] - b[i]))
  return away
}

/** How far each step's latents are from diffusers'. */
async function away(name: string, change: RequestInput = {}): Promise<number[]> {
  const [made] = await generator.generateFrom({ ...requestOf(name), ...change }, { base: golden, trace: true })
  const { num_inference_steps, strength } = about.runs[name]
  return Promise.all(
    Array.from({ length: Math.trunc(num_inference_steps * strength) }, async (_, i) => {
      const { dtype, data } = await readTensor(tensors, `${name}.latents_after_step.${i}`)
      return most(made.trace![`latents_after_step.${i}`].data, toFloat32(dtype, data))
    }),
  )
}

it.each(Object.keys(about.runs))('%s: diffusers’ own latents after every step to 1e-3', async name => {
  const steps = await away(name)
  expect(steps.length).toBeGreaterThan(4)
  expect(Math.max(...steps)).toBeLessThan(1e-3)
})

it('without the picture for repainting, as with a ControlNet of six kinds, another picture comes out', async () => {
  const six = await away('repaint_with_maps', { controlnet: null })
  expect(Math.max(...six)).toBeGreaterThan(0.01)
})
