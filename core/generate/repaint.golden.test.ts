/** Repainting a part against diffusers' inpainting by latent blend: fixtures/sdxl/repaint/make.py. */
import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, describe, expect, it } from 'vitest'
import type { RequestInput } from '../contract/request.ts'
import { ModelRegistry } from '../machine/registry.ts'
import { InferenceClient } from '../processes/painting/client.ts'
import { builtInStyle } from '../prompt/styles.ts'
import { ownFixtures } from '../testing/fixtures.ts'
import { toFloat32 } from '../weights/numbers.ts'
import { readTensor } from '../weights/safetensors.ts'
import { AIImageGenerator } from './ai-image-generator.ts'

const golden = join(ownFixtures, 'sdxl/repaint')
const model = join(ownFixtures, 'sdxl/pipeline')
const about = JSON.parse(readFileSync(join(golden, 'inputs.json'), 'utf8'))
const client = new InferenceClient({
  settings: { load: { provider: 'cpu', threads: 1 }, retention: { budgetBytes: 1e9 } },
})
afterAll(() => client.stop())
const generator = new AIImageGenerator({
  inference: client,
  registry: new ModelRegistry(join(tmpdir(), 'zihua-no-models')),
  style: async id => builtInStyle(id)!,
  buildPrompts: async ({ prompt, negativePrompt }) => ({ prompt: prompt!, negativePrompt }),
  maps: { draw: () => Promise.reject(new Error('these runs bring their own control pictures')) },
})

const CONTROLS = [
  { type: 'depth', weight: 0.9 },
  { type: 'scribble', weight: 0.6 },
  { type: 'canny', weight: 0.4 },
  { type: 'segment', weight: 0.75 },
] as const

const requestOf = (name: string): RequestInput => ({
  ...{ model, prompt: about.prompt, negativePrompt: about.negative_prompt, guidanceScale: about.guidance_scale },
  ...{ width: 128, height: 128, sampler: 'euler', initImage: join(model, 'init_image.png') },
  steps: about.runs[name].num_inference_steps,
  strength: about.runs[name].strength,
  noise: `${join(golden, 'tensors.safetensors')}#${name}.noise`,
  repaint: {
    ...{ strokes: [], radical: false, blocks: [], ground: false },
    mask: join(golden, 'mask.png'),
    grow: 0,
    feather: 0,
  },
  controlImages:
    name === 'four_controls'
      ? CONTROLS.map(({ type, weight }) => {
          return { type, weight, start: 0, end: 1, image: join(model, 'controls', `${type}.png`) }
        })
      : null,
})

const most = (a: ArrayLike<number>, b: ArrayLike<number>) => {
  let away = 0
  for (let i = 0; i < a.length; i++) away = Math.max(away, Math.abs(a[i] - b[i]))
  return away
}

describe.each(['plain_strength_1', 'four_controls'])('%s', name => {
  it('is diffusers’ own latents after every step to 1e-3, and the old picture to the last bit outside the mask', async () => {
    const [made] = await generator.generateFrom(requestOf(name), { base: golden, trace: true })
    const steps = Math.trunc(about.runs[name].num_inference_steps * about.runs[name].strength)
    for (let i = 0; i < steps; i++) {
      const { dtype, data } = await readTensor(join(golden, 'tensors.safetensors'), `${name}.latents_after_step.${i}`)
      const ours = made.trace![`latents_after_step.${i}`].data
      expect([i, most(ours, toFloat32(dtype, data))]).toEqual([i, expect.toSatisfy((away: number) => away < 1e-3)])
    }
    const raw = (file: string) => sharp(file).removeAlpha().toColourspace('srgb').raw().toBuffer()
    const [before, mask] = [await raw(join(model, 'init_image.png')), await raw(join(golden, 'mask.png'))]
    let [changed, kept] = [0, 0]
    for (let i = 0; i < before.length; i++) {
      if (mask[i] === 0 && made.image.data[i] !== before[i]) kept++
      if (mask[i] > 0 && made.image.data[i] !== before[i]) changed++
    }
    expect(kept).toBe(0)
    expect(changed).toBeGreaterThan(3000)
  })
})

it.each<[string, RequestInput, string]>([
  ['without a picture', { initImage: null }, 'repaintNeedsPicture'],
  [
    'where nothing is named',
    {
      repaint: {
        ...{ strokes: [], radical: false, blocks: [], ground: false, mask: null },
        ...{ grow: 0, feather: 0 },
      },
    },
    'repaintNothing',
  ],
])('is refused %s', async (_, part, key) => {
  const request = { ...requestOf('plain_strength_1'), ...part }
  await expect(generator.generateFrom(request, { base: golden })).rejects.toMatchObject({ key })
})
