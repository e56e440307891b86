/** Writes a model of random 16-bit weights as a Hugging Face folder, for measurements that must read weights from files. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buildClip } from '../core/graph/clip.ts'
import { buildControlNetUnion } from '../core/graph/controlnet-union.ts'
import { OP_PROFILES } from '../core/graph/op-profiles.ts'
import { type RandomModelSize, randomModel } from '../core/graph/random-model.ts'
import { buildUNet } from '../core/graph/unet.ts'
import { buildVae } from '../core/graph/vae.ts'
import type { Component } from '../core/weights/types.ts'
import { type NamedTensor, writeSafetensors } from '../core/weights/write.ts'

const SIZE = { batch: 1, height: 8, width: 8, tokens: 77 }
const OPS = OP_PROFILES.cpu

/** @returns the folder; its ControlNet lies inside, as the draft model's does */
export async function writeRandomModel(folder: string, size: RandomModelSize): Promise<string> {
  const model = randomModel(size)
  const layers = [size.textLayers - 1]
  const parts: [name: string, component: Component, build: (component: Component) => unknown][] = [
    ['text_encoder', model.textEncoder, each => buildClip('text_encoder', each, OPS, 1, layers)],
    ['text_encoder_2', model.textEncoder2, each => buildClip('text_encoder_2', each, OPS, 1, layers)],
    ['unet', model.unet, each => buildUNet(each, OPS, SIZE, false)],
    ['vae', model.vae, each => buildVae(each, OPS, SIZE)],
    ['controlnet', model.controlnet!, each => buildControlNetUnion(each, OPS, SIZE)],
  ]
  for (const [name, component, build] of parts) {
    await mkdir(join(folder, name), { recursive: true })
    await writeFile(join(folder, name, 'config.json'), JSON.stringify(component.config))
    const file = name.startsWith('text') ? 'model.safetensors' : 'diffusion_pytorch_model.safetensors'
    await writeSafetensors(join(folder, name, file), tensorsOf(component, build))
  }
  const index = { _class_name: 'StableDiffusionXLPipeline', force_zeros_for_empty_prompt: true }
  await writeFile(join(folder, 'model_index.json'), JSON.stringify(index))
  return folder
}

/** Every tensor that the graph takes, once, in 16 bits. */
function tensorsOf(component: Component, build: (component: Component) => unknown): NamedTensor[] {
  const tensors = new Map<string, NamedTensor>()
  const weights = component.weights()
  build({
    ...component,
    weights: () => ({
      ...weights,
      take(name, shape) {
        const tensor = weights.take(name, shape)
        const floats = new Float32Array((tensor.data as Uint8Array).buffer)
        const data = new Uint8Array(new Float16Array(floats).buffer)
        tensors.set(name, { name, dtype: 'F16', shape: [...shape], data })
        return tensor
      },
    }),
  })
  return [...tensors.values()]
}
